"""Our own address: does the product run here, does it hear everybody, and can others reach it?"""

from urllib.parse import urlsplit

import aiohttp

from chatops.cli.findings import Finding, Mark, broken, doubt, fine, note
from chatops.config import LOOPBACK, Config

TIMEOUT = aiohttp.ClientTimeout(total=6, sock_connect=3)


async def look(config: Config) -> list[Finding]:
    """Ask the running product how it is, and call it through its public address."""
    async with aiohttp.ClientSession(timeout=TIMEOUT, trust_env=False) as session:
        running = await _running(config, session)
        public = await _public(config, session, runs=running[0].mark is Mark.FINE)
    return [*running, *public, *_to_enter(config)]


async def _running(config: Config, session: aiohttp.ClientSession) -> list[Finding]:
    file = config.data_dir / "address"
    local = file.read_text(encoding="utf-8").strip() if file.is_file() else ""
    parts = (await _ask(session, f"{local}/health/ready")).get("parts") if local else None
    if not isinstance(parts, dict):
        return [note("chatops does not run on this machine now", "`chatops run` starts it.")]
    missing = [
        broken(f"the running product has no connection to: {name}", "Its log says why; this list may, too.")
        for name, stands in parts.items()
        if not stands
    ]
    return [fine(f"chatops runs and answers at {local}"), *missing]


async def _public(config: Config, session: aiohttp.ClientSession, *, runs: bool) -> list[Finding]:
    address = config.public_url.rstrip("/")
    if not runs or urlsplit(address).scheme not in {"https", "http"}:
        return []
    if (await _ask(session, f"{address}/health/live")).get("alive") is True:
        return [fine(f"chatops is reached at {address}")]
    if urlsplit(address).hostname in LOOPBACK:
        return []  # the settings say already that this address is of no use
    remedy = "Does the proxy or tunnel pass /tiktok/ and /health/ on to CHATOPS_LISTEN? Is the certificate valid?"
    return [doubt(f"chatops is not reached at {address} from here", remedy)]


async def _ask(session: aiohttp.ClientSession, url: str) -> dict[str, object]:
    """Return the JSON object at an address; an empty one when nothing of that kind is there."""
    try:
        async with session.get(url, allow_redirects=False) as response:
            found = await response.json()
    except (aiohttp.ClientError, OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _to_enter(config: Config) -> list[Finding]:
    address = config.public_url.rstrip("/")
    if not address:
        return []
    entered = [
        note(f"Partner Center → your app: webhook {address}/tiktok/shop/webhook"),
        note(f"Partner Center → your app: redirect {address}/tiktok/shop/callback"),
    ]
    if not config.socket_mode:
        fact = f"Slack app → Event Subscriptions and Interactivity: {address}/slack/events"
        entered.append(note(fact))
    return entered
