"""Why a request was refused, in words: one sentence per `errors.Refusal`."""

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from chatops.cards.clock import would_move
from chatops.cards.commands import EXPLANATIONS
from chatops.cards.forms import in_words
from chatops.cards.promises import minute_closed
from chatops.cards.variables import label
from chatops.catalog import Verb, entry
from chatops.digest import sections
from chatops.digest.scope import Narrow
from chatops.errors import Refusal, Refused
from chatops.i18n import _, moment
from chatops.rules.hours_words import DAY_LIKE, WEEK_LIKE
from chatops.words import one_line

Facts = Mapping[str, str | int]


def _too_long(facts: Facts) -> str:
    length, limit = facts.get("length"), facts.get("limit")
    if not isinstance(length, int) or not isinstance(limit, int):
        return _("Not sent: this answer is longer than TikTok Shop allows. Make it shorter, or send it in parts.")
    return _(
        "Not sent: this answer has {count} characters, TikTok Shop allows {limit}. "
        "Make it shorter, or send it in parts.",
        count=length,
        limit=limit,
    )


def _file_type(facts: Facts) -> str:
    name = one_line(str(facts.get("name", "")))
    if not name:
        return _("Not sent: buyers can get only pictures (JPG, PNG, GIF or WebP).")
    return _("Not sent: {name} is not a picture. Buyers can get only pictures (JPG, PNG, GIF or WebP).", name=name)


def _file_too_large(facts: Facts) -> str:
    name = one_line(str(facts.get("name", "")))
    if not name:
        return _("Not sent: the picture is larger than 10 MB. Send a smaller one.")
    return _("Not sent: {name} is larger than 10 MB. Send a smaller picture.", name=name)


def _not_allowed(facts: Facts) -> str:
    if leads := one_line(str(facts.get("leads", "")), 200):
        return _("You may not do this here. Nothing was changed. Ask a lead: {leads}", leads=leads)
    return _("You may not do this here. Nothing was changed. Ask a lead of your team.")


def _words_needed(facts: Facts) -> str:
    found = entry(Verb(str(facts.get("verb", Verb.NOTE.value))))
    hint = EXPLANATIONS[f"{found.command} {found.argument.name}"]() if found.argument else ""
    return _("Nothing was done: something is missing. {hint}", hint=hint)


def _no_such_choice(facts: Facts) -> str:
    return _("Nothing was done: choose one of these: {choices}.", choices=str(facts.get("choices", "")))


def _outage_unclear(facts: Facts) -> str:
    return _(
        "Nothing was done. Write it like this: on maomao-gb since 14:05 (12 hours ago at most), or off all. "
        "Shops: {shops}.",
        shops=one_line(str(facts.get("shops", "")), 200),
    )


def _holiday_unclear(facts: Facts) -> str:
    return _(
        "Nothing was done. Write it like this: maomao-gb 2026-12-24 .. 2027-01-02, or off all. Shops: {shops}.",
        shops=one_line(str(facts.get("shops", "")), 200),
    )


def _digest_unclear(facts: Facts) -> str:
    words, names = one_line(str(facts.get("words", ""))), one_line(str(facts.get("shops", "")), 200)
    said = _("Nothing was done: this names no days. For example: yesterday, last week, 2026-11-11 20:00..22:00.")
    if not words:
        return said
    return _(
        "Nothing was done: “{words}” is unclear. For example: yesterday, 7 days, 2026-11-01..2026-11-07, "
        "2026-11-11 20:00..22:00, then a shop ({shops}), a country, team X or me.",
        words=words,
        shops=names,
    )


def _digest_hours(facts: Facts) -> str:
    if facts.get("ahead"):
        return _("Nothing was done: these hours are still to come. Ask when they have begun.")
    zone = one_line(str(facts.get("zone", "")))
    return _("Nothing was done: no clock showed these hours in {zone}, it was turned forward.", zone=zone)


def _not_of_part(facts: Facts) -> str:
    section, figure = sections.figure(str(facts.get("name", "")))
    name = figure.name() if figure else section.title() if section else ""
    match facts.get("narrow"):
        case Narrow.PERSON:
            return _("Nothing was done: “{name}” is not counted for one person, only for all together.", name=name)
        case Narrow.TEAM:
            return _("Nothing was done: “{name}” is not counted for one team, only for all together.", name=name)
        case _:
            return _("Nothing was done: “{name}” is not counted for one country, only for all together.", name=name)


def _no_such_figure(facts: Facts) -> str:
    return _("There is no number called {name}. /stats lists all there are.", name=one_line(str(facts.get("name", ""))))


