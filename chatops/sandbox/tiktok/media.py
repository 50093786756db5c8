"""Pictures on the wire: the upload endpoint and the addresses they are fetched from."""

from collections.abc import Callable

from aiohttp import web

from chatops.sandbox.tiktok import refusals
from chatops.sandbox.tiktok.authorizations import Authorizations
from chatops.sandbox.tiktok.front import Front
from chatops.sandbox.tiktok.gateway import Call, Endpoint
from chatops.sandbox.tiktok.pictures import sniff
from chatops.sandbox.tiktok.refusals import RefusalError
from chatops.sandbox.tiktok.state import Json, Picture, Shop, State

LARGEST_PICTURE = 10 * 1024 * 1024


class Media:
    """Keeps pictures and serves them at `/pictures/…`; Indonesian local shops guard theirs."""

    def __init__(self, state: State, authorizations: Authorizations, front: Front, address: Callable[[], str]) -> None:
        self._state = state
        self._authorizations = authorizations
        self._front = front
        self._address = address

    def endpoints(self) -> list[Endpoint]:
        """Return the upload endpoint."""
        path = "/customer_service/202309/images/upload"
        return [Endpoint("upload_image", "POST", path, self._upload, upload=True)]

    def host(self, content: bytes, shop: Shop | None) -> Picture:
        """Keep a picture (of `shop`, or a public one) at an address of this world; ValueError for other files."""
        kind = sniff(content)
        if kind is None:
            raise ValueError("not a jpg, png, gif or webp")
        path = f"/pictures/{self._state.new_id()}.{kind.suffix}"
        hosted = Picture(self._address() + path, content, kind.mime, kind.width, kind.height, shop)
        self._state.pictures[path] = hosted
        return hosted

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer `GET /pictures/…`."""

        async def run() -> tuple[None, web.Response]:
            return None, self._picture(request)

        return await self._front.serve(request, "picture", run)

    def _picture(self, request: web.Request) -> web.Response:
        picture = self._state.pictures.get(request.path)
        if picture is None:
            return web.Response(status=404, text="not found")
        if picture.shop is not None and picture.shop.guards_pictures and not self._may_see(request, picture.shop):
            return web.Response(status=403, text="forbidden")
        return web.Response(body=picture.content, content_type=picture.mime)

    def _may_see(self, request: web.Request, shop: Shop) -> bool:
        held = self._authorizations.holder(request.headers.get("x-tts-access-token", ""))
        alive = held is not None and shop in held[0].shops and held[1] > self._state.time.now()
        return alive and request.query.get("shop_cipher") == shop.cipher

    async def _upload(self, call: Call) -> Json:
        try:
            parts = await call.request.post()
        except ValueError:
            raise RefusalError(refusals.BAD_BODY) from None
        except web.HTTPRequestEntityTooLarge:
            raise RefusalError(refusals.FILE_TOO_LARGE) from None
        sent = parts.get("data")
        if set(parts) != {"data"} or len(parts) != 1 or not isinstance(sent, web.FileField):
            raise RefusalError(refusals.BAD_BODY, "Invalid body format. One file part `data` is required.")
        content = sent.file.read()
        if len(content) > LARGEST_PICTURE:
            raise RefusalError(refusals.FILE_TOO_LARGE)
        try:
            hosted = self.host(content, call.shop)
        except ValueError:
            raise RefusalError(
                self._state.assumptions.invalid_parameter_code, "Only jpg, png, gif and webp are accepted.", status=400
            ) from None
        return {"url": hosted.url, "width": hosted.width, "height": hosted.height}
