"""Reading the pictures and videos of messages, from wherever TikTok keeps them.

The address comes out of a message, so it is not trusted: https only, public addresses only, few redirects, each judged
again. Local shops in Indonesia need the seller's token to read a picture; it goes to TikTok's own hosts only.
"""

import aiohttp
from yarl import URL

from chatops.errors import PlatformError, RateLimited, Rejected, TargetGone, Unavailable
from chatops.platforms.tiktok.addresses import PublicResolver, is_loopback, is_public
from chatops.platforms.tiktok.gateway import ShopApp, Timeouts, read_up_to
from chatops.platforms.tiktok.limits import BACKOFF
from chatops.platforms.tiktok.tokens import ShopAccess

REDIRECTS = 3


class MediaReader:
    """Reads media; with `trust_env` the proxy of the environment decides which names may be reached."""

    def __init__(self, app: ShopApp, *, timeouts: Timeouts | None = None, trust_env: bool = False) -> None:
        self._app = app
        self._api = URL(app.api_url)
        self._on_loopback = is_loopback(self._api.host)
        self._timeouts = timeouts or Timeouts()
        self._trust_env = trust_env
        self._session: aiohttp.ClientSession | None = None

    async def read(self, address: str, limit: int, access: ShopAccess) -> bytes:
        """Return the bytes behind `address`; `Rejected("file_too_large")` beyond `limit`.

        `Rejected("address_refused")` for an address we do not visit, `TargetGone` when it has expired.
        """
        url = _parsed(address)
        for _ in range(REDIRECTS + 1):
            self._check(url)
            found = await self._visit(url, limit, access)
            if isinstance(found, bytes):
                return found
            url = found
        raise Unavailable("too_many_redirects")

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _check(self, url: URL) -> None:
        """Refuse an address that is not public https; a sandbox on this machine may point to this machine."""
        host = url.host or ""
        if self._on_loopback and is_loopback(host) and url.scheme in {"http", "https"}:
            return
        if url.scheme != "https" or not host or not is_public(host) or url.user is not None:
            raise Rejected("address_refused", "media are read from public https addresses only")

    def _ours(self, url: URL) -> bool:
        host = (url.host or "").lower()
        if (host, url.port) == (self._api.host, self._api.port):
            return True
        return url.scheme == "https" and any(host == own or host.endswith(f".{own}") for own in self._app.media_hosts)

    async def _visit(self, url: URL, limit: int, access: ShopAccess) -> bytes | URL:
        """Return what is there, or where it has moved."""
        headers = {"accept-encoding": "identity"}
        if self._ours(url):
            headers["x-tts-access-token"] = access.access_token
            url = url.update_query({"shop_cipher": access.cipher})
        trouble: PlatformError
        try:
            async with self._http.get(url, headers=headers, allow_redirects=False) as response:
                if response.status in {301, 302, 303, 307, 308} and (target := response.headers.get("Location")):
                    return url.join(_parsed(target))
                if response.status == 200:
                    body = await read_up_to(response, limit)
                    if body is not None:
                        return body
                    trouble = Rejected("file_too_large")
                else:
                    trouble = _refusal(response.status)
        except ValueError:
            trouble = Rejected("address_refused", "not an address")
        except (aiohttp.ClientError, OSError) as broken:
            trouble = Unavailable("unreachable", type(broken).__name__)
        raise trouble

    @property
    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            guarded = not (self._on_loopback or self._trust_env)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=PublicResolver()) if guarded else None,
                timeout=self._timeouts.client(),
                trust_env=self._trust_env,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


def _parsed(address: str) -> URL:
    """Return an address as it stands, for it may be signed; only what cannot go over the wire is encoded."""
    try:
        return URL(address, encoded=address.isascii() and address.isprintable() and " " not in address)
    except ValueError:
        raise Rejected("address_refused", "not an address") from None


def _refusal(status: int) -> PlatformError:
    word = f"http_{status}"
    if status == 429:
        return RateLimited(word, BACKOFF)
    if status >= 500 or status == 408:
        return Unavailable(word)
    return TargetGone(word, "the address has expired or is closed to us")
