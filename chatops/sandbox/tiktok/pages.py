"""Parameters of lists: page sizes, page tokens that need percent-encoding, flags and choices."""

import base64
import json
from collections.abc import Collection, Mapping

from chatops.sandbox.tiktok.assumptions import Assumptions
from chatops.sandbox.tiktok.refusals import RefusalError

_PREFIX = b"\xfb\xef\xbf"  # "++//" in base64: a client that forgets to percent-encode breaks its own signature

LOCALES = frozenset(
    (
        *("de-DE", "en", "en-GB", "es-ES", "es-MX", "fr-FR", "id-ID"),
        *("it-IT", "ja-JP", "ms-MY", "pt-BR", "th-TH", "vi-VN", "zh-CN"),
    )
)


class Parameters:
    """Reads the query of one request and refuses what the endpoint does not understand."""

    def __init__(self, query: Mapping[str, str], assumptions: Assumptions) -> None:
        self._query = query
        self._assumptions = assumptions

    def invalid(self, name: str) -> RefusalError:
        """Return the refusal of a bad parameter."""
        return RefusalError(
            self._assumptions.invalid_parameter_code, f"Invalid parameter. `{name}` is missing or invalid.", status=400
        )

    def page_size(self, least: int, most: int, default: int | None = None) -> int:
        """Return how many rows the caller wants, at most `most`."""
        raw = self._query.get("page_size", "" if default is None else str(default))
        if not raw.isdecimal() or int(raw) < least:
            raise self.invalid("page_size")
        if int(raw) > most and self._assumptions.oversized_page == "refuse":
            raise self.invalid("page_size")
        return min(int(raw), most)

    def flag(self, name: str) -> bool:
        """Return a boolean, false when absent."""
        return self.choice(name, ("false", "true")) == "true"

    def choice(self, name: str, allowed: Collection[str], default: str | None = None) -> str:
        """Return one of `allowed`; the first of them (or `default`) when absent."""
        value = self._query.get(name, next(iter(allowed)) if default is None else default)
        if value not in allowed:
            raise self.invalid(name)
        return value

    def position(self, scope: str) -> tuple[int, ...] | None:
        """Return where the page token points to, None for the first page."""
        token = self._query.get("page_token", "")
        if not token:
            return None
        try:
            owner, *numbers = json.loads(base64.b64decode(token, validate=True).removeprefix(_PREFIX))
        except ValueError:
            raise self.invalid("page_token") from None
        if owner != scope:
            raise self.invalid("page_token")
        return tuple(int(number) for number in numbers)


def page_token(scope: str, position: tuple[int, ...]) -> str:
    """Return an opaque token with `+`, `/` and `=` in it."""
    raw = _PREFIX + json.dumps([scope, *position]).encode()
    return base64.b64encode(raw if len(raw) % 3 else raw + b" ").decode()
