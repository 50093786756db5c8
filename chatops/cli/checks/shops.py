"""TikTok Shop: the permissions as they are stored, and what TikTok says to a signed call with each of them."""

import asyncio
import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chatops.app import shop_app
from chatops.cli.checks.database import Facts
from chatops.cli.findings import Finding, broken, clock, doubt, fine, in_words, note
from chatops.config import Config
from chatops.errors import PlatformError, RateLimited, TokenRevoked, Unavailable
from chatops.model.shop import Authorization, Shop
from chatops.platforms.tiktok import payloads
from chatops.platforms.tiktok.authorization import Authorization as Permissions
from chatops.platforms.tiktok.client import SETTINGS
from chatops.platforms.tiktok.codes import OUR_OWN_FAULT, StaleToken
from chatops.platforms.tiktok.gateway import Call, Gateway, Timeouts
from chatops.times import TimeSource

MESSAGES, ORDERS = "seller.customer_service", "seller.order.info"
TIMEOUTS = Timeouts(connect=3, read=5, total=6)
ENDS_SOON = timedelta(days=30)  # as early as TikTok itself begins to warn
CLOCK_AHEAD, CLOCK_BEHIND = timedelta(seconds=30), timedelta(minutes=5)  # what a signed call may be off
CONNECT = "`chatops shop connect`, and let the seller say yes again."


def stored(facts: Facts, now: datetime) -> list[Finding]:
    """Judge what the database says of each shop, without asking TikTok."""
    found = [finding for shop in facts.shops for finding in _stored(shop, _permission(shop, facts), now)]
    if facts.permissions:
        found.append(_notified(facts.notified_at, now))
    return found


def _notified(at: datetime | None, now: datetime) -> Finding:
    if at is None:
        return note("TikTok Shop never notified us", "Is the webhook address set in Partner Center → your app?")
    return note(f"TikTok Shop last notified us {in_words(now - at)} ago")


def _permission(shop: Shop, facts: Facts) -> Authorization | None:
    return facts.permissions.get(shop.authorization_id or "")


