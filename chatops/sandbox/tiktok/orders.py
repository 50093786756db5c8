"""Orders and products: what the cards of a conversation refer to."""

from chatops.sandbox.tiktok.gateway import Call, Endpoint
from chatops.sandbox.tiktok.pages import LOCALES, page_token
from chatops.sandbox.tiktok.refusals import NOT_FOUND, RefusalError
from chatops.sandbox.tiktok.state import Json, Order, Product, State, seconds

IDS_CAP = 50
ORDERS_CAP = 100
ORDER = "seller.order.info"
INSTANTS = frozenset({"create_time_ge", "create_time_lt", "update_time_ge", "update_time_lt"})
FILTERS = INSTANTS | {"order_status", "shipping_type", "buyer_user_id", "is_buyer_request_cancel", "warehouse_ids"}
SEARCH = frozenset({"page_size", "page_token", "sort_field", "sort_order"})


class Orders:
    """Serves order and product details, for the cards in a conversation."""

    def __init__(self, state: State) -> None:
        self._state = state

    def endpoints(self) -> list[Endpoint]:
        """Return what to serve."""
        ids, search, product = (
            frozenset({"ids"}),
            "/order/202309/orders/search",
            "/product/202309/products/{product_id}",
        )
        locale, basic = frozenset({"locale"}), "seller.product.basic"
        return [
            Endpoint("get_orders", "GET", "/order/202507/orders", self._details, scope=ORDER, query=ids),
            Endpoint("get_orders", "GET", "/order/202309/orders", self._details, scope=ORDER, query=ids),
            Endpoint("search_orders", "POST", search, self._search, scope=ORDER, query=SEARCH, optional=FILTERS),
            Endpoint("get_product", "GET", product, self._product, scope=basic, query=locale),
        ]

    async def _details(self, call: Call) -> Json:
        ids = [one for one in call.query.get("ids", "").split(",") if one]
        if not ids or len(ids) > IDS_CAP:
            raise call.parameters.invalid("ids")
        found = [self._state.orders[one] for one in ids if one in self._state.orders]
        return {"orders": [order_answer(order) for order in found if order.shop is call.shop]}

    async def _search(self, call: Call) -> Json:
        size, scope = call.parameters.page_size(1, ORDERS_CAP, default=20), f"orders:{call.shop.id}"
        newest_first = call.parameters.choice("sort_order", ("DESC", "ASC")) == "DESC"
        field = call.parameters.choice("sort_field", ("create_time", "update_time"))
        for name in INSTANTS & call.body.keys():
            if type(call.body[name]) is not int:
                raise call.parameters.invalid(name)
        wanted = [one for one in self._state.orders.values() if one.shop is call.shop and _matches(one, call.body)]

        def key(order: Order) -> tuple[int, ...]:
            return (seconds(order.created_at if field == "create_time" else order.updated_at), int(order.id))

        rest = sorted(wanted, key=key, reverse=newest_first)
        if (after := call.parameters.position(scope)) is not None:
            rest = [one for one in rest if (key(one) < after if newest_first else key(one) > after)]
        page = rest[:size]
        token = page_token(scope, key(page[-1])) if len(rest) > size else ""
        return {
            "next_page_token": token,
            "total_count": len(wanted),
            "orders": [order_answer(order) for order in page],
        }

    async def _product(self, call: Call) -> Json:
        call.parameters.choice("locale", LOCALES, default="en")
        product = self._state.products.get(call.path["product_id"])
        if product is None or product.shop is not call.shop:
            raise RefusalError(NOT_FOUND)
        return product_answer(product)


def _matches(order: Order, wanted: Json) -> bool:
    created, updated = seconds(order.created_at), seconds(order.updated_at)
    return bool(
        wanted.get("buyer_user_id", order.profile.user_id) == order.profile.user_id
        and wanted.get("order_status", order.status) == order.status
        and wanted.get("create_time_ge", created) <= created < wanted.get("create_time_lt", created + 1)
        and wanted.get("update_time_ge", updated) <= updated < wanted.get("update_time_lt", updated + 1)
    )


def order_answer(order: Order) -> Json:
    """Return an order as the order endpoints show it; one line is one unit, money is a decimal string."""
    currency = order.products[0].currency if order.products else "USD"
    total = f"{sum(float(product.price) for product in order.products):.2f}"
    return {
        "id": order.id,
        "status": order.status,
        "order_type": "NORMAL",
        "user_id": order.profile.user_id,
        "buyer_nickname": order.profile.nickname,
        "buyer_avatar": order.profile.avatar,
        "create_time": seconds(order.created_at),
        "update_time": seconds(order.updated_at),
        "is_buyer_request_cancel": False,
        "payment": {
            "currency": currency,
            "sub_total": total,
            "shipping_fee": "0.00",
            "total_amount": total,
            "tax": "0",
        },
        "shipping_type": "TIKTOK",
        "shipping_provider": "",
        "tracking_number": "",
        "packages": [],
        "line_items": [_line(order, product, place) for place, product in enumerate(order.products)],
        **order.fields,
    }


def _line(order: Order, product: Product, place: int) -> Json:
    return {
        "id": str(int(order.id) * 100 + place),
        "sku_id": product.sku_id,
        "product_id": product.id,
        "product_name": product.title,
        "sku_name": "Default",
        "sku_image": product.image,
        "original_price": product.price,
        "sale_price": product.price,
        "currency": product.currency,
        "display_status": order.status,
        "package_status": "TO_FULFILL",
        "room_id": "",
    }


def product_answer(product: Product) -> Json:
    """Return a product as the product endpoint shows it."""
    pictures = [{"uri": product.id, "urls": [product.image], "thumb_urls": [product.image], "width": 64, "height": 64}]
    price = {"currency": product.currency, "sale_price": product.price, "tax_exclusive_price": product.price}
    return {
        "id": product.id,
        "title": product.title,
        "status": product.status,
        "description": f"<p>{product.title}</p>",
        "main_images": pictures if product.image else [],
        "skus": [{"id": product.sku_id, "seller_sku": "", "sales_attributes": [], "price": price, "inventory": []}],
        "create_time": seconds(product.created_at),
        "update_time": seconds(product.created_at),
    }
