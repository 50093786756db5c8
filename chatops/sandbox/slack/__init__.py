"""Slack on loopback: `SlackWorld` speaks the Web API, Socket Mode and signed HTTP to the unmodified product.

    world = SlackWorld(StoryTime(), Faults())
    await world.start()
    li = world.create_person("Li", tz="Asia/Shanghai", locale="zh-CN")
    app = world.install_app()                       # app.bot_token, app.app_token, app.signing_secret
    support = world.create_channel("support", members=(li, app))
    root = await li.posts(support, "Hello @chatops")
    card = await support.expects("Ticket", thread=root)
    ack = await li.clicks(card, "Take")             # waits for the app's acknowledgement
    await world.settled()                           # before the story's clock is moved
    await world.stop()

Names for planned faults: every Web API method, and `socket.handshake`, `socket.envelope`, `upload`, `download`,
`response_url`.
"""

from chatops.sandbox.slack.world import SlackWorld

__all__ = ["SlackWorld"]
