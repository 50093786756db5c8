"""The Slack app asks for what the product uses: nothing is missing, nothing is asked for in vain."""

import json
import re
from pathlib import Path
from typing import Any

import yaml
from jsonschema import validators

from chatops.catalog import CATALOG
from handlers.slack.shortcuts import OFFERED
from tests.house.tree import ROOT, modules, strings

PUBLISHED = ROOT.parent / "shared" / "specs" / "slack-manifest-2.0.0.json"
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
SCOPES: set[str] = set(MANIFEST["oauth_config"]["scopes"]["bot"])
EVENTS: set[str] = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])

# Slack's reference: which scope an event (a method) needs. Events of the installation itself need none.
SCOPE_OF_EVENT: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set(),
    "channel_archive": {"channels:read"},
    "channel_deleted": {"channels:read"},
    "channel_left": {"channels:read"},
    "channel_rename": {"channels:read"},
    "channel_unarchive": {"channels:read"},
    "group_archive": {"groups:read"},
    "group_deleted": {"groups:read"},
    "group_left": {"groups:read"},
    "group_rename": {"groups:read"},
    "group_unarchive": {"groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
    "team_join": {"users:read"},
    "tokens_revoked": set(),
    "user_change": {"users:read"},
}
SCOPE_OF_METHOD: dict[str, set[str]] = {
    "auth.test": set(),
    "apps.connections.open": set(),
    "chat.delete": {"chat:write"},
    "chat.getPermalink": set(),
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.join": {"channels:join"},
    "conversations.list": {"channels:read", "groups:read"},
    "conversations.members": {"channels:read", "groups:read"},
    "conversations.open": {"im:write"},
    "conversations.replies": {"channels:history", "groups:history"},
    "dnd.teamInfo": {"dnd:read"},
    "emoji.list": {"emoji:read"},
    "files.completeUploadExternal": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "files.info": {"files:read"},
    "reactions.add": {"reactions:write"},
    "reactions.remove": {"reactions:write"},
    "team.info": {"team:read"},
    "usergroups.users.update": {"usergroups:write"},
    "users.conversations": {"channels:read", "groups:read"},
    "users.info": {"users:read"},
    "users.list": {"users:read"},
    "users.lookupByEmail": {"users:read.email"},
    "views.open": set(),
    "views.publish": set(),
    "views.update": set(),
}
COMMANDS: list[dict[str, Any]] = MANIFEST["features"]["slash_commands"]
SHORTCUTS: list[dict[str, Any]] = MANIFEST["features"].get("shortcuts", [])
SCOPE_OF_COMMANDS = {"commands"}
SCOPE_OF_DOWNLOAD = {"files:read"}  # a file's private address needs it; there is no method to find in the code


def slack_edges() -> list[Path]:
    """Return the files that talk with Slack."""
    return [*modules("handlers/slack"), *modules("chatops/platforms/slack")]


def methods_called() -> set[str]:
    """Return Slack's methods that the product calls, as the SDK spells them or as Slack does."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in slack_edges())
    return {method for method in SCOPE_OF_METHOD if re.search(rf"\b{method.replace('.', '[._]')}\b", code)}


def events_heard() -> set[str]:
    """Return the events that the product knows by name."""
    heard = {text for path in modules("handlers/slack") for text in strings(path)}
    names = {event for event in SCOPE_OF_EVENT if event in heard}
    return names | ({"message.channels", "message.groups"} if "message" in heard else set())


def test_slack_accepts_the_manifest() -> None:
    shown = MANIFEST["display_information"]
    assert 1 <= len(shown["name"]) <= 35
    assert 1 <= len(shown["description"]) <= 140
    assert 1 <= len(MANIFEST["features"]["bot_user"]["display_name"]) <= 80
    assert len(EVENTS) == len(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) <= 100
    assert len(SCOPES) == len(MANIFEST["oauth_config"]["scopes"]["bot"]) <= 255
    assert set(MANIFEST) == {"_metadata", "display_information", "features", "oauth_config", "settings"}
    assert "request_url" not in MANIFEST["settings"]["event_subscriptions"], "Socket Mode needs no address"


def test_the_app_works_without_a_public_address() -> None:
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert MANIFEST["settings"]["token_rotation_enabled"] is False


def test_every_way_of_the_catalogue_reaches_us() -> None:
    if any(entry.button for entry in CATALOG):
        assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True
    if any(entry.reactions for entry in CATALOG):
        assert "reaction_added" in EVENTS
    if any(entry.words for entry in CATALOG):
        assert {"message.channels", "message.groups"} <= EVENTS


def test_slack_offers_the_commands_that_work_outside_of_threads_and_no_others() -> None:
    offered = {f"/{entry.command.partition(' ')[0]}" for entry in CATALOG if entry.anywhere}
    assert {command["command"] for command in COMMANDS} == offered
    for command in COMMANDS:
        assert 1 <= len(command["description"]) <= 2_000
        assert len(command["command"]) <= 32
        assert command["should_escape"] is False, "what is typed comes as it was typed"


def test_slack_offers_in_the_menu_of_a_message_what_is_heard_there() -> None:
    assert {shortcut["callback_id"] for shortcut in SHORTCUTS} == set(OFFERED)
    assert all(shortcut["type"] == "message" and len(shortcut["name"]) <= 24 for shortcut in SHORTCUTS)


def test_the_app_hears_what_the_product_understands_and_nothing_else() -> None:
    assert events_heard() == EVENTS


def test_the_app_may_do_what_the_product_does_and_nothing_else() -> None:
    for_events = set().union(*(SCOPE_OF_EVENT[event] for event in EVENTS))
    for_methods = set().union(*(SCOPE_OF_METHOD[method] for method in methods_called()))
    assert for_events | for_methods | SCOPE_OF_COMMANDS | SCOPE_OF_DOWNLOAD == SCOPES


def test_slack_would_take_the_manifest() -> None:
    """Checked against Slack's own schema where a copy stands beside the project; the rules that bite, always."""
    assert {"display_information", "features", "oauth_config", "settings"} <= MANIFEST.keys()
    assert len(MANIFEST["display_information"]["name"]) <= 35
    assert len(MANIFEST["display_information"]["description"]) <= 140
    if PUBLISHED.exists():
        schema = json.loads(PUBLISHED.read_text(encoding="utf-8"))
        assert [error.message for error in validators.validator_for(schema)(schema).iter_errors(MANIFEST)] == []
