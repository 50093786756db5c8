"""In a channel that is shared with another company, its people do not speak for the shop, not even afterwards."""

from tests.handlers.slack.desk import Desk


async def test_who_does_not_say_from_where_is_a_guest_when_catching_up_too(deaf_desk: Desk) -> None:
    desk = deaf_desk
    desk.support.shared = True
    desk.says_from(desk.world.create_person("Guest"), "", "You get your money back")
    desk.says_from(desk.world.create_person("Other guest"), "T0OTHER", "And a present")
    await desk.li.replies(desk.head, "On its way")
    assert await desk.catch_up.run() == 1
    assert await desk.said() == [("waiting", "On its way")]


async def test_in_a_channel_of_our_own_everybody_is_a_colleague(deaf_desk: Desk) -> None:
    desk = deaf_desk
    desk.says_from(desk.world.create_person("Ana"), "", "On its way")
    assert await desk.catch_up.run() == 1
    assert await desk.said() == [("waiting", "On its way")]
