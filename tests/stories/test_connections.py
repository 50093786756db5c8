"""Shops are connected, their tokens age and die, sellers go and come back, and other shops appear."""

from chatops.sandbox.tiktok.authorizations import Authorization
from chatops.sandbox.world import WORKSPACES
from tests.stories.cast import ACCEPTED, FAILED, WAITING, Story

MINUTES_A_WEEK = 7 * 24 * 60


async def test_an_expired_access_token_is_refreshed_once_however_many_need_it(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    halo = await story.conversation(story.cast.budi, "Halo")
    await story.time_passes(minutes=MINUTES_A_WEEK + 1)
    await story.noor.replies(head, "Seen")
    await story.li.replies(halo, "Halo Budi")
    await story.cast.mia.says("Two")
    await story.undo_window_passes()
    await story.cast.mia.hears("Seen")
    await story.cast.budi.hears("Halo Budi")
    assert story.world.tiktok.token_refreshes == 1


async def test_a_token_that_tiktok_forgot_is_refreshed_once(story: Story) -> None:
    story.world.tiktok.assumptions.refresh_ends_older_access_tokens = True
    head = await story.conversation(story.cast.mia, "One")
    permission(story).access_tokens.clear()
    answer = await story.answers(story.noor, head, "Seen")
    await story.cast.mia.hears("Seen")
    await story.marked(answer, ACCEPTED)
    assert story.world.tiktok.token_refreshes == 1
    assert story.cast.mia.heard == ["Seen"]


def permission(story: Story) -> Authorization:
    """Return what the seller granted, as TikTok keeps it."""
    granted = story.world.tiktok.authorization(story.cast.shop)
    assert granted is not None
    return granted


async def test_when_the_refresh_token_is_dead_the_channel_is_told_and_connecting_again_helps(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    permission(story).access_tokens.clear()
    permission(story).refresh_token = "another"
    answer = await story.answers(story.noor, head, "Seen")
    await story.channel_shows("maomao-gb is disconnected")
    notice = await story.reads(head, "The shop is not connected to TikTok Shop.")
    await story.marked(answer, FAILED)

    await story.noor.replies(head, "Hello?")
    await story.noor.is_told("Not sent: the shop is not connected to TikTok Shop")

    await story.shop_is_connected_again()
    await story.noor.clicks(notice, "Try again")
    await story.cast.mia.hears("Seen")
    await story.marked(answer, ACCEPTED)
    await story.rests()
    assert len([one for one in story.side.heads if "disconnected" in one.text]) == 1
    assert story.cast.mia.heard == ["Seen"]


async def test_a_seller_takes_the_permission_away_and_gives_it_back(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    waiting = await story.noor.replies(head, "On its way")
    await story.marked(waiting, WAITING)
    story.world.tiktok.revoke(story.cast.shop)
    await story.channel_shows("maomao-gb is disconnected")
    await story.undo_window_passes()
    notice = await story.reads(head, "The shop is not connected to TikTok Shop.")
    await story.noor.replies(head, "Hello?")
    await story.noor.is_told("Not sent: the shop is not connected to TikTok Shop")

    await story.shop_is_connected_again()
    await story.noor.clicks(notice, "Try again")
    await story.cast.mia.hears("On its way")
    await story.cast.mia.says("Thanks")
    await story.reads(head, "Thanks")
    assert story.cast.mia.heard == ["On its way"]


async def test_what_a_buyer_wrote_while_the_shop_was_disconnected_is_read_afterwards(story: Story) -> None:
    head = await story.conversation(story.cast.mia, "One")
    story.world.tiktok.revoke(story.cast.shop)
    await story.channel_shows("maomao-gb is disconnected")
    story.world.tiktok.webhook_policy.enabled = False
    await story.cast.mia.says("Two")
    await story.comparison_is_due()
    story.world.tiktok.webhook_policy.enabled = True
    await story.shop_is_connected_again()
    await story.comparison_is_due()
    await story.reads(head, "Two")


async def test_the_channel_is_warned_before_the_permission_ends(story: Story) -> None:
    ends_at = story.world.time.now().timestamp() + 10 * 86_400
    data = {"message": "is expiring in 10 days", "expiration_time": str(int(ends_at))}
    story.world.tiktok.notify(story.cast.shop, 7, data)
    warning = await story.channel_shows("The connection of maomao-gb ends soon")
    assert "chatops shop connect" in warning.text


async def test_an_unknown_shop_is_kept_and_taken_in_once_the_desk_names_it(story: Story) -> None:
    stranger = story.world.tiktok.create_shop(story.cast.shop_app, name="New shop", region="ID")
    dewi = story.world.tiktok.create_buyer(stranger, "Dewi")
    await dewi.says("Apakah masih ada?")
    await story.rests()
    assert story.side.heads == []
    [kept] = (await story.operator("inbox"))["rows"]
    assert (kept["scope"], kept["why"]) == (stranger.id, "unknown shop")
    assert "Apakah" not in str(kept)

    more = f"""
[[shops]]
id = "{stranger.id}"
name = "new-id"
timezone = "Asia/Jakarta"
locale = "id"

[[routes]]
shop = "new-id"
kinds = ["chat"]
workspace = "{WORKSPACES[story.side.platform]}"
channel = "{story.side.channel.id}"
"""
    await story.operator("apply", toml=story.desk_toml() + more)
    assert await story.operator("retry_inbox") == {"taken": 1, "left": 0}
    await story.reads_in_a_new_thread("Apakah masih ada?")
    assert (await story.operator("inbox"))["rows"] == []


async def test_a_shop_that_nobody_routed_is_shown_once_a_route_is_declared(story: Story) -> None:
    toml = story.desk_toml()
    without, _, _ = toml.partition("[[routes]]")
    await story.operator("apply", toml=without)
    await story.cast.mia.says("Anybody there?")
    await story.rests()
    assert story.side.heads == []
    await story.operator("apply", toml=toml)
    await story.reads(await story.thread_of(story.cast.mia), "Anybody there?")
