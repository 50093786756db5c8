"""TikTok Shop on loopback: one server for the business API, the token endpoints and the seller's authorize page.

Faults are planned by request name: `token_get`, `token_refresh`, `authorized_shops`, `get_conversations`,
`create_conversation`, `get_conversation`, `get_messages`, `send_message`, `mark_read`, `upload_image`,
`get_agent_settings`, `put_agent_settings`, `get_performance`, `get_orders`, `search_orders`, `get_product`,
`get_webhooks`, `put_webhook`, `delete_webhook`, `picture` (downloads) and `webhook` (what the world sends).
SLOW, GARBAGE and DROP_AFTER happen after the request took effect, all others instead of it. `Fault.code` of ERROR is
the platform's number. For `webhook`: DROP_AFTER delivers and loses the answer, GARBAGE cuts the body under the
signature of the whole, SLOW delays, everything else loses the try; each is followed by the platform's retries.

Unconfirmed facts are the fields of `assumptions.Assumptions`, reachable as `world.assumptions`.
"""

import asyncio
import itertools
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from aiohttp import web

from chatops.sandbox.faults import Faults
from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.assumptions import Assumptions
from chatops.sandbox.tiktok.authorizations import Authorization, Authorizations
from chatops.sandbox.tiktok.changes import Changes
from chatops.sandbox.tiktok.chat import Chat
from chatops.sandbox.tiktok.customer_service import CustomerService
from chatops.sandbox.tiktok.front import Front, RequestRecord
from chatops.sandbox.tiktok.gateway import Gateway
from chatops.sandbox.tiktok.limits import Limits
from chatops.sandbox.tiktok.media import Media
from chatops.sandbox.tiktok.orders import Orders
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.pictures import plain_png
from chatops.sandbox.tiktok.shops import Shops
from chatops.sandbox.tiktok.snapshot import snapshot
from chatops.sandbox.tiktok.state import (
    SCOPES,
    App,
    Conversation,
    Json,
    Message,
    Order,
    Picture,
    Product,
    Profile,
    Shop,
    State,
    seconds,
)
from chatops.sandbox.tiktok.tokens import Tokens
from chatops.sandbox.tiktok.webhooks import (
    ORDER_STATUS_CHANGE,
    SELLER_DEAUTHORIZATION,
    UPCOMING_AUTHORIZATION_EXPIRATION,
    Notification,
    WebhookPolicy,
    Webhooks,
)

LARGEST_REQUEST = 64 * 1024 * 1024
WARNED_BEFORE_END = timedelta(days=30)


