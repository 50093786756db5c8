"""What somebody wrote into a form and has not let count yet: what it would come to, or what is wrong with it."""

from collections.abc import Sequence

from chatops.cards.refusals import why_refused
from chatops.cards.verbs import button
from chatops.catalog import Verb
from chatops.errors import Refused
from chatops.i18n import _
from chatops.model.form_draft import FormDraft
from chatops.ui import Button, Card, Controls, Paragraph, Part, Quote, Small, Strong, Tone
from chatops.words import one_line

LINES = 12  # that change, of the text


def about(draft: FormDraft) -> str:
    """Return the ref of what is done with a draft as it was shown."""
    return f"{draft.key}/{draft.reading}"


def again(draft: FormDraft) -> Button:
    """Return the button that opens a form with what was written into it."""
    return button(Verb.AGAIN, draft.key)


def wrong(why: Refused, draft: FormDraft) -> Card:
    """Return, privately, what is wrong with a draft, with the way to go on with it."""
    said, kept = why_refused(why), _("What you wrote is kept as your draft.")
    parts = (Paragraph((said,)), Small((kept,)), Controls((again(draft),)))
    return Card(summary=f"{said} {kept}", tone=Tone.WARN, parts=parts)


def trial(
    draft: FormDraft,
    name: str,
    lines: Sequence[str],
    below: Sequence[Part],
    save: Verb,
    ways: Sequence[Button] = (),
    *,
    said: str = "",
    tone: Tone = Tone.NEUTRAL,
) -> Card:
    """Return, privately, which lines a draft would change and what it would come to, with the ways to go on.

    `below` stands below the lines, `ways` beside the buttons to let it count and to change it again, and `said` in the
    summary.
    """
    title, shown = _("Not in place yet"), "\n".join(lines[:LINES])
    changed = Quote(shown) if shown else Paragraph((_("Nothing would change."),))
    saved = (button(save, about(draft), Tone.GOOD),) if shown else ()
    parts = (Paragraph((Strong(one_line(name)),)), changed, *below, Controls((*saved, *ways, again(draft))))
    return Card(title=title, summary="\n".join(filter(None, [title, shown, said])), tone=tone, parts=parts)
