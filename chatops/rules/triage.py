"""What a ticket is about, proposed by readable rules: its level, how much it matters, and its tags."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from chatops.errors import BadRule, Refusal
from chatops.rules.languages import LANGUAGES
from chatops.rules.lint import COMPARE, must_be_told_apart, unknown_market
from chatops.rules.wording import Nonsense, found, mistake

KINDS = ("chat", "comment", "live", "return", "cancellation", "dispute")


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule: everything that it asks for must be so; what it leaves open may be anything.

    `words` by language, one of which the buyer uses; `kinds` of ticket; `order` states as TikTok names them; how many
    `tickets` the buyer had before, at least; `shops`, `markets` (regions), `languages` of the buyer.
    What follows: a `level`, a `priority`, `tags`, and the `tier` of a buyer who is in none.
    """

    id: str
    words: Mapping[str, tuple[str, ...]] = {}
    kinds: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    tickets: int = 0
    shops: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    level: str = ""
    priority: str = ""
    tags: tuple[str, ...] = ()
    tier: str = ""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    rules: list[Rule]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known when a buyer has written: the words, their language, and what stands around them."""

    text: str
    language: str = ""
    kind: str = "chat"
    order: str = ""
    tickets: int = 0
    shop: str = ""
    market: str = ""
    among: tuple[str, ...] = ()  # languages it may be in while its own is not known


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules make of it: of levels, priorities and tiers the first rule's that says one, of tags all."""

    rules: tuple[str, ...] = ()
    level: str = ""
    priority: str = ""
    tags: tuple[str, ...] = ()
    tier: str = ""


NOTHING = Proposal()


@lru_cache(maxsize=8)
def read(text: str, levels: tuple[str, ...], priorities: tuple[str, ...]) -> tuple[Rule, ...]:
    """Return the rules of a file, in their order.

    Raises:
        BadRule: what is wrong with it.
    """
    try:
        rules = msgspec.convert(tomllib.loads(text), _File, strict=False).rules
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        said = f"the triage rules cannot be read: {error}"
        raise BadRule(said, COMPARE, Refusal.RULE_UNREADABLE, detail=str(error)) from None
    must_be_told_apart([rule.id for rule in rules], "triage")
    for rule in rules:
        if not (rule.level or rule.priority or rule.tags or rule.tier):
            said, remedy = f"the triage rule {rule.id} proposes nothing", "Give it a level, a priority, tags or a tier."
            raise BadRule(said, remedy, Refusal.RULE_IDLE, rule=rule.id)
        for what, value, known in (("level", rule.level, levels), ("priority", rule.priority, priorities)):
            if value and value not in known:
                said, remedy = f"the triage rule {rule.id} has {what} {value}", f"Use one of: {', '.join(known)}."
                raise BadRule(said, remedy, Refusal.RULE_NONSENSE, rule=rule.id, found=value)
        if wrong := mistake(rule.words) or unknown_market(rule.markets) or _unknown(rule):
            said = f"the triage rule {rule.id}: {wrong.said}"
            raise BadRule(said, COMPARE, Refusal.RULE_NONSENSE, rule=rule.id, found=wrong.found)
    return tuple(rules)


def _unknown(rule: Rule) -> Nonsense | None:
    """Return what of a rule nobody knows: a kind of ticket, a language; None if all is known."""
    for choice, known, what in ((rule.kinds, KINDS, "kind of ticket"), (rule.languages, LANGUAGES, "language")):
        if strange := [one for one in choice if one not in known]:
            return Nonsense(strange[0], f"no {what} is called {strange[0]!r}")
    return None


def propose(arrival: Arrival, rules: Sequence[Rule]) -> Proposal:
    """Return what the rules propose for what has arrived."""
    said = [rule for rule in rules if _fits(rule, arrival)]
    return Proposal(
        rules=tuple(rule.id for rule in said),
        level=next((rule.level for rule in said if rule.level), ""),
        priority=next((rule.priority for rule in said if rule.priority), ""),
        tags=tuple(dict.fromkeys(tag for rule in said for tag in rule.tags)),
        tier=next((rule.tier for rule in said if rule.tier), ""),
    )


def _fits(rule: Rule, arrival: Arrival) -> bool:
    wanted = (
        (rule.kinds, arrival.kind),
        (rule.order, arrival.order),
        (rule.shops, arrival.shop),
        (rule.markets, arrival.market),
        (rule.languages, arrival.language),
    )
    if any(choice and value not in choice for choice, value in wanted) or arrival.tickets < rule.tickets:
        return False
    return not rule.words or bool(found(rule.words, arrival.text, arrival.language, arrival.among))
