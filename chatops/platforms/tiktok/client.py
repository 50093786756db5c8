"""TikTok Shop as the rest of the product sees it: the `Marketplace` port."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import quote

from msgspec import Raw, Struct

from chatops.errors import Rejected, Unavailable, Unsure
from chatops.platforms.ports import (
    MarketConversation,
    MarketMessage,
    OfficialFigures,
    OrderFacts,
    Outgoing,
    OutgoingImage,
    OutgoingOrder,
    OutgoingProduct,
    OutgoingText,
    Receipt,
    ShopRef,
)
from chatops.platforms.tiktok import payloads
from chatops.platforms.tiktok.authorization import Authorization
from chatops.platforms.tiktok.codes import StaleToken
from chatops.platforms.tiktok.gateway import Call, Gateway, ShopApp, Timeouts
from chatops.platforms.tiktok.limits import CONVERSATIONS_PER_PAGE, IMAGE_BYTES, MESSAGES_PER_PAGE
from chatops.platforms.tiktok.media import MediaReader
from chatops.platforms.tiktok.tokens import FreshTokens, RefreshPlan, ShopAccess, TokenVault
from chatops.times import TimeSource

T = TypeVar("T")
S = TypeVar("S", bound=Struct)

CONVERSATIONS = "/customer_service/202309/conversations"
PERFORMANCE = "/customer_service/202407/performance"
SETTINGS = "/customer_service/202309/agents/settings"


@dataclass(frozen=True, slots=True)
class Persistence:
    """How often a read is tried in all while TikTok is not reachable; `first_wait` doubles from try to try."""

    tries: int = 3
    first_wait: timedelta = timedelta(milliseconds=500)


class TikTokShop:
    """The one client of TikTok Shop, for all shops; `owner` names this process among the replicas.

    Reads are tried again a few times while TikTok is `Unavailable`; whatever changes something is tried once, except
    that a token TikTok does not take is refreshed and the call repeated, because nothing was done.
    """

    def __init__(
        self,
        app: ShopApp,
        vault: TokenVault,
        clock: TimeSource,
        owner: str,
        *,
        trust_env: bool = False,
        timeouts: Timeouts | None = None,
        refresh_plan: RefreshPlan | None = None,
        persistence: Persistence | None = None,
    ) -> None:
        self._gateway = Gateway(app, clock, timeouts=timeouts, trust_env=trust_env)
        self._media = MediaReader(app, timeouts=timeouts, trust_env=trust_env)
        self.authorization = Authorization(self._gateway)
        self._tokens = FreshTokens(vault, self.authorization.refresh, clock, owner, refresh_plan)
        self._clock = clock
        self._persistence = persistence or Persistence()
        self._longest = (timeouts or Timeouts()).total

    async def __aenter__(self) -> Self:
        """Return the client; connections open by themselves."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the client."""
        await self.close()

    async def close(self) -> None:
        """Let running refreshes store their tokens, then close the connections."""
        await self._tokens.close()
        await self._media.close()
        await self._gateway.close()

    # What a conversation needs

    async def send(self, shop: ShopRef, conversation_id: str, content: Outgoing) -> Receipt:
        """Send to a buyer as a person of the shop; `Unsure` whenever TikTok may have done it.

        It takes no longer than one request may, a refresh of the tokens on the way included.
        """
        kind, inner = _written(content)
        body = {"type": kind, "content": payloads.compact(inner), "sender_role": "CUSTOMER_SERVICE"}
        path = f"/customer_service/202606/conversations/{_id(conversation_id)}/messages"
        sent = payloads.read(await self._once(shop, Call("POST", path, body=body, once=True)), payloads.Sent)
        if sent is None or not sent.message_id:
            raise Unsure("bad_answer", "accepted without a message id")
        return Receipt(external_id=str(sent.message_id))

    async def upload_image(self, shop: ShopRef, data: bytes, name: str) -> OutgoingImage:
        """Hand over a picture (jpg, png, gif or webp, at most 10 MB); doing it twice shows nowhere."""
        if len(data) > IMAGE_BYTES:
            raise Rejected("file_too_large")
        call = Call("POST", "/customer_service/202309/images/upload", picture=(name, data))
        found = _expect(await self._call(shop, call), payloads.Picture)
        return OutgoingImage(url=found.url, width=found.width, height=found.height)

    async def conversations(self, shop: ShopRef, page_token: str = "") -> tuple[Sequence[MarketConversation], str]:
        """Read one page of conversations (at most 20) and the token of the next page ("" at the end)."""
        page = await self._page(shop, Call("GET", CONVERSATIONS, _paged(CONVERSATIONS_PER_PAGE, page_token)))
        found = payloads.entries(page.conversations, payloads.WireConversation, payloads.conversation)
        return found, page.next_page_token or ""

    async def conversation(self, shop: ShopRef, conversation_id: str) -> MarketConversation:
        """Read who takes part in a conversation; whether one can send and the latest message are not told here."""
        path = f"/customer_service/202601/conversations/{_id(conversation_id)}"
        return payloads.conversation(_expect(await self._read(shop, Call("GET", path)), payloads.One).conversation)

    async def messages(
        self, shop: ShopRef, conversation_id: str, page_token: str = ""
    ) -> tuple[Sequence[MarketMessage], str]:
        """Read one page of messages (at most 10), newest first, and the token of the next page ("" at the end)."""
        query = _paged(MESSAGES_PER_PAGE, page_token) | {"sort_order": "DESC", "need_plaintext": "true"}
        page = await self._page(shop, Call("GET", f"{CONVERSATIONS}/{_id(conversation_id)}/messages", query))
        found = payloads.entries(
            page.messages, payloads.WireMessage, lambda wire: payloads.message(wire, conversation_id)
        )
        return found, page.next_page_token or ""

    async def mark_read(self, shop: ShopRef, conversation_id: str) -> None:
        """Mark a conversation's buyer messages as read."""
        await self._call(shop, Call("POST", f"{CONVERSATIONS}/{_id(conversation_id)}/messages/read", body={}))

    async def latest_order(self, shop: ShopRef, buyer_user_id: str) -> OrderFacts | None:
        """Read the buyer's newest order; None when there is none or the scope is not granted."""
        query = {"page_size": "1", "sort_field": "create_time", "sort_order": "DESC"}
        call = Call("POST", "/order/202309/orders/search", query, body={"buyer_user_id": buyer_user_id})
        try:
            page = await self._page(shop, call)
        except Rejected as refused:
            if refused.code == "scope_missing":
                return None
            raise
        return next(iter(payloads.entries(page.orders, payloads.WireOrder, payloads.order)), None)

    async def official_figures(self, shop: ShopRef, start: date, end: date) -> OfficialFigures | None:
        """Read what TikTok counted of the days from `start` up to, and without, `end`; None: the scope is missing."""
        query = {"support_date_ge": start.isoformat(), "support_date_lt": end.isoformat()}
        try:
            found = _expect(await self._read(shop, Call("GET", PERFORMANCE, query)), payloads.Performed)
        except Rejected as refused:
            if refused.code == "scope_missing":
                return None
            raise
        return payloads.performed(found.performance)

    async def fetch_media(self, shop: ShopRef, url: str, limit: int) -> bytes:
        """Read a picture or video of a message; `Rejected("file_too_large")` beyond `limit` bytes."""
        access = await self._tokens.current(shop.shop_id)
        return await self._persist(lambda: self._media.read(url, limit, access))

    async def agent_settings(self, shop: ShopRef) -> bool:
        """Return whether TikTok assigns chats to the shop's owner, in whose name the product answers."""
        found = _expect(await self._read(shop, Call("GET", SETTINGS)), payloads.AgentSettings)
        return found.can_accept_chat is not False

    async def set_agent_settings(self, shop: ShopRef, *, can_accept_chat: bool) -> None:
        """Let TikTok assign chats to the shop's owner, or not; `Rejected` for False in a shop with a single agent."""
        await self._call(shop, Call("PUT", SETTINGS, body={"can_accept_chat": can_accept_chat}))

    async def keep_fresh(self, shop: ShopRef) -> None:
        """Refresh the shop's tokens if their end is near, so that no call has to wait for it."""
        await self._tokens.current(shop.shop_id)

    # How a call is made

    async def _call(self, shop: ShopRef, call: Call) -> Raw:
        return await self._with_token(shop, lambda access: self._gateway.call(call, access.access_token, access.cipher))

    async def _once(self, shop: ShopRef, call: Call) -> Raw:
        """Do a call that must not be done twice, so soon that whoever sends it still holds the lane."""
        under_way = False

        async def attempt(access: ShopAccess) -> Raw:
            nonlocal under_way
            under_way = True
            try:
                return await self._gateway.call(call, access.access_token, access.cipher)
            except StaleToken:
                under_way = False
                raise

        try:
            async with asyncio.timeout(self._longest):
                return await self._with_token(shop, attempt)
        except TimeoutError:
            raise (Unsure if under_way else Unavailable)("too_slow") from None

    async def _read(self, shop: ShopRef, call: Call) -> Raw:
        return await self._persist(lambda: self._call(shop, call))

    async def _page(self, shop: ShopRef, call: Call) -> payloads.Page:
        return _expect(await self._read(shop, call), payloads.Page, payloads.Page())

    async def _with_token(self, shop: ShopRef, attempt: Callable[[ShopAccess], Awaitable[T]]) -> T:
        """Attempt with the shop's key, and once more with a new one when TikTok does not take it: nothing was done."""
        access = await self._tokens.current(shop.shop_id)
        try:
            return await attempt(access)
        except StaleToken:
            access = await self._tokens.renewed(shop.shop_id, access)
        try:
            return await attempt(access)
        except StaleToken as still:
            self._tokens.rest(access.authorization_id)
            raise Unavailable("token_not_accepted", str(still)) from None

    async def _persist(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Attempt something that changes nothing, again after a growing, jittered wait while TikTok is unavailable."""
        wait = self._persistence.first_wait
        for _ in range(self._persistence.tries - 1):
            try:
                return await attempt()
            except Unavailable:
                pause = wait * (0.5 + random.random())  # noqa: S311 -- spreads the replicas, guards nothing
                await self._clock.wait(asyncio.Event(), self._clock.now() + pause)
                wait *= 2
        return await attempt()


def _paged(size: int, token: str) -> dict[str, str]:
    return {"page_size": str(size)} | ({"page_token": token} if token else {})


def _id(raw: str) -> str:
    return quote(raw, safe="")


def _expect(data: Raw, kind: type[S], empty: S | None = None) -> S:
    """Return the data as `kind`; `empty` stands for null."""
    found = empty if bytes(data) == b"null" else payloads.read(data, kind)
    if found is None:
        raise Unavailable("bad_answer", f"no {kind.__name__} in it")
    return found


def _written(content: Outgoing) -> tuple[str, dict[str, str | int]]:
    """Return TikTok's type of a message and its inner content."""
    match content:
        case OutgoingText(text):
            return "TEXT", {"content": text}
        case OutgoingImage(url, width, height):
            return "IMAGE", {"url": url, "width": width, "height": height}
        case OutgoingProduct(product_id):
            return "PRODUCT_CARD", {"product_id": product_id}
        case OutgoingOrder(order_id):
            return "ORDER_CARD", {"order_id": order_id}