def _no_such_person(facts: Facts) -> str:
    return _(
        "Nothing was done: nobody here is called {name}. Mention them, or write the whole name.",
        name=one_line(str(facts.get("name", ""))),
    )


def _no_such_team(facts: Facts) -> str:
    return _(
        "Nothing was done: there is no team {name}. There are these: {names}.",
        name=one_line(str(facts.get("name", ""))),
        names=one_line(str(facts.get("names", "")), 200),
    )


def _several_people(facts: Facts) -> str:
    return _(
        "Nothing was done: several people are called {name}: {names}. Write the whole name.",
        name=one_line(str(facts.get("name", ""))),
        names=one_line(str(facts.get("names", "")), 200),
    )


def _bad_tag(facts: Facts) -> str:
    return _(
        "Nothing was done: a tag is one word of up to {limit} characters, and a ticket has up to {most} tags.",
        limit=int(facts.get("limit", 0)),
        most=int(facts.get("most", 0)),
    )


def _when(facts: Facts, name: str = "at") -> str:
    at = datetime.fromisoformat(str(facts.get(name, "2000-01-01T00:00+00:00")))
    return moment(at, ZoneInfo(str(facts.get("zone", "UTC"))))


def _not_after(facts: Facts) -> str:
    start, end = _when(facts, "start"), _when(facts, "end")
    return _("Nothing was done: the end, {end}, is not after the beginning, {start}.", end=end, start=start)


def _bad_variable(facts: Facts) -> str:
    found, known = one_line(str(facts.get("found", "{"))), str(facts.get("known", ""))
    if not known:
        return _("Not saved: braces hold a variable, and stand for nothing else.")
    return _("Not saved: “{found}” is no variable. There are {known}, and your own.", found=found, known=known)


def _no_such_zone(facts: Facts) -> str:
    if near := str(facts.get("near", "")):
        return _("Nothing was done: there is no such time zone. Did you mean {zone}?", zone=near)
    return _(
        "Nothing was done: there is no such time zone. Write a large city of it, for example Bangkok or Europe/Berlin."
    )


def _value_needed(facts: Facts) -> str:
    names = ", ".join(label(name) for name in str(facts.get("names", "")).split(",") if name)
    if not names:
        return _("Not sent: something is still missing in it.")
    return _("Not sent, because something is missing: {names}. Fill it in, or take it out of the text.", names=names)


def _act_refused(facts: Facts) -> str:
    if "act" not in facts or "why" not in facts:
        return _("Not sent: something that this macro also does is not possible now.")
    act, why = in_words(str(facts["act"])), SENTENCES[Refusal(str(facts["why"]))](facts)
    return _("Not sent, because what this macro also does ({act}) is not possible: {why}", act=act, why=why)


def _rule_unreadable(facts: Facts) -> str:
    detail = one_line(str(facts.get("detail", "")), 200)
    said = _("Not saved: this is not written as a rule is. Compare with docs/reference/rules.md.")
    return f"{said} ({detail})" if detail else said


def _rule(sentence: Callable[[str], str]) -> Callable[[Facts], str]:
    """Return what says a sentence about a rule by its name."""
    return lambda facts: sentence(one_line(str(facts.get("rule", ""))))


def _rule_nonsense(facts: Facts) -> str:
    return _(
        "Not saved: in the rule {rule}, “{found}” makes no sense: it is not known here, is empty, or lacks a bracket.",
        rule=one_line(str(facts.get("rule", ""))),
        found=one_line(str(facts.get("found", ""))),
    )


def _tried(facts: Facts) -> str:
    what = would_move(*(int(facts.get(name, 0)) for name in ("open", "moved", "late")))
    if gone := one_line(str(facts.get("gone", ""))):
        what = " ".join((_("{name} would go.", name=gone), what))
    said = _("Not saved yet. {what} Choose “Save it” and send the form again.", what=what)
    return f"{said} {minute_closed()}" if facts.get("minute") else said


def _already_on_call(facts: Facts) -> str:
    name = one_line(str(facts.get("name", "")))
    return _("Nothing was done: {name} is on call then already.", name=name)


