"""What a visitor does with the hands of a buyer or of an agent; each address is one act.

Buyers and Slack's members have no public API, so these addresses stand for their phones and screens. Bodies are JSON,
pictures are sent as they are. What a person cannot do (edit another's message, press what is gone) is answered with
409 and the reason.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from chatops.sandbox.slack.acks import Ack
from chatops.sandbox.slack.people import Person
from chatops.sandbox.slack.views import View
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.web.words import Json, who, words
from chatops.sandbox.world import World

HOME = "home"  # instead of a message's ts: what is pressed stands in the app's home
CARDS = {"product": ("PRODUCT_CARD", "product_id"), "order": ("ORDER_CARD", "order_id")}


class Acts:
    """Answers `POST /buyers/…` and `POST /agents/…`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """Return every act's address."""
        return [
            web.post("/buyers/{id}/text", self._as_buyer(self._says)),
            web.post("/buyers/{id}/card", self._as_buyer(self._shows_card)),
            web.post("/buyers/{id}/picture", self._shows_picture),
            web.post("/agents/{id}/post", self._as_agent(self._posts)),
            web.post("/agents/{id}/run", self._as_agent(self._runs)),
            web.post("/agents/{id}/use", self._as_agent(self._uses)),
            web.post("/agents/{id}/home", self._as_agent(self._opens_home)),
            web.post("/agents/{id}/reply", self._as_agent(self._replies)),
            web.post("/agents/{id}/picture", self._uploads),
            web.post("/agents/{id}/edit", self._as_agent(self._edits)),
            web.post("/agents/{id}/delete", self._as_agent(self._deletes)),
            web.post("/agents/{id}/react", self._as_agent(self._reacts)),
            web.post("/agents/{id}/press", self._as_agent(self._presses)),
            web.post("/agents/{id}/submit", self._as_agent(self._submits)),
            web.post("/agents/{id}/close", self._as_agent(self._closes)),
        ]

    # The buyer's phone

    async def _says(self, buyer: Buyer, asked: Json) -> Json:
        await buyer.says(words(asked))
        return {}

    async def _shows_card(self, buyer: Buyer, asked: Json) -> Json:
        kind, field = CARDS[str(asked["kind"])]
        await buyer.sends(kind, {field: str(asked["id"])})
        return {}

    async def _shows_picture(self, request: web.Request) -> web.Response:
        await self._buyer(request).sends_picture(await request.read())
        return web.json_response({})

    # The agent's Slack

    async def _posts(self, agent: Person, asked: Json) -> Json:
        return {"ts": await agent.posts(self._world.cast.support, words(asked))}

    async def _runs(self, agent: Person, asked: Json) -> Json:
        return _answer(await agent.runs(self._world.cast.support, words(asked)))

    async def _uses(self, agent: Person, asked: Json) -> Json:
        return _answer(await agent.uses_shortcut(str(asked["shortcut"]), str(asked["ts"]), self._world.cast.slack_app))

    async def _opens_home(self, agent: Person, asked: Json) -> Json:  # noqa: ARG002 - every act is told what was asked
        await agent.opens_home(self._world.cast.slack_app)
        return {}

    async def _replies(self, agent: Person, asked: Json) -> Json:
        return {"ts": await agent.replies(str(asked["thread"]), words(asked))}

    async def _uploads(self, request: web.Request) -> web.Response:
        agent, name = self._agent(request), request.query.get("name", "picture")
        thread, content = request.query["thread"], await request.read()
        channel = self._world.cast.support
        ts = await agent.uploads(channel, content, name, request.content_type, thread, request.query.get("text", ""))
        return web.json_response({"ts": ts})

    async def _edits(self, agent: Person, asked: Json) -> Json:
        await agent.edits(str(asked["ts"]), words(asked))
        return {}

    async def _deletes(self, agent: Person, asked: Json) -> Json:
        await agent.deletes(str(asked["ts"]))
        return {}

    async def _reacts(self, agent: Person, asked: Json) -> Json:
        act = agent.reacts if asked["on"] else agent.unreacts
        await act(str(asked["ts"]), str(asked["name"]))
        return {}

    async def _presses(self, agent: Person, asked: Json) -> Json:
        home = agent.home(self._world.cast.slack_app) if asked["ts"] == HOME else None
        return _answer(await agent.clicks(home or str(asked["ts"]), str(asked["action"]), asked.get("option")))

    async def _submits(self, agent: Person, asked: Json) -> Json:
        ack = await agent.submits(_open_form(agent), asked["values"])
        return _answer(ack) | {"errors": (ack.body or {}).get("errors", {})}

    async def _closes(self, agent: Person, asked: Json) -> Json:  # noqa: ARG002 - every act is told what was asked
        await agent.closes(_open_form(agent))
        return {}

    # Who acts

    def _as_buyer(self, act: Callable[[Buyer, Json], Awaitable[Json]]) -> Callable[[web.Request], Any]:
        async def serve(request: web.Request) -> web.Response:
            return web.json_response(await act(self._buyer(request), await request.json()))

        return serve

    def _as_agent(self, act: Callable[[Person, Json], Awaitable[Json]]) -> Callable[[web.Request], Any]:
        async def serve(request: web.Request) -> web.Response:
            return web.json_response(await act(self._agent(request), await request.json()))

        return serve

    def _buyer(self, request: web.Request) -> Buyer:
        return {buyer.user_id: buyer for buyer in self._world.cast.buyers}[who(request)]

    def _agent(self, request: web.Request) -> Person:
        return self._world.slack.people[who(request)]


def _open_form(agent: Person) -> View:
    if agent.modal is None:
        raise ValueError("no form is open")
    return agent.modal


def _answer(ack: Ack) -> Json:
    return {"acked": ack.acked, "reason": ack.reason}
