"""What acts read from a request, whoever acts."""

from typing import Any

from aiohttp import web

Json = dict[str, Any]


def who(request: web.Request) -> str:
    """Return the id of whoever acts."""
    return request.match_info["id"]


def words(asked: Json) -> str:
    """Return what shall be said; ValueError when that is nothing."""
    text = str(asked["text"])
    if not text.strip():
        raise ValueError("there is nothing to say")
    return text
