"""The page's server: the page itself, the feed of what it shows, what visitors do, and the talk with the supervisor.

The supervisor is whoever runs the product as a process of its own (`chatops demo`). It speaks JSON on loopback:

* `POST /control/webhook {"url": "http://127.0.0.1:…/tiktok/shop/webhook"}`: where TikTok Shop's notifications go from
  now on. 204.
* `POST /control/product {"state": "starting" | "running" | "killed"}`: how the product is doing, for the page to show.
  204.
* `GET /control/product`: `{"state": …, "wishes": n}`, n being the number of wishes so far.
* `GET /control/wishes?after=n`: what the visitor wished since wish n, as `{"wishes": [{"number": n + 1,
  "wish": "kill" | "start" | "minute" | "alarm" | "morning"}, …]}`; waits up to 25 s for the first one and may come back
  empty. Begin with after=0, then pass the highest number seen. A wish is only written down here: carrying it out and
  reporting the new state is the supervisor's part.
* `POST /control/time {"seconds": n}`: let time pass in all worlds; answers with `{"ahead": milliseconds}` so far.

The page's buttons write wishes with `POST /wishes {"wish": "kill" | "start" | …}`.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from chatops.sandbox.web.acts import Acts
from chatops.sandbox.web.control import Control, ProductState, Wish
from chatops.sandbox.web.discord_acts import DiscordActs
from chatops.sandbox.web.feed import Feed
from chatops.sandbox.web.scenery import look
from chatops.sandbox.world import World

MILLISECOND = timedelta(milliseconds=1)
PAGE = Path(__file__).parent / "page"
VENDOR = Path(__file__).parent / "vendor"
LARGEST_PICTURE = 10 * 1024 * 1024
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class PageServer:
    """Serves one page for one world, whose scene is set."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.control = Control(self._touch)
        self._feed = Feed(lambda: look(world, self.control))
        self._forget: list[Callable[[], None]] = []
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Serve on 127.0.0.1, on a free port unless one is given."""
        served = web.Application(client_max_size=LARGEST_PICTURE, middlewares=[_guarded, _explained])
        served.add_routes(Acts(self._world).routes())
        served.add_routes(DiscordActs(self._world).routes())
        served.add_routes(self._routes())
        served.router.add_static("/vendor", VENDOR)
        served.router.add_static("/page", PAGE)
        served.on_response_prepare.append(_with_headers)
        self._feed.start()
        worlds = (self._world.tiktok, self._world.slack, self._world.discord)
        self._forget = [world.on_change(self._touch) for world in worlds]
        self._runner = web.AppRunner(served, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()

    async def stop(self) -> None:
        """End every stream and open question, then the server; a second stop does nothing."""
        while self._forget:
            self._forget.pop()()
        self.control.stop()
        await self._feed.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The page's address; RuntimeError before `start`."""
        if self._runner is None:
            raise RuntimeError("start the page first")
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/"

    def _touch(self) -> None:
        self._feed.touch()

    def _routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", _page),
            web.get("/favicon.ico", _icon),
            web.get("/feed", self._follow),
            web.get("/files/{id}", self._file),
            web.get("/attachments/{id}", self._attachment),
            web.get("/pictures/{name}", self._picture),
            web.post("/wishes", self._wish),
            web.post("/control/webhook", self._set_webhook),
            web.get("/control/product", self._tell_product),
            web.post("/control/product", self._set_product),
            web.post("/control/time", self._pass_time),
            web.get("/control/wishes", self._tell_wishes),
        ]

    # For the page

    async def _follow(self, request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        await stream.prepare(request)
        try:
            await stream.write(b"retry: 500\n\n")
            async for event in self._feed.follow(request.headers.get("Last-Event-ID", "")):
                await stream.write(event.encode())
        except ConnectionResetError:  # the browser went away
            return stream
        return stream

    async def _file(self, request: web.Request) -> web.Response:
        file = self._world.slack.workspace.files.get(request.match_info["id"])
        if file is None or file.deleted:
            raise web.HTTPNotFound
        return _shown(file.content, file.mimetype)

    async def _attachment(self, request: web.Request) -> web.Response:
        file = self._world.discord.server.files.get(request.match_info["id"])
        if file is None:
            raise web.HTTPNotFound
        return _shown(file.content, file.content_type)

    async def _picture(self, request: web.Request) -> web.Response:
        picture = self._world.tiktok.picture(request.path)
        if picture is None:
            raise web.HTTPNotFound
        return web.Response(body=picture.content, content_type=picture.mime)

    async def _wish(self, request: web.Request) -> web.Response:
        number = self.control.wish(Wish((await request.json())["wish"]))
        return web.json_response({"number": number})

    # For the supervisor

    async def _set_webhook(self, request: web.Request) -> web.Response:
        self._world.cast.shop_app.webhook_url = str((await request.json())["url"])
        return web.Response(status=204)

    async def _tell_product(self, _: web.Request) -> web.Response:
        return web.json_response({"state": self.control.state, "wishes": len(self.control.wishes)})

    async def _set_product(self, request: web.Request) -> web.Response:
        self.control.report(ProductState((await request.json())["state"]))
        return web.Response(status=204)

    async def _pass_time(self, request: web.Request) -> web.Response:
        await self._world.pass_time(seconds=float((await request.json())["seconds"]))
        self._touch()
        return web.json_response({"ahead": self._world.time.skipped // MILLISECOND})

    async def _tell_wishes(self, request: web.Request) -> web.Response:
        return web.json_response({"wishes": await self.control.after(int(request.query.get("after", "0")))})


async def _page(_: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html")


async def _icon(_: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "icon.svg")


def _shown(content: bytes, kind: str) -> web.Response:
    """Give a file a type with which a browser shows pictures and runs nothing."""
    picture = kind.startswith("image/") and "svg" not in kind
    return web.Response(body=content, content_type=kind if picture else "application/octet-stream")


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other sites' scripts in the visitor's browser, and anyone not on this machine at the supervisor's door."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"} and request.path != "/":
        raise web.HTTPForbidden(text="this page answers to itself only")
    if request.path.startswith("/control/") and not {request.remote, request.url.host} <= LOOPBACK:
        raise web.HTTPForbidden(text="only from this machine")
    return await handler(request)


@web.middleware
async def _explained(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what a person cannot do, and what makes no sense, with the reason."""
    try:
        return await handler(request)
    except AssertionError as impossible:  # how the worlds say that a person cannot do this
        return web.json_response({"error": str(impossible).partition("\n")[0]}, status=409)
    except web.HTTPRequestEntityTooLarge:
        return web.json_response({"error": "a picture has at most 10 MB"}, status=413)
    except (KeyError, TypeError, ValueError) as nonsense:
        return web.json_response({"error": f"this makes no sense: {nonsense}"}, status=400)


async def _with_headers(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
