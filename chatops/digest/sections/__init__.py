"""The sections of a digest: every module here holds one, under the name `SECTION`."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from chatops.digest.section import Figure, Section


@cache
def every() -> tuple[Section[Any], ...]:
    """Return all sections in their order."""
    found = (import_module(f"{__name__}.{one.name}").SECTION for one in iter_modules(__path__))
    return tuple(sorted(found, key=lambda section: section.place))


def named(key: str) -> Section[Any] | None:
    """Return the section of this key."""
    return next((section for section in every() if section.key == key), None)


def figure(name: str) -> tuple[Section[Any] | None, Figure[Any] | None]:
    """Return the section and the figure of a name such as `volume.messages`; None for what there is not."""
    key, _dot, figure_key = name.partition(".")
    section = named(key)
    return section, next((one for one in section.figures if one.key == figure_key), None) if section else None
