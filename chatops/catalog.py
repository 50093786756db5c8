"""Everything a person can do, in one list.

Read by the handlers (who listen for each way), by the painters' buttons, by the check of `manifest.yml`, and by the
tests that hold the chat platforms, the languages and the documentation to it.
"""

from collections.abc import Iterator

from chatops.entries import About, Argument, Entry, Standing, Takes, Verb
from chatops.opening import opening

__all__ = [
    "CATALOG",
    "NEW",
    "SELF",
    "TEXT",
    "About",
    "Argument",
    "Entry",
    "Standing",
    "Takes",
    "Verb",
    "by_binding",
    "by_command",
    "by_reaction",
    "by_words",
    "entry",
]

TEXT = Argument("text", 2_000)  # what a buyer may be sent at once
DRAFT = Argument("text", 2_000, optional=True)
ZONE = Argument("zone", 60, Takes.ZONE)
LANGUAGES = Argument("languages", 100)
HOURS = Argument("hours", 20)
NEW = "+"  # the ref of a press that is about a macro nobody has written yet; no macro's id has such a sign
SELF = "me"  # the ref of a press that is about whoever presses
WHO = Argument("who", 100, Takes.AGENT)
LEVEL = Argument("level", 40, Takes.LEVEL)
PRIORITY = Argument("priority", 40, Takes.PRIORITY)
LANGUAGE = Argument("language", 40, Takes.LANGUAGE)
TAGS = Argument("tags", 200, Takes.TAG)
TIER = Argument("tier", 40, Takes.TIER)
WHEN = Argument("when", 100, Takes.MOMENT)
WHY = Argument("why", 500, optional=True)
TICKET = Argument("ticket", 20, Takes.TICKET, optional=True)
OFF = Argument("off", 20, optional=True)
WHICH = Argument("which", 40, optional=True)
WORDS = Argument("words", 100)
DETAILS = Argument("details", 20, optional=True)
ABOUT = Argument("about", 60, optional=True)
SHIFT = Argument("shift", 100, optional=True)
SPAN = Argument("span", 150)
OUTAGE = Argument("words", 300)
DAYS = Argument("days", 100)
MACRO = Argument("macro", 100, Takes.MACRO, optional=True)
PERIOD = Argument("about", 200, optional=True)


def _setting(verb: Verb, argument: Argument) -> Entry:
    """Return the entry of what people tell about themselves, wherever they are."""
    return Entry(
        verb,
        About.AGENT,
        who=Standing.OBSERVER,
        button=True,
        words=(f"!{verb}",),
        command=f"desk {verb}",
        argument=argument,
        anywhere=True,
    )


def _for_leads(verb: Verb, argument: Argument | None = None) -> Entry:
    """Return the entry of what leads look at wherever they are, to decide it for the whole desk."""
    return Entry(
        verb,
        About.TICKET,
        who=Standing.LEAD,
        words=(f"!{verb}",),
        command=f"desk {verb}",
        argument=argument,
        asks=True,
        anywhere=True,
    )


def _of_shops(verb: Verb, argument: Argument) -> Entry:
    """Return the entry of what leads say about shops, wherever they are."""
    return Entry(
        verb,
        About.AGENT,
        who=Standing.LEAD,
        words=(f"!{verb}",),
        command=f"desk {verb}",
        argument=argument,
        anywhere=True,
    )


def _pressed_by_leads(about: About, *verbs: Verb) -> Iterator[Entry]:
    """Yield the entries of what leads do there by buttons."""
    return (Entry(verb, about, who=Standing.LEAD, button=True) for verb in verbs)


def _on_call(verb: Verb, argument: Argument) -> Entry:
    """Return the entry of what people say about being on call, wherever they are."""
    words, command, asks = (f"!oncall {verb}",), f"oncall {verb}", verb not in (Verb.PICTURE, Verb.FEED)
    return Entry(verb, About.AGENT, button=asks, words=words, command=command, argument=argument, anywhere=True)


