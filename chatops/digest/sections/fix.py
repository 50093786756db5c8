"""What to fix in descriptions, videos and ads: what buyers ask about most, or more than usual, with examples.

It is for other teams: no names, no way into a conversation, and of buyers' words only what tells nothing of them.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from chatops.digest import naming, questions
from chatops.digest.questions import SHOWN, Chooser, Question
from chatops.digest.scope import Scope, Window
from chatops.digest.section import Chart, Figure, Points, Reading, Section, Shape, Unit
from chatops.digest.topics import PRODUCT, SOURCES, TAG, Key, Source, Topic, beside_usual, is_usual_known, unusual
from chatops.i18n import _, ngettext
from chatops.model import macro as macros
from chatops.model.rulebook import triage_rules
from chatops.rules.macro_ranking import Candidate, answering
from chatops.store.transaction import Transaction
from chatops.ui import Paragraph, Part, Quote, Small, Strong
from chatops.words import one_line, side_by_side

MOST, RISEN, FEWEST = 6, 3, 3  # topics; those that rose most, at most; tickets of one that is told
LOOKED_AT = 40  # tickets of a topic in which examples are sought
READABLE = tuple(source for source in SOURCES if source.having is not None)


class Point(msgspec.Struct, frozen=True):
    """One topic of a source, how many tickets had it, how many in the stretches before, and where examples stand."""

    source: str
    name: str
    count: int
    before: int = 0
    asked: tuple[Question, ...] = ()

    @property
    def topic(self) -> Topic:
        """The topic alone."""
        return Topic(self.name, self.count, self.before)


class Fix(msgspec.Struct, frozen=True):
    """Topics of a window, and of how many tickets; `before`: how many there were in all the stretches before."""

    tickets: int
    before: int
    points: tuple[Point, ...]


def _count(tx: Transaction, scope: Scope, window: Window) -> Fix | None:
    counts = {source: source.counted(tx, scope, window) for source in READABLE}
    tickets, before = counts[TAG].whole, counts[TAG].whole_before if is_usual_known(tx, scope, window) else 0
    words, told = _words_of_tags(tx)
    topics = [
        (source, one)
        for source, counted in counts.items()
        for one in counted.topics()
        if one.count >= FEWEST and (source is not TAG or one.name not in told)
    ]
    chosen = _chosen(topics, compared=before > 0)
    having = [(source, one, _having(tx, scope, window, source, one.name)) for source, one in chosen]
    told_of = [each for each in having if _are_several(each[2])]
    heard = questions.said_in(tx, (key for _source, _one, keys in told_of for key in keys), window)
    reading = Reading(scope.workspace_id, window)
    titles = [source.shown(tx, one.name, reading) for source, one, _keys in told_of if source is PRODUCT]
    chooser = Chooser(tx, heard, titles)
    points = tuple(
        Point(source.key, one.name, one.count, one.before, chooser.examples(keys, _about(source, one, words)))
        for source, one, keys in told_of
    )
    return Fix(tickets, before, points) if points else None


def _words_of_tags(tx: Transaction) -> tuple[Mapping[str, Mapping[str, Sequence[str]]], set[str]]:
    """Return the words by which rules give tags, and the tags that they give by none: those tell who or where."""
    words: dict[str, dict[str, tuple[str, ...]]] = {}
    without: set[str] = set()
    for rule in triage_rules(tx):
        for tag in rule.tags:
            for language, entries in rule.words.items():
                known = words.setdefault(tag, {})
                known[language] = (*known.get(language, ()), *entries)
            if not rule.words:
                without.add(tag)
    return words, without - words.keys()


def _chosen(topics: Sequence[tuple[Source, Topic]], *, compared: bool) -> list[tuple[Source, Topic]]:
    """Return those that rose most, then the most frequent of the others."""
    rose = [one for one in topics if compared and one[1].is_unusual]
    rose.sort(key=lambda one: (one[1].usual - one[1].count, one[1].name))
    often = sorted(topics, key=lambda one: (-one[1].count, one[1].name))
    return list(dict.fromkeys((*rose[:RISEN], *often)))[:MOST]


def _having(tx: Transaction, scope: Scope, window: Window, source: Source, name: str) -> list[Key]:
    return source.having(tx, scope, window, name, LOOKED_AT) if source.having else []


def _are_several(tickets: Sequence[Key]) -> bool:
    """Tell whether several buyers have these tickets: what only one is about is for nobody else."""
    return len({(one.shop_id, one.ticket_id.rpartition(".")[0]) for one in tickets}) >= FEWEST


def _about(source: Source, one: Topic, words: Mapping[str, Mapping[str, Sequence[str]]]) -> Mapping[str, Sequence[str]]:
    return words.get(one.name, {}) if source is TAG else {}


def _parts(tx: Transaction, facts: Fix, _before: Fix | None, reading: Reading) -> Sequence[Part]:
    team, ready = questions.team_names(tx), _ready(tx)
    parts: list[Part] = []
    for one in facts.points:
        name, said = _name(tx, one, reading), _examples(tx, one, team)
        title = unusual(name, one.topic) if facts.before and one.topic.is_unusual else name
        parts += [Paragraph((Strong(title),)), Small((_numbers(facts, one),))]
        parts.append(Quote("\n".join(said)) if said else Small((_("No example is free of personal data."),)))
        answer = answering(ready, "\n".join((name, *said)))
        hint = _("Prepared answer: {name}", name=one_line(answer.name)) if answer else _("No prepared answer yet")
        parts.append(Small((hint,)))
    parts.append(Small((_("Buyers' own words; what could tell who wrote them is left out."),)))
    return parts


def _name(tx: Transaction, one: Point, reading: Reading) -> str:
    source = next((source for source in SOURCES if source.key == one.source), None)
    return source.shown(tx, one.name, reading) if source else one_line(one.name)


def _numbers(facts: Fix, one: Point) -> str:
    """Return how many tickets had a topic, how many usually have, and of those opened which part had a tag."""
    tickets = ngettext("{count} ticket", "{count} tickets", one.count)
    if facts.before:
        tickets = beside_usual(tickets, one.topic)
    if one.source != TAG.key:  # a product may be shown in tickets that were opened before
        return tickets
    return side_by_side(tickets, naming.portion(one.count, facts.tickets))


def _examples(tx: Transaction, one: Point, team: Sequence[str]) -> list[str]:
    """Return the words of examples as they are now; what is gone, or would tell something by now, is left out."""
    there = (questions.read(tx, where) for where in one.asked)
    said = (questions.free(found, team) for found in there if found is not None)
    return [words for words in said if words][:SHOWN]


def _ready(tx: Transaction) -> list[Candidate]:
    """Return the prepared answers that there are, with the words of buyers who need them."""
    keywords: dict[str, list[str]] = {}
    for text in macros.every_text(tx):
        keywords.setdefault(text.macro_id, []).extend(text.keywords)
    return [Candidate(id=one.id, name=one.name, keywords=tuple(keywords.get(one.id, ()))) for one in macros.every(tx)]


def _charts(facts: Fix, _reading: Reading) -> Iterator[Chart]:
    shown = [one for one in facts.points if one.source == TAG.key]
    if len(shown) < 2:  # one bar says nothing
        return
    first = max(shown, key=lambda one: one.count)
    now = tuple((one_line(one.name), float(one.count)) for one in shown)
    usual = tuple((one_line(one.name), round(one.topic.usual, 1)) for one in shown)
    rows = (Points(_("In this time"), now), Points(_("Usually"), usual)) if facts.before else (Points("", now),)
    yield Chart(
        title=_("What to fix"),
        essence=_("Most tickets were about {name}: {count}.", name=one_line(first.name), count=first.count),
        shape=Shape.BARS,
        unit=Unit.COUNT,
        points=rows,
    )


def _headline(facts: Fix | None, _reading: Reading) -> str | None:
    if facts is None or not facts.points:
        return None
    return ngettext(
        "{count} thing to look at in descriptions, videos and ads.",
        "{count} things to look at in descriptions, videos and ads.",
        len(facts.points),
    )


def _largest(facts: Fix) -> float | None:
    most = max((one.count for one in facts.points if one.source == TAG.key), default=0)
    return most / facts.tickets if most else None


SECTION = Section(
    key="fix",
    place=55,
    title=lambda: _("What to fix"),
    facts=Fix,
    count=_count,
    parts=_parts,
    charts=lambda facts, reading: list(_charts(facts, reading)),
    headline=_headline,
    on_request=True,
    private=frozenset({"asked"}),
    figures=(
        Figure(
            "topics",
            Unit.COUNT,
            lambda: _("Topics to look at"),
            lambda: _(
                "Tags of tickets that were opened in this time, and products that buyers showed in it, each in three "
                "tickets at least: three that rose most, then the most frequent; six at most. Tags that rules give by "
                "other things than words are left out. All of it as it stood when this was counted."
            ),
            lambda facts: len(facts.points),
        ),
        Figure(
            "risen",
            Unit.COUNT,
            lambda: _("Much more often than usual"),
            lambda: _(
                "Of these topics, those that at least five tickets of this time had, and at least three times as many "
                "as on average in the four stretches of the same length before. All of it as it stood when this was "
                "counted."
            ),
            lambda facts: sum(one.topic.is_unusual for one in facts.points) if facts.before else 0,
        ),
        Figure(
            "largest",
            Unit.SHARE,
            lambda: _("Share of the most frequent tag"),
            lambda: _(
                "Of the tickets that were opened in this time, those with the most frequent of these tags. All of it "
                "as it stood when this was counted."
            ),
            _largest,
            lambda facts: facts.tickets,
        ),
    ),
)
