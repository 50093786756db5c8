"""A team can do the same in Slack and in Discord."""

from chatops.cards.commands import by_menu
from chatops.catalog import CATALOG, Entry, Verb, by_command
from handlers.discord.registration import payload


def in_slack(entry: Entry) -> bool:
    """Commands do not work in Slack's threads: there a verb is a button, a reaction, or said in words."""
    return entry.button or bool(entry.words or entry.reactions)


def registered() -> set[Verb]:
    """Return what Discord offers as a command or in a menu."""
    found = set()
    for offered in payload():
        inner = [f" {option['name']}" for option in offered.get("options", ()) if option["type"] == 1]
        for name in [offered["name"] + one for one in inner or [""]]:
            entry = by_command(name)
            verb = entry.verb if entry else by_menu(name)
            assert verb, f"{name} is offered and means nothing"
            found.add(verb)
    return found


def test_slack_and_discord_offer_the_same_verbs() -> None:
    slack = {entry.verb for entry in CATALOG if in_slack(entry)}
    discord = {entry.verb for entry in CATALOG if entry.button or entry.reactions} | registered()
    assert slack == discord == set(Verb)


def test_where_nothing_typed_is_read_no_verb_is_lost() -> None:
    assert {entry.verb for entry in CATALOG if not (entry.button or entry.reactions)} <= registered()
