"""The `data` and `plaintext` of messages: what the platform says about a card without further requests."""

from chatops.sandbox.tiktok.state import Json, Message, Order, Product, State

FIXED = {
    "IMAGE": "[Image]",
    "VIDEO": "[Video]",
    "EMOTICONS": "[Sticker]",
    "RETURN_REFUND_CARD": "[Return/refund]",
    "COUPON_CARD": "[Coupon]",
}


def plaintext(message: Message, state: State) -> str:
    """Return a message as one line for people."""
    inner = message.inner
    if (product := state.products.get(str(inner.get("product_id")))) is not None:
        return f"[Product] {product.title}, {product.currency} {product.price}"
    if (order := state.orders.get(str(inner.get("order_id")))) is not None:
        return f"[Order] {order.id}, {order.status}"
    return FIXED.get(message.type) or str(inner.get("content", f"[{message.type}]"))


def card_data(message: Message, state: State) -> Json:
    """Return the structured data behind a card; instants of LOGISTICS_CARD are milliseconds, all others seconds."""
    inner = message.inner
    product = state.products.get(str(inner.get("product_id")))
    order = state.orders.get(str(inner.get("order_id")))
    if product is not None:
        return _product(product)
    if order is not None and message.type == "LOGISTICS_CARD":
        return _logistics(order)
    if order is not None:
        return {
            "order_id": order.id,
            "order_status": order.status,
            "products": [_product(one) for one in order.products],
        }
    return inner


def _product(product: Product) -> Json:
    price = {"currency": product.currency, "sale_price": product.price}
    return {"product_id": product.id, "title": product.title, "image_url": product.image, "price": price}


def _logistics(order: Order) -> Json:
    at = int(order.updated_at.timestamp() * 1000)
    return {
        "order_id": order.id,
        "predict_delivery_time_min": at + 86_400_000,
        "predict_delivery_time_max": at + 3 * 86_400_000,
        "tracking": [{"description": "The parcel is on its way.", "update_time_millis": at}],
    }
