"""Authorized shops and their own webhook addresses."""

from chatops.sandbox.tiktok.gateway import Call, Endpoint
from chatops.sandbox.tiktok.state import Json, State
from chatops.sandbox.tiktok.webhooks import TOPICS

LONGEST_ADDRESS = 255


class Shops:
    """Serves the shops of a token and the Event API."""

    def __init__(self, state: State) -> None:
        self._state = state

    def endpoints(self) -> list[Endpoint]:
        """Return what to serve."""
        hooks, info = "/event/202309/webhooks", "seller.authorization.info"
        topic, address = frozenset({"event_type"}), frozenset({"event_type", "address"})
        shops = "/authorization/202309/shops"
        return [
            Endpoint("authorized_shops", "GET", shops, self._authorized, scope=info, needs_cipher=False),
            Endpoint("get_webhooks", "GET", hooks, self._hooks, scope=None),
            Endpoint("put_webhook", "PUT", hooks, self._put_hook, scope=None, required=address),
            Endpoint("delete_webhook", "DELETE", hooks, self._delete_hook, scope=None, required=topic),
        ]

    async def _authorized(self, call: Call) -> Json:
        names = ("id", "name", "region", "seller_type", "cipher", "code")
        return {"shops": [{name: getattr(shop, name) for name in names} for shop in call.authorization.shops]}

    async def _hooks(self, call: Call) -> Json:
        hooks = [{"event_type": topic, **hook} for topic, hook in call.shop.webhooks.items()]
        return {"webhooks": hooks, "total_count": len(hooks)}

    async def _put_hook(self, call: Call) -> Json:
        topic, address = call.body["event_type"], call.body["address"]
        if topic not in TOPICS.values():
            raise call.parameters.invalid("event_type")
        if not isinstance(address, str) or not address.startswith("http") or len(address) > LONGEST_ADDRESS:
            raise call.parameters.invalid("address")
        now = int(self._state.time.now().timestamp() * 1000)
        created = call.shop.webhooks.get(topic, {}).get("create_time", now)
        call.shop.webhooks[topic] = {"address": address, "create_time": created, "update_time": now}
        return {}

    async def _delete_hook(self, call: Call) -> Json:
        call.shop.webhooks.pop(str(call.body["event_type"]), None)
        return {}
