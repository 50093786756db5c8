"""Every event has the fields Slack documents; where Slack's own type definitions are at hand, they judge too."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.sandbox.slack.conftest import Scene

Json = dict[str, Any]
SPECS = Path(__file__).parents[4] / "shared" / "specs"
PLACE = {"channel", "event_ts", "channel_type"}
SAID = {"type", "user", "text", "ts", "team"} | PLACE
CHANGED = {"type", "subtype", "hidden", "ts", "previous_message"} | PLACE
REACTED = {"type", "user", "item", "reaction", "item_user", "event_ts"}
MEMBER = {"type", "user", "channel", "channel_type", "team", "event_ts"}
SHAPES = {
    "post": SAID | {"client_msg_id", "blocks"},
    "reply": SAID | {"client_msg_id", "blocks", "thread_ts", "parent_user_id"},
    "broadcast": SAID | {"subtype", "thread_ts", "root"},
    "upload": SAID | {"subtype", "files", "upload", "display_as_bot"},
    "edit": CHANGED | {"message"},
    "delete": CHANGED - {"message"} | {"deleted_ts"},
    "bot post": SAID | {"bot_id", "app_id", "bot_profile", "metadata"},
    "disguised post": SAID - {"user"} | {"subtype", "username", "bot_id"},
    "mention": {"type", "user", "text", "ts", "team", "channel", "event_ts"},
    "reaction": REACTED,
    "reaction removed": REACTED,
    "joined": MEMBER | {"inviter"},
    "left": MEMBER,
    "home": {"type", "user", "channel", "tab", "event_ts"},
    "profile": {"type", "user", "cache_ts", "event_ts"},
    "group": {"type", "subteam_id", "team_id", "added_users", "removed_users", "date_update", "event_ts"},
    "revoked": {"type", "tokens"},
}
DEFINITIONS = {
    "post": "GenericMessageEvent",
    "reply": "GenericMessageEvent",
    "broadcast": "ThreadBroadcastMessageEvent",
    "upload": "FileShareMessageEvent",
    "edit": "MessageChangedEvent",
    "delete": "MessageDeletedEvent",
    "bot post": "GenericMessageEvent",
    "disguised post": "BotMessageEvent",
    "mention": "AppMentionEvent",
    "reaction": "ReactionAddedEvent",
    "home": "AppHomeOpenedEvent",
}


def open_ended(schema: Any) -> Any:
    """Return the schema without its ban on further fields: real payloads carry more than the types admit."""
    if isinstance(schema, list):
        return [open_ended(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    banned = ("additionalProperties", False)
    return {key: open_ended(value) for key, value in schema.items() if (key, value) != banned}


def as_typed(event: Json) -> Json:
    """Return the event with what the types demand beyond the wire: inner messages are typed as if they were events."""
    place = {"channel": "C1", "event_ts": "1.000001", "channel_type": "channel"}
    inner = {key: place | event[key] for key in ("message", "previous_message", "root") if key in event}
    files = [{"channels": [], "groups": []} | file for file in event.get("files", [])]
    return event | inner | ({"files": files} if files else {})


async def unreacts(scene: Scene, root: str) -> None:
    """Noor takes a reaction back."""
    await scene.noor.reacts(root, "eyes")
    await scene.noor.unreacts(root, "eyes")


async def joins(scene: Scene, root: str) -> None:
    """A new colleague is brought in."""
    await scene.li.invites(scene.world.create_person("New"), scene.support)
    scene.world.delivery.lost.pop()  # Slack's own line about it


async def leaves(scene: Scene, root: str) -> None:
    """Noor is thrown out."""
    scene.world.kick(scene.noor, scene.support)


async def revokes(scene: Scene, root: str) -> None:
    """The app's token is taken away."""
    scene.world.revoke_token(scene.app)


async def takes_over(scene: Scene, root: str) -> None:
    """Li goes on call."""
    group = scene.world.create_group("tts-oncall")
    await scene.client.usergroups_users_update(usergroup=group.id, users=[scene.li.id])


def says(**more: Any) -> Callable[[Scene, str], Awaitable[object]]:
    """Return the act of the app posting something."""
    return lambda s, _: s.client.chat_postMessage(channel=s.support.id, text="x", **more)


