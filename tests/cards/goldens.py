"""What every card looked like when somebody last read it: `python -m tests.cards.goldens` writes it anew."""

from pathlib import Path

from chatops.i18n import LANGUAGES, language
from chatops.ui import Card
from tests.cards.digest_samples import DIGESTS
from tests.cards.macro_samples import MACROS
from tests.cards.page_samples import PAGES
from tests.cards.painter import painted
from tests.cards.rota_samples import ROTA
from tests.cards.rule_samples import RULES
from tests.cards.samples import GROUPS as OTHERS
from tests.cards.section_samples import SECTIONS

GROUPS = {
    **OTHERS,
    "digest": DIGESTS,
    "macros": MACROS,
    "page": PAGES,
    "rota": ROTA,
    "rules": RULES,
    "sections": SECTIONS,
}
GOLDENS = Path(__file__).parent / "goldens"


def golden(tongue: str, group: str) -> Path:
    """Return the file that holds a group's cards in one language."""
    return GOLDENS / tongue / f"{group}.txt"


def drawn(tongue: str, group: str) -> dict[str, Card]:
    """Return a group's cards in one language, by their names."""
    with language(tongue):
        return {name: draw() for name, draw in GROUPS[group].items()}


def rendered(cards: dict[str, Card]) -> str:
    """Return cards as they look now."""
    return "\n".join(f"=== {name}\n{painted(card)}" for name, card in cards.items())


def main() -> None:
    """Write every file anew."""
    for tongue in LANGUAGES:
        for group in GROUPS:
            path = golden(tongue, group)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(rendered(drawn(tongue, group)), encoding="utf-8")


if __name__ == "__main__":
    main()
