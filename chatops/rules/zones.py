"""Time zones as people write them: "Europe/Berlin", "berlin", "Ho Chi Minh"."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

MOST = 25  # suggestions
NEAR = 0.8  # of 1: as alike as "Berln" and "Berlin"; less brings Ceuta for CET


def named(words: str) -> str | None:
    """Return the zone of that name, or of the one city that is called so; None when there is none.

    A zone that was renamed has its new name: Europe/Kiev is Europe/Kyiv.
    """
    said = _plain(words)
    cities = {name for plain, name in _known().items() if plain.rpartition("/")[2] == said}
    return _known().get(said) or (cities.pop() if len(cities) == 1 else None)


def near(words: str) -> str:
    """Return the zone that was probably meant by a name that is none; "" when nothing is like it."""
    called = {_plain(name): name for name in _known().values()}
    called = {plain.rpartition("/")[2]: name for plain, name in called.items()} | called
    said = _plain(words)
    like = called.get(said.rpartition("/")[2])  # the right city on another continent
    return like or next((called[one] for one in get_close_matches(said, called, 1, NEAR)), "")


def known(name: str) -> str:
    """Return a zone's own name; "" for one that nobody knows here: a chat platform may know newer ones."""
    return name if name in _every() else ""


def first(*names: str) -> ZoneInfo:
    """Return the first zone that is named and known here, nearest to whoever reads in front; UTC when none is."""
    return ZoneInfo(next(filter(None, map(known, names)), "UTC"))


def like(words: str) -> list[str]:
    """Return zones whose name holds what was typed so far."""
    said = _plain(words)
    found = {name for plain, name in _known().items() if said in plain}
    return sorted(found, key=lambda name: (not _plain(name).rpartition("/")[2].startswith(said), name))[:MOST]


def _plain(words: str) -> str:
    return "_".join(words.split()).casefold()


@cache
def _every() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _known() -> Mapping[str, str]:
    """Return the zones of places, and UTC, each by its name of today, and also by those it had before."""
    names = (name for name in _every() if "/" in name and not name.startswith(("Etc/", "posix/", "right/")))
    renamed = _renamed()
    return {_plain(name): renamed.get(name, name) for name in sorted(names)} | {"utc": "UTC"}


def _renamed() -> Mapping[str, str]:
    """Return the names of today by those of before: links in tzdata of which its table of countries knows nothing."""
    release = files("tzdata") / "zoneinfo"
    lines = (release / "tzdata.zi").read_text("utf-8").splitlines()
    links = {old: new for _link, new, old in (line.split() for line in lines if line.startswith("L "))}
    of_countries = (release / "zone.tab").read_text("utf-8").split()
    return {old: new for old, new in links.items() if old not in of_countries}
