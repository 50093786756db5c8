"""What calendars show of a rotation."""

from collections.abc import Iterable
from datetime import datetime

from chatops.i18n import _
from chatops.model.oncall_feed import Stint
from chatops.rules.ical_feed import Item, written
from chatops.ui import Card, Paragraph, Quote, Small, Tone


def calendar(rotation: str, stints: Iterable[Stint], now: datetime, own: str = "") -> str:
    """Return a rotation as the text of an iCalendar file; what is the turn of `own` takes their time.

    Where nobody is on call an entry says so, unless it is somebody's own calendar.
    """
    return written(_("On call: {rotation}", rotation=rotation), [_item(rotation, one, own) for one in stints], now)


def _item(rotation: str, stint: Stint, own: str) -> Item:
    agent = stint.agent
    uid = f"{stint.start}-{agent.id if agent else 'nobody'}-{rotation.encode().hex()}@chatops.invalid"
    if agent is None:
        return Item(uid, stint.start, stint.end, _("⚠️ Nobody is on call: {rotation}", rotation=rotation), busy=False)
    said = _("{name} is on call: {rotation}", name=agent.name or agent.id, rotation=rotation)
    return Item(uid, stint.start, stint.end, said, busy=agent.id == own)


def address(rotation: str, url: str) -> Card:
    """Return the address at which somebody's calendar reads a rotation."""
    title = _("Your calendar of {rotation}", rotation=rotation)
    said = _("Subscribe to this address in your calendar. Who knows it reads who is on call, so keep it to yourself:")
    own = _("Only your own turns:")
    again = _("The address before it shows nothing any more. !oncall feed off takes this one back, too.")
    parts = (Paragraph((said,)), Quote(url), Paragraph((own,)), Quote(f"{url}&own=1"), Small((again,)))
    return Card(title=title, summary=f"{title}\n{said}", parts=parts)


def no_address(rotation: str) -> Card:
    """Return that calendars cannot read anything here yet."""
    title = _("Your calendar of {rotation}", rotation=rotation)
    said = _(
        "There is no address yet: whoever runs chatops has to set {setting} to the address at which others reach it.",
        setting="CHATOPS_PUBLIC_URL",
    )
    return Card(title=title, summary=f"{title}\n{said}", parts=(Paragraph((said,)),), tone=Tone.WARN)
