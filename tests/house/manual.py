"""The page that says of each verb how it is done, made from the catalogue: `python -m tests.house.manual` writes it."""

from collections.abc import Iterator

import emoji

from chatops.cards.commands import EXPLANATIONS, MENUS
from chatops.cards.verbs import explanation, label
from chatops.catalog import CATALOG, About, Argument, Entry, Standing, Verb
from chatops.i18n import language
from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "reference" / "verbs.md"
HEAD = """# Every verb, and each way to say it

What you can do, the same in Slack and in Discord. `!help` in a thread, or `/desk help`, says the same in your language;
`!help claim` says more about one. [Working with tickets](../how-to/verbs.md) tells how they go together.

"In the thread" means the thread of a ticket. What a button is for stands beside the button, so those that only exist as
buttons come last.
"""
WHO = {
    Standing.OBSERVER: "everybody in the workspace or server",
    Standing.AGENT: "agents, leads and owners",
    Standing.LEAD: "leads and owners",
    Standing.OWNER: "owners",
}


def page() -> str:
    """Return the whole page."""
    with language("en"):
        said = [entry for entry in CATALOG if _can_be_said(entry)]
        pressed = [entry for entry in CATALOG if not _can_be_said(entry)]
        return "\n".join([HEAD, *map(_section, said), "## Only as buttons\n", *map(_row, pressed), ""])


def _can_be_said(entry: Entry) -> bool:
    return bool(entry.words or entry.command or entry.reactions)


def _section(entry: Entry) -> str:
    rows = [f"| {way} | {how} |" for way, how in _ways(entry)]
    return "\n".join(
        [f"## {label(entry.verb)}\n", f"{explanation(entry.verb)}\n", "| way | how |", "|---|---|", *rows, ""]
    )


def _row(entry: Entry) -> str:
    return f"- **{label(entry.verb)}**: {explanation(entry.verb)} {_who(entry)}"


def _who(entry: Entry) -> str:
    return f"({WHO[entry.who]})"


def _ways(entry: Entry) -> Iterator[tuple[str, str]]:
    given = f" {_named(entry.argument)}" if entry.argument else ""
    if entry.verb is Verb.REPLY:
        yield "in the thread", "just write"
    for word in filter(None, entry.words):
        yield "in the thread", f"`{word}{given}`"
    if entry.command:
        yield "in Discord", f"`/{entry.command}{given}`"
    if entry.command and entry.anywhere:
        yield "in any channel of Slack", f"`/{entry.command}{given}`"
    if entry.button:
        yield "button", f"**{label(entry.verb)}**"
    if entry.more:
        yield "on the ticket's card", f"**{label(Verb.MORE)}** → **{label(entry.verb)}**"
    for name in entry.reactions:
        where = "the message" if entry.about is About.MESSAGE else "the card or a mirrored message"
        yield "reaction", f"{emoji.emojize(f':{name}:', language='alias')} on {where}"
    if entry.menu:
        yield "in the menu of a message", f"**{MENUS[entry.verb]()}**"
    if entry.argument:
        yield f"`{entry.argument.name}`", EXPLANATIONS[f"{entry.command} {entry.argument.name}"]()
    yield "who may", WHO[entry.who]


def _named(argument: Argument) -> str:
    return f"[{argument.name}]" if argument.optional else argument.name


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
