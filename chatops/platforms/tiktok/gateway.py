"""The wire to TikTok Shop: one signed request out, the answer's data or an error of our tree back.

Secrets travel in headers and, to the token host, in the query; so no address and no library error ever leaves this
file, and every known secret is blotted out of what TikTok wrote.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
import msgspec
from msgspec import Raw
from yarl import URL

from chatops.errors import PlatformError, Unavailable, Unsure
from chatops.platforms.tiktok import codes, payloads
from chatops.platforms.tiktok.addresses import checked
from chatops.platforms.tiktok.signing import sign
from chatops.times import TimeSource

API = "https://open-api.tiktokglobalshop.com"
AUTH = "https://auth.tiktok-shops.com"
AUTHORIZE = "https://services.tiktokshop.com/open/authorize"
AUTHORIZE_US = "https://services.us.tiktokshop.com/open/authorize"
LARGEST_ANSWER = 8 * 1024 * 1024
UNSAFE = re.compile(r"[^A-Za-z0-9._-]")  # in the name of a file


@dataclass(frozen=True, slots=True)
class ShopApp:
    """Our app in Partner Center, and where TikTok is; `media_hosts` and their subdomains may see a seller's token."""

    key: str
    secret: str = field(repr=False)
    api_url: str = API
    auth_url: str = AUTH
    authorize_url: str = AUTHORIZE
    authorize_us_url: str = AUTHORIZE_US
    media_hosts: tuple[str, ...] = ("tiktokglobalshop.com", "tiktok-shops.com", "tiktokshop.com")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long TikTok may take, in seconds: to accept a connection, between two pieces of an answer, in all."""

    connect: float = 5.0
    read: float = 20.0
    total: float = 30.0

    def client(self) -> aiohttp.ClientTimeout:
        """Return the same limits as aiohttp writes them."""
        return aiohttp.ClientTimeout(total=self.total, sock_connect=self.connect, sock_read=self.read)


@dataclass(frozen=True, slots=True)
class Call:
    """One business call; `once` says that doing it twice would show, so a broken connection must be `Unsure`."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    picture: tuple[str, bytes] | None = None  # file name and content, as multipart
    once: bool = False


