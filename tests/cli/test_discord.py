"""Setting Discord up: the invitation, and what `chatops check` finds on a healthy and on each broken server."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from chatops.cli.checks.discord import WITHOUT_CONTENT
from chatops.cli.orders import order
from chatops.platforms.discord import invitation
from chatops.sandbox.discord import moderation
from chatops.sandbox.discord.channel import Channel
from chatops.sandbox.discord.permissions import FOR_CHATOPS, MANAGE_ROLES, VIEW_CHANNEL
from chatops.sandbox.faults import Fault, Trouble
from chatops.sandbox.world import World, route_toml
from tests.cli.installation import Installation, check, lines

CONTENT = 1 << 15  # the intent
SECOND_SHOP = """
[[shops]]
id = "7495000000000000002"
name = "tienda"
timezone = "Europe/Madrid"
locale = "es"
"""


@pytest.fixture
async def server(folder: Path, monkeypatch: pytest.MonkeyPatch, sqlite_template: Path) -> AsyncIterator[Installation]:
    """A finished installation whose team is in Discord only."""
    async with World() as world:
        await world.set_the_scene(platforms=("discord",))
        for name, value in {**world.environment(), "CHATOPS_LISTEN": "127.0.0.1:0"}.items():
            monkeypatch.setenv(name, value)
        (folder / "desk.toml").write_text(world.desk_toml(), encoding="utf-8")
        there = Installation(folder, world)
        there.gets_tables(sqlite_template)
        await there.apply()
        await there.connect()
        yield there


def take_away(server: Installation, right: int) -> None:
    """Let the bot's role lose a right."""
    app = server.world.cast.discord.app
    role = server.world.discord.server.roles[app.bot.roles[0]]
    role.permissions &= ~right


# The invitation


