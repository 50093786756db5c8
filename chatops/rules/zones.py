"""Time zones as people write them: "Europe/Berlin", "berlin", "Ho Chi Minh"."""

from collections.abc import Mapping
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

MOST = 25  # suggestions


def named(words: str) -> str | None:
    """Return the zone of that name, or of the one city that is called so; None when there is none."""
    said = _plain(words)
    cities = {name for plain, name in _known().items() if plain.rpartition("/")[2] == said}
    return _known().get(said) or (cities.pop() if len(cities) == 1 else None)


def known(name: str) -> str:
    """Return a zone's own name; "" for one that nobody knows here: a chat platform may know newer ones."""
    return name if name in _every() else ""


def first(*names: str) -> ZoneInfo:
    """Return the first zone that is named and known here, nearest to whoever reads in front; UTC when none is."""
    return ZoneInfo(next(filter(None, map(known, names)), "UTC"))


def like(words: str) -> list[str]:
    """Return zones whose name holds what was typed so far."""
    said = _plain(words)
    found = [name for plain, name in _known().items() if said in plain]
    return sorted(found, key=lambda name: (not _plain(name).rpartition("/")[2].startswith(said), name))[:MOST]


def _plain(words: str) -> str:
    return "_".join(words.split()).casefold()


@cache
def _every() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _known() -> Mapping[str, str]:
    """Return the zones of places, and UTC."""
    names = (name for name in _every() if "/" in name and not name.startswith(("Etc/", "posix/", "right/")))
    return {_plain(name): name for name in (*sorted(names), "UTC")}