class Gateway:
    """Calls TikTok Shop over one pool of connections; never tries anything twice."""

    def __init__(
        self, app: ShopApp, clock: TimeSource, *, timeouts: Timeouts | None = None, trust_env: bool = False
    ) -> None:
        self.app = app
        self.api = checked(app.api_url, "TIKTOK_SHOP_API_URL")
        self.auth = checked(app.auth_url, "TIKTOK_SHOP_AUTH_URL")
        self._clock = clock
        self._timeouts = timeouts or Timeouts()
        self._trust_env = trust_env
        self._session: aiohttp.ClientSession | None = None

    async def call(self, call: Call, token: str, cipher: str = "") -> Raw:
        """Do a business call with a seller's token and return the `data` of its answer."""
        query = {**call.query, "app_key": self.app.key, "timestamp": str(int(self._clock.now().timestamp()))}
        if cipher:
            query["shop_cipher"] = cipher
        body = b"" if call.body is None else msgspec.json.encode(call.body)
        query["sign"] = sign(self.app.secret, call.path, query, body)
        headers = {"x-tts-access-token": token}
        data: bytes | aiohttp.FormData | None = body or None
        if call.picture is not None:
            name, content = call.picture
            data = aiohttp.FormData()
            data.add_field("data", content, filename=UNSAFE.sub("_", name)[-64:] or "image")
        else:
            headers["content-type"] = "application/json"
        url = URL(f"{self.api}{call.path}", encoded=True).with_query(query)
        secrets = (self.app.secret, token, cipher, query["sign"])
        return await self._answer(call.method, url, headers, data, once=call.once, secrets=secrets)

    async def ask_for_tokens(self, path: str, query: Mapping[str, str], secrets: Iterable[str]) -> Raw:
        """Ask the token host, which takes secrets in the query and wants no signature."""
        url = URL(f"{self.auth}{path}", encoded=True).with_query(
            {"app_key": self.app.key, "app_secret": self.app.secret, **query}
        )
        return await self._answer("GET", url, {}, None, once=False, secrets=(self.app.secret, *secrets))

    async def clock_skew(self) -> timedelta:
        """Return how far TikTok's clock (its `Date` header, whole seconds) is ahead of ours."""
        trouble: PlatformError
        before = self._clock.now()
        try:
            async with self._http.get(f"{self.api}/authorization/202309/shops", allow_redirects=False) as response:
                date = parsedate_to_datetime(response.headers.get("Date", ""))
                date = date if date.tzinfo else date.replace(tzinfo=UTC)
                return date - before - (self._clock.now() - before) / 2
        except (ValueError, OverflowError):
            trouble = Unavailable("bad_answer", "no usable Date header")
        except (aiohttp.ClientError, OSError) as broken:
            trouble = Unavailable("unreachable", type(broken).__name__)
        raise trouble

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=self._timeouts.client(),
                trust_env=self._trust_env,
                cookie_jar=aiohttp.DummyCookieJar(),
                middlewares=(only_once,),
            )
        return self._session

    async def _answer(
        self,
        method: str,
        url: URL,
        headers: Mapping[str, str],
        data: bytes | aiohttp.FormData | None,
        *,
        once: bool,
        secrets: Iterable[str],
    ) -> Raw:
        lost: type[PlatformError] = Unsure if once else Unavailable
        trouble: PlatformError
        try:
            async with self._http.request(method, url, headers=headers, data=data, allow_redirects=False) as response:
                body = await read_up_to(response, LARGEST_ANSWER)
                found = self._judge(response, body, lost, once=once, secrets=secrets)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as broken:
            trouble = Unavailable("unreachable", type(broken).__name__)  # nothing has left
        except (aiohttp.ClientError, OSError) as broken:  # TimeoutError is an OSError
            trouble = lost("connection_lost", type(broken).__name__)
        else:
            if isinstance(found, Raw):
                return found
            trouble = found
        raise trouble  # outside the handler: the library's error names the address, and with it our secrets

    def _judge(
        self,
        response: aiohttp.ClientResponse,
        body: bytes | None,
        lost: type[PlatformError],
        *,
        once: bool,
        secrets: Iterable[str],
    ) -> Raw | PlatformError:
        answer = None if body is None else payloads.envelope(body)
        succeeded = 200 <= response.status < 300
        if answer is None and succeeded:
            return lost("bad_answer", f"HTTP {response.status} without a readable envelope")
        if answer is not None and answer.code == 0 and succeeded:
            return answer.data
        now = self._clock.now()
        refusal = codes.Refusal(
            status=response.status,
            code=answer.code if answer else 0,
            message=blot((answer.message if answer else "") or "", secrets),
            request_id=(answer.request_id if answer else "") or "",
            retry_after=codes.retry_after(response.headers.get("Retry-After"), now),
        )
        return codes.error(refusal, now=now, once=once)


class ConnectionBrokeError(aiohttp.ClientError):
    """The connection ended after the request had begun to leave."""


async def only_once(
    request: aiohttp.ClientRequest, send: Callable[[aiohttp.ClientRequest], Awaitable[aiohttp.ClientResponse]]
) -> aiohttp.ClientResponse:
    """Keep aiohttp from sending a GET or PUT again by itself: asking twice for tokens would lose the first ones."""
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as broken:
        raise ConnectionBrokeError(type(broken).__name__) from None


async def read_up_to(response: aiohttp.ClientResponse, limit: int) -> bytes | None:
    """Return the body of an answer; None, without reading on, when it is longer than `limit` bytes."""
    if (response.content_length or 0) > limit:
        return None
    body = bytearray()
    async for piece in response.content.iter_chunked(65536):
        body += piece
        if len(body) > limit:
            return None
    return bytes(body)


def blot(text: str, secrets: Iterable[str]) -> str:
    """Return `text` with every secret in it blotted out."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    return text