async def test_the_invitation_needs_the_token_alone(server: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in server.world.environment():
        if not name.startswith("DISCORD_"):
            monkeypatch.delenv(name)
    printed = lines(await server.chatops("discord", "invite"))
    link = next(line.strip() for line in printed if "https://" in line)
    asked = parse_qs(urlsplit(link).query)
    assert link.startswith("https://discord.com/oauth2/authorize?")
    assert asked["client_id"] == [server.world.cast.discord.app.id]
    assert asked["scope"] == ["bot applications.commands"]
    assert int(asked["permissions"][0]) == FOR_CHATOPS == sum(invitation.rights().values())
    assert any("Manage Threads" in line for line in printed)
    assert not any("switch" in line for line in printed)


async def test_the_invitation_names_what_must_be_switched_on_first(server: Installation) -> None:
    server.world.cast.discord.app.intents &= ~CONTENT
    printed = lines(await server.chatops("discord", "invite", "--buyer-names", "--roles"))
    assert "First switch Message Content Intent on: developer portal → chatops → Bot." in printed
    assert any("Manage Webhooks, Manage Roles" in line for line in printed)


@pytest.mark.parametrize(("token", "problem"), [("", "DISCORD_TOKEN is not set"), ("a.b.c", "Discord does not take")])
async def test_without_a_good_token_there_is_no_invitation(
    server: Installation, monkeypatch: pytest.MonkeyPatch, token: str, problem: str
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", token)
    printed = lines(await server.chatops("discord", "invite"), 1)
    assert printed[0].startswith(problem)
    assert "Reset Token" in printed[1]


# The check


async def test_a_healthy_server_has_nothing_to_complain_about(server: Installation) -> None:
    seen = await server.check()
    assert seen.exit_code == 0
    assert seen.broken == [], seen.text
    for fact in ("every setting that is needed is there; Discord", "bot token is good for chatops"):
        assert fact in seen.text
    for fact in ("may read what is typed", "sessions may still begin", "the bot is in Team", "needs in #support"):
        assert fact in seen.text
    assert server.world.cast.discord.app.token not in seen.text
    assert "Slack" not in seen.text


async def test_a_token_that_is_none_is_named(server: Installation) -> None:
    seen = await check(server.changed(discord_token=SecretStr("not.the.one")))
    assert [fact for fact in seen.broken if "Discord does not take DISCORD_TOKEN (unauthorized)" in fact]
    assert "not.the.one" not in seen.text


async def test_something_else_in_the_tokens_place_is_named(server: Installation) -> None:
    seen = await check(server.changed(discord_token=SecretStr("Bot a.b.c")), offline=True)
    seen.assert_only_broken("DISCORD_TOKEN is no bot token", 'without "Bot "')


async def test_a_missing_intent_is_named_and_the_way_without_it(server: Installation) -> None:
    server.world.cast.discord.app.intents &= ~CONTENT
    (await server.check()).assert_only_broken("Message Content Intent is off", WITHOUT_CONTENT)
    seen = await check(server.changed(discord_message_content=False))
    assert seen.broken == []
    assert any(WITHOUT_CONTENT in fact for fact in seen.facts["·"])


@pytest.mark.parametrize(("left", "mark"), [(40, "!"), (0, "✗")])
async def test_few_sessions_left_are_noticed(server: Installation, left: int, mark: str) -> None:
    server.world.discord.sessions.total = left
    seen = await server.check()
    assert [fact for fact in seen.facts[mark] if f"{left} of {left} sessions may still begin" in fact], seen.text


async def test_a_server_that_did_not_invite_the_bot_is_named(server: Installation) -> None:
    server.world.discord.kick(server.world.cast.discord.app)
    (await server.check()).assert_only_broken("the bot is not in server server", "chatops discord invite")


@pytest.mark.parametrize(("right", "bit"), sorted(invitation.NEEDED_IN_A_FORUM.items()))
async def test_a_missing_right_is_named(server: Installation, right: str, bit: int) -> None:
    take_away(server, bit)
    seen = await server.check()
    expected = "the bot cannot see" if right == "View Channels" else f"missing: {right}"
    assert expected in seen.broken[0], seen.text
    assert "Channel settings → Permissions" in seen.remedies[seen.broken[0]]


@pytest.mark.parametrize(("right", "bit"), sorted(invitation.BESIDE.items()))
async def test_a_right_that_should_be_there_is_noticed(server: Installation, right: str, bit: int) -> None:
    take_away(server, bit)
    (await server.check()).assert_only_doubtful(f"missing: {right}", "Channel settings → Permissions")


async def test_buyers_names_need_a_right_of_their_own(server: Installation) -> None:
    told = (server.folder / "desk.toml").read_text() + "buyer_identity = true\n"
    (server.folder / "desk.toml").write_text(told)
    lines(await server.chatops("apply", "--yes"))
    (await server.check()).assert_only_doubtful("missing: Manage Webhooks", "Channel settings → Permissions")


async def test_a_forum_without_the_tags_of_its_language_is_noticed(server: Installation) -> None:
    told = (server.folder / "desk.toml").read_text() + 'locale = "es"\n'
    (server.folder / "desk.toml").write_text(told)
    lines(await server.chatops("apply", "--yes"))
    (await server.check()).assert_only_doubtful("it lacks tags", "add Abierto, Resuelto")


async def test_a_forum_that_two_languages_share_needs_the_tags_of_both(server: Installation) -> None:
    told = (server.folder / "desk.toml").read_text()
    spanish = SECOND_SHOP + route_toml("tienda", "discord", server.world.cast.discord.support.id) + 'locale = "es"\n'
    (server.folder / "desk.toml").write_text(told + spanish)
    lines(await server.chatops("apply", "--yes"))
    seen = await server.check()
    [lacking] = [fact for fact in seen.doubts if "it lacks tags" in fact]
    assert "add Abierto, Resuelto" in seen.remedies[lacking]


async def test_blanks_in_a_tags_name_do_not_matter(server: Installation) -> None:
    await routed_to(server, server.world.discord.create_forum("wide", ("open ", " RESOLVED")))
    seen = await server.check()
    assert seen.broken == seen.doubts == [], seen.text


async def test_a_channel_that_strangers_can_write_into_is_noticed(server: Installation) -> None:
    world = server.world.discord
    everyone = world.server.roles[world.server.id]
    everyone.permissions |= VIEW_CHANNEL
    (await server.check()).assert_only_doubtful("everybody on the server sees #support", "make it private")
    hidden: dict[str, Any] = {"id": everyone.id, "type": 0, "allow": "0", "deny": str(VIEW_CHANNEL)}
    let_in = hidden | {"id": server.world.cast.discord.app.bot.id, "type": 1, "allow": str(VIEW_CHANNEL), "deny": "0"}
    moderation.overwrite(world.server, server.world.cast.discord.support, [hidden, let_in])
    seen = await server.check()
    assert seen.broken == seen.doubts == [], seen.text


async def test_a_forum_that_wants_a_tag_and_has_none_of_ours_is_named(server: Installation) -> None:
    await routed_to(server, server.world.discord.create_forum("strict", ("Other",), tag_required=True))
    (await server.check()).assert_only_broken("takes no post without a tag", "add Open, Resolved")


async def test_a_channel_of_another_kind_is_named(server: Installation) -> None:
    voice = server.world.discord.create_channel("talk")
    voice.type = 2
    await routed_to(server, voice)
    (await server.check()).assert_only_broken("is neither a forum nor a text channel", "desk.toml")


async def test_a_text_channel_needs_no_tags(server: Installation) -> None:
    await routed_to(server, server.world.cast.discord.general)
    seen = await server.check()
    assert seen.broken == seen.doubts == [], seen.text
    assert "needs in #general" in seen.text


async def test_a_channel_that_is_not_there_is_named(server: Installation) -> None:
    server.world.discord.delete(server.world.cast.discord.support)
    (await server.check()).assert_only_broken("does not exist on its server", "desk.toml")


async def test_discord_out_of_reach_is_told_apart_from_a_wrong_token(server: Installation) -> None:
    seen = await check(server.changed(discord_api_url="http://127.0.0.1:9/api/v10"))
    seen.assert_only_broken("Discord does not answer (unreachable)", "online")


async def test_too_many_questions_are_no_failure(server: Installation) -> None:
    server.world.discord.faults.plan(Fault("users.me", Trouble.RATE_LIMITED, retry_after=30))
    (await server.check()).assert_only_doubtful("Discord asks us to slow down", "again in a minute")


async def test_a_workspace_whose_platform_has_no_token_is_named(desk: Installation) -> None:
    token = SecretStr(desk.world.cast.discord.app.token)
    api = desk.world.discord.api_url
    both = {"discord_token": token, "discord_api_url": api}
    seen = await check(desk.changed(slack_bot_token=SecretStr(""), **both))
    assert [fact for fact in seen.broken if "is on Slack, and SLACK_BOT_TOKEN is not set" in fact], seen.text
    seen = await check(desk.changed(**both))
    assert seen.broken == []
    assert [fact for fact in seen.facts["!"] if "desk.toml names no Discord server" in fact]


# The desk file


@pytest.mark.parametrize(("what", "after"), [("workspace", "T0TEAM"), ("channel", "#support"), ("channel", "12")])
async def test_an_id_that_is_none_of_discords_is_named(server: Installation, what: str, after: str) -> None:
    cast, told = server.world.cast, (server.folder / "desk.toml").read_text()
    before = server.world.discord.server.id if what == "workspace" else cast.discord.support.id
    (server.folder / "desk.toml").write_text(told.replace(f'"{before}"', f'"{after}"'))
    printed = "\n".join(lines(await server.chatops("apply", "--yes"), 1))
    assert f"'{after}' is no discord {what} id" in printed
    assert "Developer Mode" in printed


async def test_what_is_exported_applies_to_no_change(server: Installation) -> None:
    exported = (await server.chatops("export")).stdout
    assert 'platform = "discord"' in exported
    (server.folder / "exported.toml").write_text(exported, encoding="utf-8")
    assert lines(await server.chatops("apply", "exported.toml")) == ["Nothing to change."]


async def routed_to(server: Installation, channel: Channel) -> None:
    """Route the shop to another channel."""
    told = server.world.desk_toml(channels={"discord": channel.id})
    (server.folder / "desk.toml").write_text(told, encoding="utf-8")
    lines(await server.chatops("apply", "--yes"))


async def test_a_role_that_a_rotation_keeps_must_be_one_the_bot_can_give(server: Installation) -> None:
    discord = server.world.discord
    low, high = discord.create_role("on call"), discord.create_role("chief", position=20)
    layer = f'layers = [{{ members = ["{server.world.cast.discord.li.id}"], start = 2026-01-05T09:00:00 }}]'
    desk = server.world.desk_toml()
    for name, role in (("front", low.id), ("night", high.id), ("lost", "123")):
        desk += f'\n[[rotations]]\nname = "{name}"\nworkspace = "server"\ntimezone = "UTC"\ngroup = "{role}"\n{layer}\n'
    await order("apply", {"toml": desk})
    seen = await server.check()
    assert "rotation front: the bot can give the role on call" in seen.text
    assert "rotation night: the bot may not give the role chief" in seen.text
    assert "rotation lost: there is no role 123" in seen.text
    take_away(server, MANAGE_ROLES)
    assert "missing: Manage Roles" in (await server.check()).text
