"""Discord on loopback: `DiscordWorld` speaks REST v10 and the gateway to the unmodified product and to discord.py.

    world = DiscordWorld(StoryTime(), Faults())
    app = world.install_app()                       # app.token, app.intents; permissions as in the invitation
    li = world.create_person("Li", locale="zh-CN")
    tickets = world.create_forum("tickets", tags=("open", "solved"))
    await world.start()                             # world.api_url, world.gateway_url
    post = await li.opens_post(tickets, "Parcel", "Where is it?")
    await li.posts(post, "Anybody?")
    card = await post.expects("Ticket")
    await li.clicks(card, "Take")
    await world.stop()

Everything is limited, refused and forgotten as Discord does it: rate limits once `world.limits.real()` was called,
nonces for five minutes (`world.nonces.window`), rights by the roles of people and bots. `world.requests` and
`world.happenings` remember what was asked and what could be heard, `world.server.pings` whom an app ever notified.

`await world.settled()` returns once every connected app has read what it was sent; `world.state()` is for a page.
Bad days: `kick` and `invite`, `hide`, `lock`, `delete`, `reset_token`, and `create_crowd` for a large server.

Names for planned faults: the routes of `rest/` (`messages.create`, `threads.open_on`, `reactions.put`, …),
`webhooks.…`, `interactions.callback`, `followups.…`, `commands.…`, `attachments.get`, `gateway.handshake`.
"""

from chatops.sandbox.discord.world import DiscordWorld

__all__ = ["DiscordWorld"]