CATALOG: tuple[Entry, ...] = (
    Entry(Verb.REPLY, About.TICKET, words=("",), command="reply", argument=TEXT, menu=True),
    Entry(Verb.NOTE, About.TICKET, words=("//", "note:"), command="note", argument=TEXT),
    Entry(Verb.CLAIM, About.TICKET, button=True, words=("!claim",), reactions=("eyes",), command="claim"),
    Entry(
        Verb.RESOLVE,
        About.TICKET,
        button=True,
        words=("!resolve",),
        reactions=("white_check_mark",),
        command="resolve",
    ),
    Entry(
        Verb.REOPEN,
        About.TICKET,
        button=True,
        words=("!reopen",),
        reactions=("arrows_counterclockwise",),
        command="reopen",
    ),
    Entry(Verb.ASSIGN, About.TICKET, words=("!assign",), command="assign", argument=WHO, more=True),
    Entry(Verb.UNASSIGN, About.TICKET, words=("!unassign",), command="unassign", more=True),
    Entry(Verb.LEVEL, About.TICKET, words=("!level",), command="level", argument=LEVEL, more=True),
    Entry(Verb.PRIORITY, About.TICKET, words=("!priority",), command="priority", argument=PRIORITY, more=True),
    Entry(Verb.LANGUAGE, About.TICKET, words=("!language",), command="language", argument=LANGUAGE, more=True),
    Entry(Verb.TAG, About.TICKET, words=("!tag",), command="tag", argument=TAGS, more=True),
    Entry(Verb.TIER, About.TICKET, words=("!tier",), command="tier", argument=TIER, more=True),
    Entry(
        Verb.SNOOZE,
        About.TICKET,
        words=("!snooze",),
        reactions=("alarm_clock",),
        command="snooze",
        argument=WHEN,
        more=True,
    ),
    Entry(Verb.NO_REPLY, About.TICKET, words=("!no-reply",), command="no-reply", more=True),
    Entry(
        Verb.ESCALATE,
        About.TICKET,
        words=("!escalate",),
        reactions=("rotating_light",),
        command="escalate",
        argument=WHY,
        more=True,
    ),
    Entry(Verb.PAGE, About.TICKET, who=Standing.LEAD, words=("!page",), command="page", argument=WHY, more=True),
    Entry(Verb.TAKE, About.TICKET, button=True),
    Entry(Verb.ANSWER, About.TICKET, button=True),
    Entry(Verb.LATER, About.TICKET, button=True),
    Entry(Verb.HAND_ON, About.TICKET, button=True, words=("!pass",), command="pass", argument=WHO),
    Entry(Verb.MERGE, About.TICKET, words=("!merge",), command="merge", argument=TICKET, more=True),
    Entry(Verb.BLOCK, About.TICKET, who=Standing.LEAD, words=("!block",), command="block", argument=OFF, more=True),
    Entry(
        Verb.QUEUE,
        About.TICKET,
        who=Standing.OBSERVER,
        words=("!queue",),
        command="queue",
        argument=WHICH,
        asks=True,
        anywhere=True,
    ),
    Entry(
        Verb.FIND,
        About.TICKET,
        words=("!find",),
        command="find",
        argument=WORDS,
        asks=True,
        anywhere=True,
    ),
    Entry(Verb.TRANSLATE, About.TICKET, words=("!translate",), command="translate", argument=DRAFT, more=True),
    Entry(
        Verb.SLA,
        About.TICKET,
        who=Standing.OBSERVER,
        words=("!sla",),
        command="sla",
        argument=DETAILS,
        more=True,
        asks=True,
        anywhere=True,
    ),
    Entry(Verb.WHO, About.TICKET, words=("!who",), command="who", asks=True, more=True),
    Entry(
        Verb.MACRO,
        About.TICKET,
        button=True,
        words=("!macro",),
        command="macro",
        argument=MACRO,
        menu=True,
        asks=True,
        anywhere=True,
    ),
    Entry(Verb.MACRO_SEND, About.TICKET, button=True),
    Entry(Verb.MACRO_EDIT, About.TICKET, button=True),
    Entry(Verb.MACRO_WRITE, About.MACRO, who=Standing.LEAD, button=True),
    Entry(
        Verb.MACROS,
        About.TICKET,
        who=Standing.OBSERVER,
        words=("!macros",),
        command="desk macros",
        argument=MACRO,
        asks=True,
        anywhere=True,
    ),
    Entry(
        Verb.TRY,
        About.TICKET,
        words=("!try",),
        command="desk try",
        argument=TEXT,
        more=True,
        asks=True,
        anywhere=True,
    ),
    _for_leads(Verb.RULES, WHICH),
    *_pressed_by_leads(About.RULE, Verb.RULE_WRITE, Verb.RULE_SAVE, Verb.RULES_BACK),
    _for_leads(Verb.PROMISES),
    *_pressed_by_leads(About.PROMISE, Verb.PROMISES_TAKE, Verb.PROMISES_APPLY, Verb.PROMISES_BACK, Verb.PROMISE_WRITE),
    _for_leads(Verb.CALENDARS, WHICH),
    *_pressed_by_leads(About.PROMISE, Verb.CALENDAR_WRITE),
    Entry(
        Verb.SHOPS,
        About.TICKET,
        who=Standing.OBSERVER,
        words=("!shops",),
        command="desk shops",
        asks=True,
        anywhere=True,
    ),
    _of_shops(Verb.OUTAGE, OUTAGE),
    _of_shops(Verb.HOLIDAY, DAYS),
    _for_leads(Verb.ROTATIONS),
    *_pressed_by_leads(About.ROTA, Verb.ROTA_WRITE, Verb.ROTA_SAVE, Verb.ROTATIONS_BACK),
    Entry(Verb.DIGEST, About.AGENT, words=("!digest",), command="digest", argument=PERIOD, anywhere=True),
    Entry(
        Verb.STATS,
        About.SECTION,
        button=True,
        words=("!stats",),
        command="stats",
        argument=PERIOD,
        asks=True,
        anywhere=True,
    ),
    Entry(Verb.DIGEST_CSV, About.DIGEST, button=True),
    Entry(Verb.DIGEST_JSON, About.DIGEST, button=True),
    _for_leads(Verb.DIGESTS),
    *_pressed_by_leads(About.DIGEST, Verb.DIGEST_WRITE, Verb.DIGEST_TRY, Verb.DIGEST_SAVE, Verb.DIGEST_AGAIN),
    *_pressed_by_leads(About.DIGEST, Verb.DIGESTS_TAKE, Verb.DIGESTS_BACK, Verb.REPORT_LINK, Verb.REPORT_UNLINK),
    Entry(Verb.AGAIN, About.DRAFT, who=Standing.OBSERVER, button=True),
    Entry(Verb.UNDO, About.MESSAGE, button=True, menu=True),
    Entry(Verb.RETRY, About.MESSAGE, button=True),
    Entry(Verb.DROP, About.MESSAGE, button=True),
    Entry(Verb.COPY, About.MESSAGE, who=Standing.OBSERVER, button=True, menu=True),
    Entry(Verb.SPLIT, About.MESSAGE, button=True),
    Entry(Verb.SEND_ANYWAY, About.MESSAGE, button=True),
    Entry(Verb.APPROVE, About.MESSAGE, who=Standing.LEAD, button=True),
    Entry(Verb.REWORD, About.MESSAGE, button=True),
    Entry(Verb.INTERNAL, About.MESSAGE, reactions=("lock",)),
    Entry(Verb.PIN, About.MESSAGE, reactions=("pushpin",)),
    Entry(Verb.SEND_NOTE, About.MESSAGE, button=True, menu=True),
    Entry(Verb.MORE, About.TICKET, who=Standing.OBSERVER, button=True),
    Entry(
        Verb.HOME,
        About.AGENT,
        who=Standing.OBSERVER,
        words=("!home",),
        command="desk home",
        asks=True,
        anywhere=True,
    ),
    _setting(Verb.ZONE, ZONE),
    _setting(Verb.LANGUAGES, LANGUAGES),
    _setting(Verb.QUIET, HOURS),
    _on_call(Verb.SWAP, SHIFT),
    _on_call(Verb.OVERRIDE, SPAN),
    _on_call(Verb.ABSENT, SPAN),
    _on_call(Verb.PICTURE, ABOUT),
    _on_call(Verb.FEED, ABOUT),
    Entry(
        Verb.ONCALL,
        About.AGENT,
        who=Standing.OBSERVER,
        words=("!oncall",),
        command="oncall show",
        argument=ABOUT,
        asks=True,
        anywhere=True,
    ),
    Entry(Verb.SHIFT_TAKE, About.SHIFT, button=True),
    Entry(Verb.SHIFT_DECLINE, About.SHIFT, button=True),
    Entry(Verb.SHIFT_BACK, About.SHIFT, button=True),
    Entry(
        Verb.HELP,
        About.TICKET,
        who=Standing.OBSERVER,
        words=("!help",),
        command="desk help",
        argument=Argument("verb", 40, optional=True),
        more=True,
        asks=True,
        anywhere=True,
    ),
)


