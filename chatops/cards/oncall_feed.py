"""What calendars show of a rotation."""

from collections.abc import Iterable
from datetime import datetime

from chatops.i18n import _
from chatops.model.oncall_feed import Stint
from chatops.rules.ical_feed import Item, written


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
