"""What stands beside a report, and the link by which somebody outside of the chat reads it."""

from datetime import datetime

from chatops.cards.digest import titled
from chatops.cards.verbs import button, label
from chatops.catalog import Verb
from chatops.digest import kept
from chatops.i18n import _, moment, ngettext, weave
from chatops.model.digest import Digest
from chatops.ui import Button, Card, Controls, Link, Moment, MomentStyle, Paragraph, Part, Press, Quote, Small, Tone


def handed(digest: Digest, days: int | None) -> Card:
    """Return what stands beside the file of a report, with the way to a link for so many days.

    0: whoever reads it has no use for one; None: there can be none yet.
    """
    title, said = titled(digest), _("The report, to be opened in a browser, sent on or printed.")
    parts: list[Part] = [Small((said,))]
    if days:
        named = ngettext("Link for {count} day", "Link for {count} days", days)
        parts.append(Controls((Button(named, Press(Verb.REPORT_LINK, str(digest.id))),)))
    elif days is None:
        parts.append(Small((_no_link(days),)))
    return Card(title=title, summary=f"{title}\n{said}", parts=tuple(parts))


def address(digest: Digest, url: str, number: int, expires_at: datetime) -> Card:
    """Return the link to a report, with the way to withdraw it."""
    title = label(Verb.REPORT_LINK)
    days = titled(digest)
    said = _("Whoever has this link reads the report, without a password:")
    until = Moment(expires_at, MomentStyle.DATE_TIME, moment(expires_at, kept.window_of(digest).zone))
    parts = (
        Paragraph((Link(url, days),)),
        Paragraph((said,)),
        Quote(url),
        Small(weave("It is good until {moment}. A link of yours before it shows nothing any more.", moment=until)),
        Controls((button(Verb.REPORT_UNLINK, str(number)),)),
    )
    return Card(title=title, summary=f"{title}\n{days}\n{said}", parts=parts)


def no_address(digest: Digest, days: int | None) -> Card:
    """Return that there is no link to a report, and why."""
    title, said = titled(digest), _no_link(days)
    return Card(title=title, summary=f"{title}\n{said}", parts=(Paragraph((said,)),), tone=Tone.WARN)


def on_its_way() -> Card:
    """Return, privately, that a link comes to whoever asked for it."""
    said = _("The link comes to you as a direct message.")
    return Card(summary=said, parts=(Paragraph((said,)),))


def withdrawn() -> Card:
    """Return, privately, that a link shows nothing any more."""
    said = _("The link shows nothing any more.")
    return Card(summary=said, parts=(Paragraph((said,)),))


def _no_link(days: int | None) -> str:
    if days == 0:
        return _("Nobody wants links here: {setting} is 0 in desk.toml.", setting="report_link_days")
    return _(
        "There is no address yet: whoever runs chatops has to set {setting} to the address at which others reach it.",
        setting="CHATOPS_PUBLIC_URL",
    )