def _stored(shop: Shop, granted: Authorization | None, now: datetime) -> list[Finding]:
    found = []
    try:
        ZoneInfo(shop.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        fact = f"the time-zone data here does not know {shop.timezone}, the zone of shop {shop.name}"
        found.append(broken(fact, f"{sys.executable} -m pip install --upgrade tzdata"))  # there: we read no other data
    if granted is None:
        return [*found, broken(f"shop {shop.name} is not connected", "`chatops shop connect`")]
    if granted.revoked_reason is not None:
        return [*found, broken(f"the permission of shop {shop.name} was ended by TikTok or its seller", CONNECT)]
    return [*found, _validity(shop, granted, now), *_scopes(shop, granted)]


def _validity(shop: Shop, granted: Authorization, now: datetime) -> Finding:
    left = granted.refresh_expires_at - now
    day = f"{granted.refresh_expires_at:%Y-%m-%d}"
    if left <= timedelta():
        return broken(f"the permission of shop {shop.name} expired on {day}", CONNECT)
    if left < ENDS_SOON:
        return doubt(f"the permission of shop {shop.name} ends in {in_words(left)}, on {day}", CONNECT)
    return fine(f"shop {shop.name} is connected; the permission is valid until {day}")


def _scopes(shop: Shop, granted: Authorization) -> list[Finding]:
    scopes = granted.granted_scopes.split()
    enable = "Partner Center → your app → Manage API: enable it; then `chatops shop connect` again."
    if MESSAGES not in scopes:
        return [broken(f"shop {shop.name} did not grant {MESSAGES}: its messages cannot be read", enable)]
    if ORDERS not in scopes:
        return [doubt(f"shop {shop.name} did not grant {ORDERS}: tickets show no order", enable)]
    return []


async def look(config: Config, facts: Facts | None, time: TimeSource) -> list[Finding]:
    """Ask TikTok Shop; nothing when there is no app to ask for."""
    if not config.tiktok_shop_app_key or not config.tiktok_shop_app_secret.get_secret_value():
        return []
    gateway = Gateway(shop_app(config), time, timeouts=TIMEOUTS)
    try:
        ahead = -await gateway.clock_skew()
        judged = clock("TikTok's", ahead, ahead_limit=CLOCK_AHEAD, behind_limit=CLOCK_BEHIND)
        if not -CLOCK_BEHIND <= ahead <= CLOCK_AHEAD:  # every signed call would be refused
            return [judged]
        return [judged, *await _shops(gateway, facts, time.now())]
    except PlatformError as error:
        return [_failed(error, "TikTok Shop")]
    finally:
        await gateway.close()


async def _shops(gateway: Gateway, facts: Facts | None, now: datetime) -> list[Finding]:
    living = {
        key: granted
        for key, granted in (facts.permissions if facts else {}).items()
        if granted.revoked_reason is None and granted.refresh_expires_at > now
    }
    if facts is None or not living:
        return [note("the app key and secret are proven once a shop is connected")]
    asked = (_permitted(gateway, granted, facts, now) for granted in living.values())
    return [finding for findings in await asyncio.gather(*asked) for finding in findings]


async def _permitted(gateway: Gateway, granted: Authorization, facts: Facts, now: datetime) -> list[Finding]:
    """Try one permission, with the stored token only: renewing it is the running product's business."""
    covered = [shop for shop in facts.shops if shop.authorization_id == granted.id]
    names = ", ".join(shop.name for shop in covered)
    if granted.access_expires_at <= now:
        fact = f"the access token of {names} is {in_words(now - granted.access_expires_at)} too old to try a call"
        return [doubt(fact, "`chatops run` renews it by itself; then check again.")]
    try:
        opened = {shop.shop_id for shop in await Permissions(gateway).shops(granted.access_token)}
    except PlatformError as error:
        return [_failed(error, names)]
    return await asyncio.gather(*(_shop(gateway, granted, shop, opened) for shop in covered))


async def _shop(gateway: Gateway, granted: Authorization, shop: Shop, opened: set[str]) -> Finding:
    if shop.id not in opened:
        return broken(f"the permission does not open shop {shop.name} any more", CONNECT)
    try:
        data = await gateway.call(Call("GET", SETTINGS), granted.access_token, shop.cipher)
    except PlatformError as error:
        return _failed(error, shop.name)
    settings = payloads.read(data, payloads.AgentSettings)
    if settings is not None and settings.can_accept_chat is False:
        remedy = 'Seller Center, as the owner → Customer messages → Settings: turn "accept chats" on.'
        return doubt(f"shop {shop.name}: TikTok assigns no chats to the owner, in whose name we answer", remedy)
    return fine(f"shop {shop.name} answers signed calls, and TikTok assigns chats to its owner")


def _failed(error: PlatformError, names: str) -> Finding:
    match error:
        case RateLimited():
            return doubt(f"{names}: TikTok asks us to slow down ({error.code})", "Run `chatops check` again later.")
        case PlatformError(code="address_not_allowed"):
            remedy = "Partner Center → your app → IP allow list: add this machine's address, or switch the list off."
            return broken("TikTok does not take calls from this machine's address", remedy)
        case PlatformError(code=code) if code in OUR_OWN_FAULT:
            remedy = "Copy TIKTOK_SHOP_APP_KEY and TIKTOK_SHOP_APP_SECRET from Partner Center → your app again."
            return broken(f"TikTok does not take the app key or secret ({code})", remedy)
        case StaleToken() | TokenRevoked():
            return broken(f"TikTok does not take the permission of {names} any more", CONNECT)
        case Unavailable():
            remedy = "Is this machine online, and may it reach TIKTOK_SHOP_API_URL?"
            return broken(f"TikTok Shop does not answer ({error.code})", remedy)
        case _:
            return broken(f"{names}: TikTok refused a signed call ({error})", CONNECT)
