"""PagerDuty tells that somebody acknowledged: it is believed by its signature alone."""

from collections.abc import AsyncIterator
from datetime import datetime

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from chatops.model.outlet import OutletKind, Turn
from chatops.platforms.outlets import Loudspeaker
from chatops.platforms.ports import Call
from chatops.sandbox.pagerduty import ROUTING_KEY, WEBHOOK_SECRET, PagerDutyWorld
from chatops.store import Store, Transaction
from chatops.times import SystemTime
from handlers.http.body import with_body
from handlers.http.pagerduty import LARGEST, PagerDutyWebhook
from handlers.http.serving import Listener


class Ears:
    """What listens, and what it took."""

    def __init__(self, store: Store) -> None:
        self.taken: list[tuple[str, str]] = []
        webhook = PagerDutyWebhook(store, SystemTime(), WEBHOOK_SECRET, self._take)
        route = Route("/pagerduty/webhook", with_body(webhook, LARGEST), methods=["POST"])
        self.listener = Listener(Starlette(routes=[route]), host="127.0.0.1", port=0)

    def _take(self, _tx: Transaction, page: str, name: str, _now: datetime, event_id: str) -> None:
        assert event_id
        self.taken.append((page, name))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.port}/pagerduty/webhook"


@pytest.fixture
async def ears(store: Store) -> AsyncIterator[Ears]:
    made = Ears(store)
    await made.listener.start()
    yield made
    await made.listener.stop()


async def test_an_acknowledgement_is_taken_and_a_forged_one_is_not(ears: Ears) -> None:
    async with PagerDutyWorld() as world:
        speaker = Loudspeaker(world.url)
        await speaker.send(OutletKind.PAGERDUTY, ROUTING_KEY, Call("p1", Turn.CALL, "A buyer waits"))
        assert await world.acknowledges("p1", ears.url, secret="another") == 401
        assert ears.taken == []
        assert await world.acknowledges("p1", ears.url) == 202
        assert ears.taken == [("p1", "Ana Pager")]
        for nobody in ("service_reference", "events_api_v2_inbound_integration_reference", ""):
            assert await world.acknowledges("p1", ears.url, kind=nobody) == 202
        assert ears.taken == [("p1", "Ana Pager")], "what ran out by itself, or was our own word, is nobody's answer"
        await speaker.close()


@pytest.mark.parametrize("signature", ["", "v1=", "v1=ÿÿ", "v2=0", ",,"])
async def test_a_signature_that_is_none_is_refused(ears: Ears, browser: aiohttp.ClientSession, signature: str) -> None:
    headers = {"X-PagerDuty-Signature": signature}
    async with browser.post(ears.url, data=b"{}", headers=headers) as answer:
        assert answer.status == 401
    assert ears.taken == []