class TikTokWorld:
    """A stateful, strict TikTok Shop; build apps and shops before or after `start`, all else after."""

    def __init__(self, time: StoryTime, faults: Faults | None = None) -> None:
        self.time = time
        self.faults = faults if faults is not None else Faults()
        self.assumptions = Assumptions()
        self.limits = Limits(self.assumptions)
        self._changes = Changes()
        self._state = State(time, self.assumptions)
        self._authorizations = Authorizations(self._state)
        self._webhooks = Webhooks(self._state, self._changes, self.faults)
        self._chat = Chat(self._state, self._webhooks, self._changes)
        self._front = Front(self._state, self.faults)
        self._media = Media(self._state, self._authorizations, self._front, lambda: self.url)
        self._tokens = Tokens(self._state, self._authorizations, self._front, self._changes)
        served = (CustomerService(self._state, self._chat, self._webhooks), Orders(self._state), Shops(self._state))
        endpoints = [endpoint for part in (*served, self._media) for endpoint in part.endpoints()]
        self._gateway = Gateway(self._state, self._authorizations, self.limits, self._front, endpoints)
        self._buyers: dict[str, Buyer] = {}
        self._names = itertools.count(1)
        self._runner: web.AppRunner | None = None
        self._warnings: asyncio.Task[None] | None = None
        self._port = 0

    async def start(self, port: int = 0) -> None:
        """Serve on 127.0.0.1, on a free port unless `port` is given; a second start keeps the first one's port."""
        served = web.Application(client_max_size=LARGEST_REQUEST)
        served.add_routes(self._tokens.routes())
        served.router.add_get("/pictures/{name}", self._media.serve)
        served.router.add_route("*", "/{path:.*}", self._gateway.serve)
        self._runner = web.AppRunner(served, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port or self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        await self._webhooks.start()
        self._warnings = asyncio.create_task(self._warn_daily())

    async def stop(self) -> None:
        """Stop serving and forget every webhook that is still to be sent; what was stored stays."""
        if self._warnings is not None:
            self._warnings.cancel()
            await asyncio.gather(self._warnings, return_exceptions=True)
        await self._webhooks.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The base address of business API, token endpoints and authorize page; RuntimeError before `start`."""
        if not self._port:
            raise RuntimeError("start the world first: pictures and addresses need its port")
        return f"http://127.0.0.1:{self._port}"

    # Apps, shops, permissions

    def create_app(
        self,
        *,
        app_key: str = "29a39d",
        app_secret: str = "e59af819cc",  # noqa: S107 - the published example, no secret
        service_id: str = "7000714532876273421",
        scopes: Sequence[str] = SCOPES,
        webhook_url: str | None = None,
        redirect_url: str | None = None,
    ) -> App:
        """Register an app; `webhook_url` and `redirect_url` may be set on it later."""
        app = App(app_key, app_secret, service_id, tuple(scopes), webhook_url, redirect_url)
        self._state.apps[app_key] = app
        return app

    def create_shop(
        self,
        app: App,
        *,
        id: str | None = None,  # noqa: A002 - the platform's name
        name: str = "Maomao beauty shop",
        region: str = "GB",
        seller_type: str = "LOCAL",
        authorized: bool = True,
    ) -> Shop:
        """Open a shop; unless `authorized` is False the seller has already granted the app its scopes."""
        new = self._state.new_id
        cipher, code = f"GCP_{secrets.token_urlsafe(24)}", f"{region}LC{secrets.token_hex(4).upper()}"
        shop = Shop(app, id or new(), name, region, seller_type, cipher, code, new(), new())
        self._state.shops[shop.id] = shop
        if authorized:
            self._authorizations.grant(app, [shop])
        self._changes.ring()
        return shop

    def authorize(self, app: App, shops: Shop | Sequence[Shop]) -> str:
        """Let the seller press Authorize; returns the one-use code (30 minutes) of the redirect."""
        return self._authorizations.code(app, [shops] if isinstance(shops, Shop) else list(shops))

    def redirect(self, app: App, shops: Shop | Sequence[Shop], state: str = "") -> str:
        """Authorize and return the whole address the seller's browser is sent to."""
        chosen = [shops] if isinstance(shops, Shop) else list(shops)
        return self._tokens.redirect(app, chosen, self.authorize(app, chosen), state)

    def authorization(self, shop: Shop) -> Authorization | None:
        """Return the newest permission for `shop` with its tokens, their ends and the count of refreshes."""
        return self._authorizations.newest(shop)

    @property
    def token_refreshes(self) -> int:
        """How many refreshes succeeded."""
        return sum(one.name == "token_refresh" and one.code == 0 for one in self.requests)

    def revoke(self, shop: Shop) -> Notification | None:
        """Let the seller withdraw the permission; webhook 6 tells the app."""
        self._authorizations.revoke(shop)
        self._changes.ring()
        message = f"Shop_id {shop.id} is deauthorized from your APP by merchant."
        return self._webhooks.notify(shop, SELLER_DEAUTHORIZATION, {"message": message})

    # People and what they do

    def create_buyer(self, shop: Shop, nickname: str = "Mia", avatar: str | None = None) -> Buyer:
        """Bring in a buyer; the conversation opens with the first message."""
        new = self._state.new_id
        face = avatar if avatar is not None else self._face()
        profile = Profile(shop, new(), new(), nickname, face)
        self._state.profiles[profile.user_id] = profile
        buyer = Buyer(profile, self._state, self._chat, self._media, self._changes)
        self._buyers[profile.user_id] = buyer
        self._changes.ring()
        return buyer

    async def seller_center_replies(
        self,
        conversation: Conversation | Buyer | str,
        text: str,
        role: str = "CUSTOMER_SERVICE",
        *,
        visible: bool = True,
    ) -> Message:
        """Answer from Seller Center (or as ROBOT, SYSTEM, SHOP), past the API; the webhook echoes it."""
        return self._chat.post(self._conversation(conversation), "TEXT", {"content": text}, role, visible=visible)[0]

    def agent(self, conversation: Conversation | Buyer | str, *, joins: bool) -> None:
        """Let an agent join or leave; webhook 13 tells about both."""
        self._chat.agent(self._conversation(conversation), joins=joins)

    def notify(self, shop: Shop, kind: int, data: Json) -> Notification | None:
        """Send any webhook, also of an unknown type."""
        return self._webhooks.notify(shop, kind, data)

    # Goods

    def create_product(
        self,
        shop: Shop,
        title: str = "Headlight bulb",
        *,
        price: str = "10.00",
        currency: str = "USD",
        status: str = "ACTIVATE",
        image: str | None = None,
    ) -> Product:
        """Offer a product; `price` is a decimal string."""
        new, picture = self._state.new_id, image if image is not None else self._face()
        product = Product(shop, new(), new(), title, price, currency, status, picture, self.time.now())
        self._state.products[product.id] = product
        return product

    def create_order(
        self,
        shop: Shop,
        buyer: Buyer,
        products: Sequence[Product] = (),
        status: str = "AWAITING_SHIPMENT",
        **fields: object,
    ) -> Order:
        """Let a buyer order one unit of each of `products`; `fields` overrides or adds fields of the order's answer."""
        now = self.time.now()
        order = Order(shop, self._state.new_id(), buyer.profile, status, list(products), now, now, dict(fields))
        self._state.orders[order.id] = order
        return order

    def change_order(self, order: Order, status: str) -> Notification | None:
        """Move an order on; webhook 1 tells about it."""
        order.status, order.updated_at = status, self.time.now()
        data = {"order_id": order.id, "order_status": status, "is_on_hold_order": False}
        return self.notify(order.shop, ORDER_STATUS_CHANGE, {**data, "update_time": seconds(order.updated_at)})

    # Looking on

    @property
    def webhooks(self) -> list[Notification]:
        """Every notification so far with its tries."""
        return self._webhooks.log

    @property
    def webhook_policy(self) -> WebhookPolicy:
        """How well webhooks work; its fields may be changed at any time."""
        return self._webhooks.policy

    def release_webhooks(self) -> None:
        """Send what `webhook_policy.hold` keeps back, out of order."""
        self._webhooks.release()

    async def settled(self) -> None:
        """Return once no webhook is in flight or due; tries planned for later and held ones do not count."""
        await self._webhooks.settled()

    @property
    def requests(self) -> list[RequestRecord]:
        """Every request so far, without secrets."""
        return self._front.log

    @property
    def sensitive_words(self) -> set[str]:
        """Lower-case words for which a text is refused; may be changed."""
        return self._state.sensitive_words

    @property
    def conversations(self) -> list[Conversation]:
        """Every conversation, oldest first."""
        return list(self._state.conversations.values())

    @property
    def buyers(self) -> list[Buyer]:
        """Every buyer, in order of appearance."""
        return list(self._buyers.values())

    def picture(self, url: str) -> Picture | None:
        """Return the picture hosted at this address of the world."""
        return self._state.pictures.get(urlsplit(url).path)

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` after every visible change; returns a function that ends this."""
        return self._changes.listen(callback)

    def state(self) -> Json:
        """Return shops, buyers and conversations with their messages, ready for JSON."""
        return snapshot(self._state, self._authorizations)

    def _conversation(self, named: Conversation | Buyer | str) -> Conversation:
        if isinstance(named, Buyer):
            return named.conversation
        return self._state.conversations[named] if isinstance(named, str) else named

    def _face(self) -> str:
        number = next(self._names)
        colour = (number * 67 % 200 + 40, number * 131 % 200 + 40, number * 29 % 200 + 40)
        return self._media.host(plain_png(64, 64, colour), None).url

    async def _warn_daily(self) -> None:
        while True:
            tomorrow = self.time.now().date() + timedelta(days=1)
            await self.time.wait_until(datetime.combine(tomorrow, datetime.min.time(), UTC))
            for one in self._authorizations.all():
                left = one.ends_at - self.time.now()
                if timedelta() < left <= WARNED_BEFORE_END:
                    self._warn(one, left)

    def _warn(self, ending: Authorization, left: timedelta) -> None:
        for shop in ending.shops:
            message = f"Authorization of shop_id {shop.id} is expiring in {left.days} days."
            data = {"message": message, "expiration_time": str(seconds(ending.ends_at))}
            self._webhooks.notify(shop, UPCOMING_AUTHORIZATION_EXPIRATION, data)
