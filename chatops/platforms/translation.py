"""Translating by a service of the seller's choice: LibreTranslate and whatever speaks its language, or DeepL."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiohttp

from chatops.errors import PlatformError, RateLimited, Rejected, TokenRevoked, Unavailable
from chatops.platforms.ports import Translation, Translator

TIMEOUT = aiohttp.ClientTimeout(total=15, sock_connect=5)
WAIT = timedelta(seconds=10)  # when a service is too busy and does not say for how long
LARGEST = 1_000_000  # bytes of an answer
MISSING = "not_understood"

# How the two call some of the languages that others call otherwise.
LIBRE_NAMES = {"fil": "tl"}
DEEPL_NAMES = {"en": "EN-GB", "zh": "ZH-HANS", "pt": "PT-BR"}


def translator(api: str, url: str, key: str) -> Translator | None:
    """Return the client of the service that is set up ("libretranslate" or "deepl"), if one is."""
    if not url:
        return None
    return DeepL(url, key) if api == "deepl" else LibreTranslate(url, key)


class _Wire:
    """One address; a connection is opened at the first use (inside the running loop)."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url.rstrip("/")
        self._key = key
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _ask(self, path: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> Any:
        """Return the JSON of the answer.

        Raises:
            PlatformError: what its failure means; asking again does no harm.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT, trust_env=False, cookie_jar=aiohttp.DummyCookieJar())
        try:
            async with self._session.post(f"{self._url}{path}", json=body, headers=headers) as response:
                content = bytearray()
                async for piece in response.content.iter_chunked(LARGEST):
                    content += piece
                    if len(content) > LARGEST:
                        raise Unavailable(MISSING)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Unavailable("unreachable", type(error).__name__) from error
        if response.status != 200:
            raise _failure(response.status, response.headers)
        try:
            return json.loads(content)
        except ValueError as error:
            raise Unavailable(MISSING) from error


def _failure(status: int, headers: Mapping[str, str]) -> PlatformError:
    """Return what an answer other than 200 means; DeepL says 456 when nothing is left for this month."""
    if status == 429:
        told = headers.get("Retry-After", "")
        return RateLimited("too_many", timedelta(seconds=int(told)) if told.isdecimal() else WAIT)
    if status in (401, 403):
        return TokenRevoked("key_refused")
    if status == 456:
        return Rejected("quota_used_up")
    return Unavailable(f"http_{status}") if status >= 500 else Rejected("refused", f"http {status}")


class LibreTranslate(_Wire):
    """LibreTranslate's API, `POST /translate`; languages are primary tags."""

    async def translate(self, text: str, to: str) -> Translation:
        """Return a text in another language; which one it was in, the service finds out."""
        body = {"q": text, "source": "auto", "target": LIBRE_NAMES.get(to, to), "format": "text"}
        said = await self._ask("/translate", body | ({"api_key": self._key} if self._key else {}), {})
        try:
            found = said.get("detectedLanguage") or {}
            return Translation(str(said["translatedText"]), str(found.get("language", "")))
        except (KeyError, TypeError, AttributeError) as error:
            raise Unavailable(MISSING) from error


class DeepL(_Wire):
    """DeepL's API, `POST /v2/translate`; languages are primary tags."""

    async def translate(self, text: str, to: str) -> Translation:
        """Return a text in another language; which one it was in, the service finds out."""
        body = {"text": [text], "target_lang": DEEPL_NAMES.get(to, to.upper())}
        said = await self._ask("/v2/translate", body, {"Authorization": f"DeepL-Auth-Key {self._key}"})
        try:
            [first] = said["translations"]
            return Translation(str(first["text"]), str(first.get("detected_source_language", "")).lower())
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unavailable(MISSING) from error
