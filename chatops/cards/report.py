"""A digest as a page for owners: one file that needs nothing else, to be read on a screen, a phone or paper.

Numbers only: nothing that a buyer wrote, and nobody's name but the shops'.
"""

from base64 import b64encode
from collections.abc import Iterator
from html import escape
from typing import Any

from chatops.cards.digest import days_of, headline
from chatops.cards.digest_asking import in_words
from chatops.digest import kept
from chatops.digest.kept import Shown
from chatops.i18n import _, current, right_to_left
from chatops.model.digest import Digest

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --pale: #59636e; --line: #d1d9e0; --paper: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #f0f6fc; --pale: #9198a1; --line: #3d444d; --paper: #0d1117; } }
body { margin: 0 auto; padding: 2rem 1rem; max-width: 52rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.75rem; } h2 { margin: 2rem 0 .5rem; font-size: 1.2rem; } p { margin: .25rem 0; }
.pale, dd { color: var(--pale); } .lead { font-size: 1.15rem; margin: 1rem 0; }
img { max-width: 100%; height: auto; } table { width: 100%; border-collapse: collapse; }
th, td { padding: .4rem .25rem; border-bottom: 1px solid var(--line); text-align: start; font-weight: normal; }
td { text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; } thead th { color: var(--pale); }
thead th + th { text-align: end; } dt { margin-top: .75rem; } dd { margin: 0; }
@media print { body { max-width: none; padding: 0; } section { break-inside: avoid; } }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def report(digest: Digest, whose: str, pictures: tuple[bytes, bytes] | None, alt: str) -> str:
    """Return the page; `pictures` are the digest's on a light and on a dark ground."""
    days, shown = days_of(kept.window_of(digest)), [one for one in kept.shown(digest) if one.section.figures]
    direction = "rtl" if right_to_left() else "ltr"
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{escape(current().replace("_", "-"))}" dir="{direction}"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><meta name="robots" content="noindex">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(days)}</title><style>{STYLE}</style></head><body>",
            f'<h1>{escape(days)}</h1><p class="pale">{escape(whose)} · {escape(digest.timezone)}</p>',
            f'<p class="lead">{escape(headline(digest))}</p>',
            *(_picture(pictures, alt) if pictures else ()),
            *(line for one in shown for line in _table(one)),
            f"<section><h2>{escape(_('How each number is counted'))}</h2><dl>",
            *(line for one in shown for line in _counted(one)),
            "</dl></section></body></html>\n",
        ]
    )


def _picture(pictures: tuple[bytes, bytes], alt: str) -> Iterator[str]:
    light, dark = (f"data:image/png;base64,{b64encode(one).decode()}" for one in pictures)
    yield f'<picture><source srcset="{dark}" media="(prefers-color-scheme: dark)">'
    yield f'<img src="{light}" alt="{escape(alt)}"></picture>'


def _table(one: Shown) -> Iterator[str]:
    yield f"<section><h2>{escape(one.section.title())}</h2><table>"
    if one.before is not None:
        now, before = escape(_("These days")), escape(_("The time before"))
        yield f"<thead><tr><th></th><th>{now}</th><th>{before}</th></tr></thead>"
    yield "<tbody>"
    for figure in one.section.figures:
        values: list[Any] = [one.facts] if one.before is None else [one.facts, one.before]
        cells = "".join(f"<td>{escape(in_words(figure, facts))}</td>" for facts in values)
        yield f'<tr><th scope="row">{escape(figure.name())}</th>{cells}</tr>'
    yield "</tbody></table></section>"


def _counted(one: Shown) -> Iterator[str]:
    for figure in one.section.figures:
        yield f"<dt>{escape(figure.name())}</dt><dd>{escape(figure.counted())}</dd>"