SENTENCES: Mapping[Refusal, Callable[[Facts], str]] = {
    Refusal.TOO_LONG: _too_long,
    Refusal.EMPTY: lambda _facts: _("Not sent: there are no words and no picture in it."),
    Refusal.SHOP_DISCONNECTED: lambda _facts: _(
        "Not sent: the shop is not connected to TikTok Shop. Connect it again, then send your answer again."
    ),
    Refusal.NOT_WAITING: lambda _facts: _("There is nothing left to do: this answer is not waiting any more."),
    Refusal.ALREADY_CLAIMED: lambda _facts: _("This ticket is already claimed."),
    Refusal.ALREADY_RESOLVED: lambda _facts: _("This ticket is already resolved."),
    Refusal.NOT_RESOLVED: lambda _facts: _("This ticket is still open."),
    Refusal.FILE_TYPE: _file_type,
    Refusal.FILE_TOO_LARGE: _file_too_large,
    Refusal.NOT_ALLOWED: _not_allowed,
    Refusal.STALE: lambda _facts: _(
        "This has changed in the meantime, so nothing was done. Look at the thread, then try again."
    ),
    Refusal.IN_PROFILE: lambda _facts: _("Nothing was done: Slack tells this. Change it in your Slack preferences."),
    Refusal.NO_SUCH_ZONE: _no_such_zone,
    Refusal.NO_SUCH_HOURS: lambda _facts: _("Nothing was done: write the hours like 22-8 or 22:30-7:00, or off."),
    Refusal.NO_SUCH_LANGUAGE: lambda facts: _(
        "Nothing was done: name the languages by their codes ({known}).", known=str(facts.get("known", ""))
    ),
    Refusal.NO_SUCH_MACRO: lambda _facts: _(
        "Not sent: this macro is gone, archived, or not for this shop. Choose another."
    ),
    Refusal.VALUE_NEEDED: _value_needed,
    Refusal.MACRO_LENGTH: lambda _facts: _(
        "Not saved: a macro has at least one word, and no more than fit one message to a buyer."
    ),
    Refusal.BAD_VARIABLE: _bad_variable,
    Refusal.NO_ROOM: lambda _facts: _(
        "This is too long for a form. Whoever runs chatops can change it in desk.toml: chatops export and apply."
    ),
    Refusal.TRIED: _tried,
    Refusal.STILL_COUNTING: lambda _facts: _(
        "Nothing is saved yet: what would move is still being counted. You are told here as soon as it is known."
    ),
    Refusal.BAD_LINE: lambda facts: _(
        "Not saved: “{line}” cannot be read. Write it like {example}.",
        line=one_line(str(facts.get("line", ""))),
        example=str(facts.get("example", WEEK_LIKE)),
    ),
    Refusal.NO_SUCH_DAY: lambda facts: _(
        "Not saved: there is no such day as in “{line}”. Write it like {example}.",
        line=one_line(str(facts.get("line", ""))),
        example=str(facts.get("example", DAY_LIKE)),
    ),
    Refusal.DAY_TWICE: lambda facts: _(
        "Not saved: {day} stands there twice. Keep one of the two lines.", day=str(facts.get("day", ""))
    ),
    Refusal.NEVER_OPEN: lambda _facts: _(
        "Not saved: these hours are never open. Write when they are, for example {example}.", example=WEEK_LIKE
    ),
    Refusal.NOT_DEFINED: lambda facts: _(
        "Not saved, because of this: {detail}. It has to be as in docs/reference/desk-toml.md.",
        detail=one_line(str(facts.get("detail", "")), 200).rstrip("."),
    ),
    Refusal.ACT_REFUSED: _act_refused,
    Refusal.RULE_UNREADABLE: _rule_unreadable,
    Refusal.RULE_TWINS: _rule(lambda rule: _("Not saved: there are two rules called {rule}.", rule=rule)),
    Refusal.RULE_IDLE: _rule(
        lambda rule: _("Not saved: the rule {rule} looks for nothing, or nothing follows from it.", rule=rule)
    ),
    Refusal.RULE_NONSENSE: _rule_nonsense,
    Refusal.RULE_TOO_LONG: lambda _facts: _(
        "This rule is too long for a form. Whoever runs chatops can change it in a file: chatops rules show and apply."
    ),
    Refusal.RULES_CHANGED: lambda _facts: _(
        "Not saved: somebody has changed the rules in the meantime. Look at them again, then go on with your draft."
    ),
    Refusal.ROTAS_CHANGED: lambda _facts: _(
        "Not saved: somebody has changed the rotations in the meantime. Look at them again, then go on with your draft."
    ),
    Refusal.STILL_CALLED: lambda facts: _(
        "Not saved: {name} is still called by {names}. Change that first.",
        name=one_line(str(facts.get("name", ""))),
        names=one_line(str(facts.get("names", "")), 200),
    ),
    Refusal.NOT_SHOWN: lambda _facts: _(
        "The answer cannot be shown here. Go to a channel that chatops is in; what you wrote is kept as your draft."
    ),
    Refusal.UNKNOWN_ORDER: lambda _facts: _(
        "Not sent: there is no such command; see !help. If it is for the buyer, edit it so that no ! comes first."
    ),
    Refusal.WORDS_NEEDED: _words_needed,
    Refusal.NO_SUCH_CHOICE: _no_such_choice,
    Refusal.NO_SUCH_PERSON: _no_such_person,
    Refusal.NO_SUCH_TEAM: _no_such_team,
    Refusal.SEVERAL_PEOPLE: _several_people,
    Refusal.CANNOT_ANSWER: lambda _facts: _("Nothing was done: they may look on, but not answer buyers."),
    Refusal.NOT_CLAIMED: lambda _facts: _("This ticket is nobody's."),
    Refusal.BAD_TAG: _bad_tag,
    Refusal.WHEN_UNCLEAR: lambda _facts: _(
        "Nothing was done: it is not clear when that is. Write it like this: tomorrow 9, 2h, Monday 14:00."
    ),
    Refusal.WHEN_PAST: lambda facts: _("Nothing was done: {when} is past.", when=_when(facts)),
    Refusal.NOT_AFTER: _not_after,
    Refusal.TOO_FAR: lambda _facts: _("Nothing was done: that is too far ahead. A year is the most."),
    Refusal.NOT_SNOOZED: lambda _facts: _("This ticket is not resting."),
    Refusal.ANSWER_WAITING: lambda _facts: _(
        "Not resolved: an answer has not reached the buyer yet. Wait for its ✅, or decide first what becomes of it."
    ),
    Refusal.ALREADY_ESCALATED: lambda _facts: _("The leads were called here a few minutes ago."),
    Refusal.NO_ESCALATION: lambda _facts: _(
        "Nobody was called: your team has no escalation yet. Your owner writes one in desk.toml."
    ),
    Refusal.NOT_CALLED: lambda _facts: _("Nobody is being called about this ticket any more."),
    Refusal.NOT_TO_ONESELF: lambda _facts: _("Nothing was done: that is you. Name somebody else, or take the ticket."),
    Refusal.NOTHING_TO_MERGE: lambda _facts: _("Nothing was done: the buyer has no such other ticket here."),
    Refusal.ALREADY_MERGED: lambda _facts: _("Nothing was done: one of the two already goes on in another ticket."),
    Refusal.ANOTHER_IS_OPEN: lambda _facts: _(
        "Nothing was done: another ticket of this buyer is open. Merge that one, from its own thread."
    ),
    Refusal.NO_ROTATION: lambda _facts: _(
        "Nothing was done: no rotation is defined yet. A lead does that in desk.toml."
    ),
    Refusal.NO_ROTA_CHANNEL: lambda facts: _(
        "Nothing was done: {rotation} has no channel of its own. A lead names one in desk.toml.",
        rotation=one_line(str(facts.get("rotation", ""))),
    ),
    Refusal.NO_SHIFT: lambda _facts: _("Nothing was done: you have no turn on call then, nor in the five weeks after."),
    Refusal.NOT_ON_CALL: lambda facts: _(
        "Nothing was done: you are not on call then. Your next turn begins: {when}.", when=_when(facts)
    ),
    Refusal.SWAP_SELF: lambda _facts: _("Nothing was done: it is your own turn. To give it away, ask somebody else."),
    Refusal.SWAP_OVER: lambda _facts: _("Nothing was done: this is settled, taken back, or past."),
    Refusal.NOT_YET: lambda _facts: _("That is still to come; /oncall preview says who is going to be on call."),
    Refusal.ALREADY_ON_CALL: _already_on_call,
    Refusal.OUTAGE_UNCLEAR: _outage_unclear,
    Refusal.NO_TIERS: lambda _facts: _("Nothing was done: no tier is named yet. Your owner does that in desk.toml."),
    Refusal.HOLIDAY_UNCLEAR: _holiday_unclear,
    Refusal.DIGEST_UNCLEAR: _digest_unclear,
    Refusal.DIGEST_HOURS: _digest_hours,
    Refusal.NOT_OF_PART: _not_of_part,
    Refusal.NO_SUCH_FIGURE: _no_such_figure,
}


def why_refused(refused: Refused) -> str:
    """Return why a request was refused, that nothing was done, and what to do instead."""
    return SENTENCES[refused.reason](refused.facts)


def messages_needed(refused: Refused) -> int:
    """Return how many messages an answer that is too long would make; 0 when nobody counted."""
    parts = refused.facts.get("parts")
    return parts if isinstance(parts, int) else 0
