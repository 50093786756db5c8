"""What may stand inside a message: one rule for each type that an app can send."""

import json
from collections.abc import Callable
from urllib.parse import urlsplit

from chatops.sandbox.tiktok.refusals import NOT_FOUND, SENSITIVE, RefusalError
from chatops.sandbox.tiktok.state import Json, Shop, State, compact

LONGEST_TEXT = 2000


class Contents:
    """Checks the `content` of a message on its way to a buyer and returns it as buyers and webhooks see it."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._rules: dict[str, Callable[[Json, Shop], Json]] = {
            "TEXT": self._text,
            "IMAGE": self._image,
            "VIDEO": self._video,
            "PRODUCT_CARD": self._product_card,
            "ORDER_CARD": self._order_card,
            "LOGISTICS_CARD": self._logistics_card,
            "RETURN_REFUND_CARD": self._return_card,
            "COUPON_CARD": self._coupon_card,
        }

    def accept(self, kind: object, content: object, shop: Shop) -> Json:
        """Return the inner object of an allowed message; raise the platform's refusal otherwise."""
        rule = self._rules.get(kind) if isinstance(kind, str) else None
        if rule is None:
            raise self._invalid("`type` cannot be sent")
        if not isinstance(content, str):
            raise self._invalid("`content` must be a JSON string")
        try:
            inner = json.loads(content)
            compact(inner).encode()  # half a surrogate pair cannot travel
        except (ValueError, RecursionError):
            raise self._invalid("`content` must be a JSON string") from None
        if not isinstance(inner, dict):
            raise self._invalid("`content` must hold an object")
        return rule(inner, shop)

    def _invalid(self, problem: str) -> RefusalError:
        code = self._state.assumptions.invalid_parameter_code
        return RefusalError(code, f"Invalid parameter. {problem}.", status=400)

    def _strings(self, inner: Json, *names: str, optional: frozenset[str] = frozenset()) -> None:
        if not set(names) <= inner.keys() <= optional.union(names):
            raise self._invalid(f"`content` takes {', '.join(names)}")
        if any(not isinstance(value, str) or not value for value in inner.values()):
            raise self._invalid("`content` takes non-empty strings")

    def _text(self, inner: Json, _: Shop) -> Json:
        self._strings(inner, "content")
        text: str = inner["content"]
        wide = self._state.assumptions.text_unit == "utf16"
        if (len(text.encode("utf-16-le", "surrogatepass")) // 2 if wide else len(text)) > LONGEST_TEXT:
            raise self._invalid(f"a text has at most {LONGEST_TEXT} characters")
        if any(word in text.casefold() for word in self._state.sensitive_words):
            raise RefusalError(SENSITIVE)
        return inner

    def _image(self, inner: Json, shop: Shop) -> Json:
        hosted = self._state.pictures.get(urlsplit(str(inner.get("url"))).path)
        if hosted is not None and (hosted.shop is not shop or hosted.url != inner.get("url")):
            hosted = None
        if hosted is None or inner != {"url": hosted.url, "width": hosted.width, "height": hosted.height}:
            raise self._invalid("`content` takes url, width and height as the upload returned them")
        return {"height": str(hosted.height), "url": hosted.url, "width": str(hosted.width)}

    def _video(self, inner: Json, _: Shop) -> Json:
        self._strings(inner, "vid")
        return inner

    def _product_card(self, inner: Json, shop: Shop) -> Json:
        self._strings(inner, "product_id")
        product = self._state.products.get(inner["product_id"])
        if product is None or product.shop is not shop:
            raise RefusalError(NOT_FOUND)
        return inner

    def _order_card(self, inner: Json, shop: Shop) -> Json:
        self._strings(inner, "order_id")
        self._check_order(inner, shop)
        return inner

    def _logistics_card(self, inner: Json, shop: Shop) -> Json:
        self._strings(inner, "order_id", optional=frozenset({"package_id"}))
        self._check_order(inner, shop)
        return inner

    def _return_card(self, inner: Json, shop: Shop) -> Json:
        self._strings(inner, "order_id", "sku_id")
        self._check_order(inner, shop)
        return inner

    def _coupon_card(self, inner: Json, _: Shop) -> Json:
        self._strings(inner, "coupon_id")
        return inner

    def _check_order(self, inner: Json, shop: Shop) -> None:
        order = self._state.orders.get(inner["order_id"])
        if order is None or order.shop is not shop:
            raise RefusalError(NOT_FOUND)
