"""Connecting a shop by hand."""

from urllib.parse import parse_qs, urlsplit

import msgspec

from chatops.app import ask, shop_app, state_signer
from chatops.cli.orders import order
from chatops.config import Config, read_config
from chatops.errors import Rejected, SetupError
from chatops.platforms.tiktok.authorization import Authorization
from chatops.platforms.tiktok.gateway import Gateway
from chatops.times import SystemTime


async def authorize_address(region: str) -> str:
    """Return the address at which a seller gives the permission."""
    config = _configured()
    if not config.tiktok_shop_service_id:
        raise SetupError("TIKTOK_SHOP_SERVICE_ID is not set", "Partner Center → App & Service → your app shows it.")
    gateway = Gateway(shop_app(config), SystemTime())
    state = state_signer(config, SystemTime()).make()
    try:
        return Authorization(gateway).page(config.tiktok_shop_service_id, state, region)
    finally:
        await gateway.close()


def code_in(pasted: str) -> str:
    """Return the code in what somebody pasted: the whole address, or the code itself."""
    pasted = pasted.strip().strip("'\"")
    return parse_qs(urlsplit(pasted).query).get("code", [pasted])[0]


async def keep(code: str) -> tuple[list[str], list[str]]:
    """Trade a code for a permission and keep it; return the shops that are connected now, and all it opens."""
    config = _configured()
    gateway = Gateway(shop_app(config), SystemTime())
    try:
        granted, opened = await ask(Authorization(gateway), code)
    except Rejected as refused:
        if refused.code != "bad_auth_code":
            raise
        remedy = "A code works once and for 30 minutes: `chatops shop connect` prints an address that gives a new one."
        raise SetupError("TikTok does not take this code (any more)", remedy) from None
    finally:
        await gateway.close()
    args = {
        "granted": {name: _plain(value) for name, value in granted.model_dump(exclude={"version"}).items()},
        "shops": [msgspec.to_builtins(shop) for shop in opened],
    }
    answer = await order("shops_connected", args, config)
    return answer["connected"], [shop.shop_id for shop in opened]


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _configured() -> Config:
    config = read_config()
    if not config.tiktok_shop_app_key or not config.tiktok_shop_app_secret.get_secret_value():
        raise SetupError(
            "TIKTOK_SHOP_APP_KEY or TIKTOK_SHOP_APP_SECRET is not set",
            "Copy both from Partner Center → App & Service → your app into .env.",
        )
    return config
