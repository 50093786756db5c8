"""The forms of an answer."""

import json
from typing import Any

from aiohttp import web

from chatops.sandbox.discord.limits import Verdict
from chatops.sandbox.discord.message import Json
from chatops.sandbox.discord.refusals import Refusal

VIA = {"Via": "1.1 google"}  # the edge in front of Discord; answers without it come from Cloudflare
PAGE = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


def json_answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return a JSON answer; its type carries no charset, which discord.py would not recognise."""
    more = VIA | {"Content-Type": "application/json"} | (headers or {})
    return web.Response(body=json.dumps(body).encode(), status=status, headers=more)


def empty_answer(headers: dict[str, str] | None = None) -> web.Response:
    """Return 204."""
    return web.Response(status=204, headers=VIA | (headers or {}))


def refused(refusal: Refusal, headers: dict[str, str] | None = None) -> web.Response:
    """Return Discord's error object."""
    return json_answer(refusal.body(), refusal.status, headers)


def limited(verdict: Verdict) -> web.Response:
    """Return 429 as Discord words it, with the headers that tell a limit's scope."""
    wait = round(verdict.wait or 0.0, 3)
    everywhere = verdict.scope == "global"
    body: Json = {"message": "You are being rate limited.", "retry_after": wait, "global": everywhere}
    headers = verdict.headers | {"Retry-After": str(int(wait) + 1), "X-RateLimit-Scope": verdict.scope}
    return json_answer(body, 429, headers | ({"X-RateLimit-Global": "true"} if everywhere else {}))


def page(status: int, title: str) -> web.Response:
    """Return an HTML page from in front of Discord: no JSON, no Via."""
    return web.Response(status=status, text=PAGE.format(title), content_type="text/html")
