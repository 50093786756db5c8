"""Whatever shape a field has, the server answers as Discord would and never stumbles itself."""

from collections import Counter
from typing import Any

import pytest

from chatops.sandbox.discord import messages, threads
from tests.sandbox.discord.conftest import Desk

ODD: tuple[Any, ...] = (None, -1, 1.5, "x", [], ["x"], [None], {}, {"a": 1}, [{}], [{"fields": "x", "components": [1]}])
FIELDS = (
    "content", "embeds", "components", "flags", "attachments", "allowed_mentions", "message_reference", "nonce",
    "name", "auto_archive_duration", "applied_tags", "message", "type", "archived", "available_tags", "topic",
)  # fmt: skip
ROUTES = {
    "saying": ("POST", "/channels/{text}/messages"),
    "editing": ("PATCH", "/channels/{text}/messages/{said}"),
    "opening a post": ("POST", "/channels/{forum}/threads"),
    "opening a thread": ("POST", "/channels/{text}/threads"),
    "altering a thread": ("PATCH", "/channels/{post}"),
    "altering a forum": ("PATCH", "/channels/{forum}"),
}


@pytest.mark.parametrize("what", ROUTES)
async def test_odd_fields_are_refused_and_nothing_breaks(desk: Desk, what: str) -> None:
    chief = desk.world.install_app("chief", permissions=1 << 3)
    said = messages.post(desk.server, desk.support, chief.bot, "x")
    post, _ = threads.open_post(desk.server, desk.tickets, chief.bot, "x", "y")
    method, address = ROUTES[what]
    path = address.format(text=desk.support.id, said=said.id, forum=desk.tickets.id, post=post.id)
    statuses: Counter[int] = Counter()
    for field in FIELDS:
        for value in ODD:
            body = {"name": "n", "message": {"content": "x"}} if method == "POST" and "threads" in path else {}
            statuses[(await desk.asks(method, path, chief.token, json=body | {field: value})).status] += 1
    assert statuses.keys() <= {200, 201, 400}
    assert statuses[400] > 50
