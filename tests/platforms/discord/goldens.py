"""The product's cards as Discord shows them: `python -m tests.platforms.discord.goldens` writes them anew."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chatops.i18n import language
from chatops.platforms.discord.paint import paint
from tests.cards.samples import GROUPS

GOLDENS = Path(__file__).parent / "goldens"
SHOWN = ("help", "message", "ticket")  # notices have no shape that these have not

Json = dict[str, Any]


def rendered(group: str) -> str:
    """Return a group's cards as they are painted now, in English."""
    with language("en"):
        painted = {name: paint(card()) for name, card in GROUPS[group].items()}
    lines: list[str] = []
    for name, card in painted.items():
        lines += [f"=== {name}", *(f"to {member}" for member in card.addressed)]
        for embed in card.embeds:
            lines += _embed(embed)
        lines += [f"file {one.name}: {one.alt}" for one in card.pictures]
        lines += [" ".join(map(_control, row["components"])) for row in card.components]
    return "\n".join(lines) + "\n"


def _embed(embed: Json) -> Iterator[str]:
    yield f"+--- #{embed['color']:06x}" if "color" in embed else "+---"
    if "description" in embed:
        yield embed["description"]
    for field in embed.get("fields", []):
        yield f"[{field['name']}] {field['value']}"
    if "image" in embed:
        yield embed["image"]["url"]


def _control(control: Json) -> str:
    label = control.get("label") or control["placeholder"]
    return f"({label} = {control['custom_id']}, {control.get('style', 'menu')})"


def main() -> None:
    """Write every file anew."""
    GOLDENS.mkdir(exist_ok=True)
    for group in SHOWN:
        (GOLDENS / f"{group}.txt").write_text(rendered(group), encoding="utf-8")


if __name__ == "__main__":
    main()