def entry(verb: Verb) -> Entry:
    """Return a verb's entry."""
    return next(found for found in CATALOG if found.verb is verb)


def by_reaction(name: str) -> Entry | None:
    """Return what a reaction means, if it means anything (skin tones do not matter)."""
    plain = name.split("::", 1)[0]
    return next((found for found in CATALOG if plain in found.reactions), None)


def by_binding(does: str) -> tuple[Entry | None, str]:
    """Return what a workspace's own reaction does, written like an order without its `!`; and the words it gives."""
    found, words = by_words(f"!{does.strip()}")
    return (None, "") if found.verb is Verb.REPLY else (found, words)


def by_command(name: str) -> Entry | None:
    """Return what a slash command means, by its name (`desk help` with its sub-command)."""
    return next((found for found in CATALOG if found.command and found.command == name), None)


def by_words(text: str) -> tuple[Entry, str]:
    """Return what a text typed into a thread means, and the text without the prefix that said so.

    What somebody meant for the team must not reach a buyer by a keyboard's whim: full-width signs, invisible
    characters, and a bullet, number or quote mark in front change nothing.
    """
    for found in CATALOG:
        for word in found.words:
            if word and (said := opening(word).match(text)):
                return found, text[said.end() :].strip()
    return entry(Verb.REPLY), text.strip()
