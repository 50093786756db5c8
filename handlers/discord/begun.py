"""What a command or form gave, until the message it made is heard: the way to answer, and the person's language.

Only a convenience, so it may be forgotten: without it, what is to be said to the person alone stands in the thread for
a moment, in the language known of them before.
"""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

MOST = 1_000


class Begun:
    """Remembers the newest commands and forms by their interactions' ids."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[str, str]] = OrderedDict()

    def keep(self, interaction_id: str, trigger: str, locale: str) -> None:
        """Remember an interaction that is about to make a message."""
        self._known[interaction_id] = trigger, locale
        if len(self._known) > MOST:
            self._known.popitem(last=False)

    def of(self, message: Mapping[str, Any]) -> tuple[str, str]:
        """Return the trigger and the language that belong to a message, empty when nothing is known."""
        made_by = (message.get("interaction_metadata") or {}).get("id") or ""
        return self._known.get(made_by, ("", ""))