ACTS: dict[str, Callable[[Scene, str], Awaitable[object]]] = {
    "post": lambda s, _: s.noor.posts(s.support, "hello `code`"),
    "reply": lambda s, root: s.noor.replies(root, "reply"),
    "broadcast": lambda s, root: s.noor.posts(s.support, "everyone", root, also_to_channel=True),
    "upload": lambda s, root: s.noor.uploads(s.support, b"x", "a.png", "image/png", root),
    "edit": lambda s, root: s.li.edits(root, "changed"),
    "delete": lambda s, root: s.li.deletes(root),
    "bot post": says(metadata={"event_type": "e", "event_payload": {"a": 1}}),
    "disguised post": says(username="Buyer · Mia"),
    "mention": lambda s, root: s.noor.replies(root, "@chatops help"),
    "reaction": lambda s, root: s.noor.reacts(root, "eyes"),
    "reaction removed": unreacts,
    "joined": joins,
    "left": leaves,
    "home": lambda s, _: s.li.opens_home(s.app),
    "profile": lambda s, _: s.li.changes(tz="Europe/Paris"),
    "group": takes_over,
    "revoked": revokes,
}


async def play(scene: Scene, what: str) -> Json:
    """Let one thing happen and return the outer body of its last event."""
    root = await scene.li.posts(scene.support, "root @Noor https://x.y :tada: *b* #support @here")
    scene.world.delivery.lost.clear()
    await ACTS[what](scene, root)
    return scene.world.delivery.lost[-1]


@pytest.mark.parametrize("what", SHAPES)
async def test_an_event_has_its_documented_fields(scene: Scene, what: str) -> None:
    scene.world.delivery.drop_next(100)  # what is lost is kept, in the form in which it would have been sent
    body = await play(scene, what)
    assert {
        "token",
        "team_id",
        "api_app_id",
        "event",
        "type",
        "event_id",
        "event_time",
        "authorizations",
    } <= body.keys()
    assert body["authorizations"][0]["user_id"] == scene.app.bot_user_id
    assert SHAPES[what] <= body["event"].keys()
    assert not (what == "disguised post" and "user" in body["event"])
    if what in DEFINITIONS and SPECS.is_dir():
        schema = json.loads((SPECS / "slack-events.schema.json").read_text())
        schema["$ref"] = f"#/definitions/{DEFINITIONS[what]}"
        jsonschema.Draft7Validator(open_ended(schema)).validate(as_typed(body["event"]))


BLOCKS: list[Json] = [
    {"type": "header", "text": {"type": "plain_text", "text": "Ticket"}},
    {"type": "section", "text": {"type": "mrkdwn", "text": "*x*"}, "fields": [{"type": "plain_text", "text": "f"}]},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}]},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "text": {"type": "plain_text", "text": "Take"}, "style": "primary", "value": "1"},
            {"type": "users_select", "placeholder": {"type": "plain_text", "text": "Who"}},
            {"type": "overflow", "options": [{"text": {"type": "plain_text", "text": "a"}, "value": "a"}]},
        ],
    },
    {"type": "image", "image_url": "https://x.y/z.png", "alt_text": "z"},
    {"type": "divider"},
]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block["type"])
async def test_a_block_is_stored_with_an_id_and_stays_what_it_was(scene: Scene, block: Json) -> None:
    answer = await scene.client.chat_postMessage(channel=scene.support.id, text="x", blocks=[block])
    stored = answer["message"]["blocks"][0]
    assert stored["type"] == block["type"]
    assert stored["block_id"]
    if SPECS.is_dir():
        schema = json.loads((SPECS / "slack-blocks.schema.json").read_text())
        jsonschema.Draft7Validator(schema).validate(stored)


async def test_the_snapshot_for_the_demo_page_is_plain_json(scene: Scene) -> None:
    root = await scene.li.posts(scene.support, "hello")
    await scene.noor.reacts(root, "eyes")
    await scene.client.chat_postEphemeral(channel=scene.support.id, user=scene.li.id, text="psst")
    state = json.loads(json.dumps(scene.world.state()))
    assert state["channels"][0]["messages"][0]["reactions"] == [{"name": "eyes", "users": [scene.noor.id], "count": 1}]
    assert state["ephemerals"][0]["for"] == scene.li.id
    assert {person["name"] for person in state["people"]} == {"chatops", "li", "noor"}
