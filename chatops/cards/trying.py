"""What the rules make of a text, before it is said: as a buyer's words, and as an answer."""

from collections.abc import Sequence

from chatops.cards import lint as lint_cards
from chatops.i18n import _, language_name
from chatops.model import rulebook
from chatops.model import shop as shops
from chatops.model.shop import Shop
from chatops.model.thread import Thread
from chatops.model.ticket import Level, TicketPriority
from chatops.rules import languages, lint, triage
from chatops.rules.triage import Arrival, Proposal
from chatops.store.transaction import Transaction
from chatops.ui import Card, Field, Fields, Paragraph, Part, Quote, Small, Strong
from chatops.words import LEVELS, PRIORITIES, one_line, side_by_side


def tried(tx: Transaction, thread: Thread | None, text: str) -> Card:
    """Return, privately, what the rules make of a text: in a thread, as they count for its shop."""
    if not text.strip():
        nothing = _("Nothing to try: write a text.")
        return Card(summary=nothing, parts=(Paragraph((nothing,)),))
    shop = shops.get(tx, thread.shop_id) if thread else None
    spoken = _language(shop, text)
    name, market = (shop.name, shop.region) if shop else ("", "")
    among = languages.used(market, shop.locale) if shop else ()
    hits = lint.check(text, rulebook.lint_rules(tx), market=market, shop=name, language=spoken, among=among)
    title = _("What the rules make of it")
    answer = lint_cards.findings(text, hits) or (Paragraph((_("No rule holds it back."),)),)
    return Card(
        title=title,
        summary=f"{title}: {one_line(text)}",
        parts=(
            Quote(text),
            Paragraph((Strong(_("If a buyer writes it")),)),
            *as_arrival(shop, text, spoken, rulebook.triage_rules(tx)),
            Paragraph((Strong(_("If you answer it")),)),
            *answer,
        ),
    )


def as_arrival(shop: Shop | None, text: str, spoken: str, rules: Sequence[triage.Rule]) -> tuple[Part, ...]:
    """Return what rules make of a buyer's words."""
    found = triage.propose(_arrival(shop, text, spoken), rules)
    by_rules = (Small((_("By the rules: {rules}", rules=", ".join(found.rules)),)),) if found.rules else ()
    return (Fields(tuple(_fields(spoken, found))), *by_rules)


def _language(shop: Shop | None, text: str) -> str:
    """Tell the language, unless the model must be read for it: nobody waits for that here."""
    likely = languages.likely(shop.region, shop.locale) if shop else ()
    tells = languages.detect if languages.is_loaded() else languages.by_script
    return tells(text, likely)


def _arrival(shop: Shop | None, text: str, spoken: str) -> Arrival:
    if shop is None:
        return Arrival(text, spoken)
    used = languages.used(shop.region, shop.locale)
    return Arrival(text, spoken, shop=shop.name, market=shop.region, among=used)


def _fields(spoken: str, found: Proposal) -> list[Field]:
    level = LEVELS[Level(found.level)]() if found.level else "–"
    priority = PRIORITIES[TicketPriority(found.priority)]() if found.priority else "–"
    tags = side_by_side(*(f"#{tag}" for tag in found.tags)) or "–"
    said = language_name(spoken) if spoken else "–"
    told = [(_("Language"), said), (_("Level"), level), (_("Priority"), priority), (_("Tags"), tags)]
    if found.tier:
        told.append((_("Tier"), one_line(found.tier)))
    return [Field(name, (value,)) for name, value in told]
