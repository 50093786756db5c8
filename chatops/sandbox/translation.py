"""Two services that translate, on the wire: LibreTranslate and DeepL. Strict: what they would refuse is refused."""

from collections.abc import Awaitable, Callable
from typing import Any, Self

from aiohttp import web

from chatops.sandbox.faults import Faults, Trouble

KEY = "sandbox-translation-key"
LIBRE_LANGUAGES = frozenset({"en", "zh", "id", "ms", "th", "vi", "tl", "es", "pt", "de", "fr", "it", "ja", "ar"})
DEEPL_LANGUAGES = frozenset(
    {"EN-GB", "EN-US", "ZH-HANS", "ID", "TH", "VI", "ES", "PT-BR", "PT-PT", "DE", "FR", "IT", "JA", "AR"}
)
STATUS = {Trouble.RATE_LIMITED: 429, Trouble.UNAVAILABLE: 503, Trouble.SERVER_ERROR: 500}
Answer = Callable[[dict[str, Any]], tuple[int, dict[str, Any]]]


class TranslationWorld:
    """Both services at one address; a "translation" names its language and repeats the text."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.faults = Faults()
        self.quota_used_up = False
        self.url = ""

    async def __aenter__(self) -> Self:
        """Begin to serve."""
        served = web.Application()
        served.router.add_post("/translate", self._serving("translate", self._libre, self._libre_key))
        served.router.add_post("/v2/translate", self._serving("v2.translate", self._deepl, self._deepl_key))
        self._runner = web.AppRunner(served)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self._runner.cleanup()

    def _serving(
        self, name: str, answer: Answer, has_key: Callable[[web.Request, dict[str, Any]], bool]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            fault = self.faults.take(name)
            if fault and fault.trouble is Trouble.DROP_BEFORE and request.transport:
                request.transport.close()
            if fault and fault.trouble is Trouble.GARBAGE:
                return web.Response(text='{"translat', content_type="application/json")
            if fault:
                waits = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
                return web.Response(status=STATUS.get(fault.trouble, 500), headers=waits)
            body = await request.json()
            status, said = answer(body) if has_key(request, body) else (403, {"message": "Forbidden"})
            return web.json_response(said, status=status)

        return serve

    def _libre_key(self, _request: web.Request, body: dict[str, Any]) -> bool:
        return bool(body.pop("api_key", "") == KEY)

    def _deepl_key(self, request: web.Request, _body: dict[str, Any]) -> bool:
        return request.headers.get("Authorization") == f"DeepL-Auth-Key {KEY}"

    def _libre(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if set(body) != {"q", "source", "target", "format"} or body["source"] != "auto" or body["format"] != "text":
            return 400, {"error": "Invalid request"}
        if body["target"] not in LIBRE_LANGUAGES:
            return 400, {"error": f"{body['target']} is not supported"}
        found = {"confidence": 90, "language": "th"}
        return 200, {"translatedText": self._say(body["q"], body["target"]), "detectedLanguage": found}

    def _deepl(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if self.quota_used_up:
            return 456, {"message": "Quota exceeded"}
        if set(body) != {"text", "target_lang"} or not isinstance(body["text"], list):
            return 400, {"message": "Bad request"}
        if body["target_lang"] not in DEEPL_LANGUAGES:
            return 400, {"message": "Value for 'target_lang' not supported."}
        said = [
            {"detected_source_language": "TH", "text": self._say(text, body["target_lang"])} for text in body["text"]
        ]
        return 200, {"translations": said}

    def _say(self, text: str, language: str) -> str:
        self.asked.append(text)
        return f"[{language}] {text}"
