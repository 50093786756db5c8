"""A digest as a page for owners: one file that needs nothing else, to be read on a screen, a phone or paper.

Numbers only: nothing that a buyer wrote, and nobody's name but the shops'.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape
from typing import Any

from chatops.cards import counted
from chatops.cards.digest import headline, titled
from chatops.cards.digest_asking import in_words
from chatops.digest import kept
from chatops.digest.kept import Shown
from chatops.digest.section import Figure
from chatops.i18n import _, current, moment, right_to_left
from chatops.model.digest import Digest
from chatops.words import side_by_side

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --pale: #59636e; --line: #d1d9e0; --paper: #fff; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #f2f3f5; --pale: #b8bcc4; --line: #43464d; --paper: #1e1f22; } }
body { margin: 0 auto; padding: 2rem 1rem; max-width: 46rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; } h2 { margin: 2rem 0 .25rem; font-size: 1.2rem; }
h3 { margin: 1.5rem 0 0; font-size: 1rem; } p { margin: .25rem 0; }
.pale, dd, .all { color: var(--pale); } .lead { font-size: 1.15rem; margin: 1rem 0; }
img { display: block; max-width: min(100%, 34rem); height: auto; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th, td { padding: .4rem 0; border-bottom: 1px solid var(--line); text-align: start; font-weight: normal; }
td, thead th { text-align: end; padding-inline-start: .75rem; width: 27%; font-variant-numeric: tabular-nums; }
thead th { color: var(--pale); font-size: .9rem; } thead td { width: auto; }
th a { color: inherit; text-decoration: underline dotted var(--pale); }
dl, .all { font-size: .9rem; } dl { margin: 0; } dt { margin-top: .6rem; } dd { margin: 0; } .all { margin: .6rem 0 0; }
dt:target { font-weight: bold; } dt:target + dd { color: var(--ink); }
@media screen and (max-width: 36rem) {
  .two tr { display: grid; grid-template-columns: 1fr 1fr; } .two td, .two th { width: auto; padding-inline: 0; }
  .two tbody th { grid-column: 1 / 3; border: 0; padding-bottom: 0; } .two td { padding-top: 0; }
  .two thead td { display: none; } .two :is(td, thead th):nth-child(2) { text-align: start; } }
@media print { @page { margin: 16mm; } body { max-width: none; padding: 0; font-size: 10.5pt; }
  img { max-width: 12cm; } th a { text-decoration: none; }
  h2, h3, dt { break-after: avoid; } tr, dd, picture { break-inside: avoid; } }
"""
# The page's own is stricter than what it is sent with, which fits links made before an upgrade, too.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
STRICT = POLICY.replace("'unsafe-inline'", f"'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'")


def report(digest: Digest, whose: str, pictures: tuple[bytes, bytes] | None, alt: str) -> str:
    """Return the page; `pictures` are the digest's on a light and on a dark ground."""
    days, shown = titled(digest), [one for one in kept.shown(digest) if one.section.figures]
    below, how = side_by_side(whose, digest.timezone, *_since(digest)), _("How each number is counted")
    return _page(
        days,
        [
            f'<h1>{escape(days)}</h1><p class="pale">{escape(below)}</p>',
            f'<p class="lead">{escape(headline(digest))}</p>',
            *(_picture(pictures, alt) if pictures else ()),
            *(line for one in shown for line in _table(one)),
            f"<h2>{escape(how)}</h2>",
            *(line for one in shown for line in _counted(one)),
        ],
    )


def gone() -> str:
    """Return the page of a link that shows nothing, whatever the reason."""
    how = _("This link has expired or was withdrawn. Ask whoever sent it for a new one.")
    return _told(_("There is nothing here"), how)


def too_often() -> str:
    """Return the page for whoever asked for more of them than anybody reads."""
    return _told(_("One moment, please"), _("This was asked for too often. Load it again in a minute."))


def _told(title: str, how: str) -> str:
    return _page(title, [f'<h1>{escape(title)}</h1><p class="lead">{escape(how)}</p>'])


def _page(title: str, body: Iterable[str]) -> str:
    direction = "rtl" if right_to_left() else "ltr"
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{escape(current().replace("_", "-"))}" dir="{direction}"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{STRICT}"><meta name="robots" content="noindex">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>",
            *body,
            "</body></html>\n",
        ]
    )


def _since(digest: Digest) -> Iterator[str]:
    if digest.counted_at is not None:
        yield _("Counted {moment}.", moment=moment(digest.counted_at, kept.window_of(digest).zone))


def _picture(pictures: tuple[bytes, bytes], alt: str) -> Iterator[str]:
    light, dark = (f"data:image/png;base64,{b64encode(one).decode()}" for one in pictures)
    yield f'<picture><source srcset="{dark}" media="screen and (prefers-color-scheme: dark)">'
    yield f'<img src="{light}" alt="{escape(alt)}"></picture>'


def _table(one: Shown) -> Iterator[str]:
    yield f"<h2>{escape(one.section.title())}</h2><table class={'one' if one.before is None else 'two'}>"
    if one.before is not None:
        now, before = escape(_("These days")), escape(_("The time before"))
        yield f'<thead><tr><td></td><th scope="col">{now}</th><th scope="col">{before}</th></tr></thead>'
    yield "<tbody>"
    for figure in one.section.figures:
        cells = f"<td>{escape(in_words(figure, one.facts))}</td>"
        if one.before is not None:
            then = "–" if figure.value(one.before) is None else in_words(figure, one.before)
            cells += f"<td>{escape(then)}</td>"
        name = f'<a href="#{_place(one, figure)}">{escape(figure.name())}</a>'
        yield f'<tr><th scope="row">{name}</th>{cells}</tr>'
    yield "</tbody></table>"


def _counted(one: Shown) -> Iterator[str]:
    """Say how the numbers of a section are counted."""
    yield f"<h3>{escape(one.section.title())}</h3><dl>"
    for figure, how, common in counted.each(one.section.figures):
        yield f'<dt id="{_place(one, figure)}">{escape(figure.name())}</dt><dd>{escape(how)}</dd>'
        if common:
            yield f'</dl><p class="all">{escape(common)}</p><dl>'
    yield "</dl>"


def _place(one: Shown, figure: Figure[Any]) -> str:
    """Return where in the page it stands how a figure is counted."""
    return f"{one.section.key}.{figure.key}"
