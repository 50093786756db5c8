"""What a visitor does with the hands of a member of the Discord server; each address is one act.

As in `acts`: bodies are JSON, pictures are sent as they are, and what a person cannot do is answered with 409.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from chatops.sandbox.discord.channel import Channel
from chatops.sandbox.discord.interaction import Interaction
from chatops.sandbox.discord.modals import Modal
from chatops.sandbox.discord.people import Person
from chatops.sandbox.web.words import Json, who, words
from chatops.sandbox.world import World


class DiscordActs:
    """Answers `POST /members/…`."""

    def __init__(self, world: World) -> None:
        self._discord = world.discord

    def routes(self) -> list[web.RouteDef]:
        """Return every act's address."""
        acts = {
            "post": self._posts, "edit": self._edits, "delete": self._deletes, "react": self._reacts,
            "press": self._presses, "run": self._runs, "suggest": self._suggests, "use": self._uses,
            "submit": self._submits, "close": self._closes,
        }  # fmt: skip
        found = [web.post(f"/members/{{id}}/{name}", self._as_person(act)) for name, act in acts.items()]
        return [*found, web.post("/members/{id}/picture", self._uploads)]

    async def _posts(self, person: Person, asked: Json) -> Json:
        return {"id": await person.posts(self._channel(asked["channel"]), words(asked))}

    async def _uploads(self, request: web.Request) -> web.Response:
        name, content = request.query.get("name", "picture"), await request.read()
        channel = self._channel(request.query["channel"])
        said = await self._person(request).uploads(channel, content, name, request.content_type)
        return web.json_response({"id": said})

    async def _edits(self, person: Person, asked: Json) -> Json:
        await person.edits(str(asked["message"]), words(asked))
        return {}

    async def _deletes(self, person: Person, asked: Json) -> Json:
        await person.deletes(str(asked["message"]))
        return {}

    async def _reacts(self, person: Person, asked: Json) -> Json:
        act = person.reacts if asked["on"] else person.unreacts
        await act(str(asked["message"]), str(asked["emoji"]))
        return {}

    async def _presses(self, person: Person, asked: Json) -> Json:
        return _answer(await person.clicks(str(asked["message"]), str(asked["control"]), asked.get("option")))

    async def _runs(self, person: Person, asked: Json) -> Json:
        return _answer(await person.runs(self._channel(asked["channel"]), str(asked["line"])))

    async def _suggests(self, person: Person, asked: Json) -> Json:
        channel, option = self._channel(asked["channel"]), str(asked["option"])
        return {"choices": await person.asks_options(channel, str(asked["line"]), option, str(asked["text"]))}

    async def _uses(self, person: Person, asked: Json) -> Json:
        return _answer(await person.uses(str(asked["command"]), str(asked["message"])))

    async def _submits(self, person: Person, asked: Json) -> Json:
        return _answer(await person.submits(_open_form(person), asked["values"]))

    async def _closes(self, person: Person, asked: Json) -> Json:  # noqa: ARG002 - every act is told what was asked
        await person.closes(_open_form(person))
        return {}

    def _as_person(self, act: Callable[[Person, Json], Awaitable[Json]]) -> Callable[[web.Request], Any]:
        async def serve(request: web.Request) -> web.Response:
            return web.json_response(await act(self._person(request), await request.json()))

        return serve

    def _person(self, request: web.Request) -> Person:
        return self._discord.people[who(request)]

    def _channel(self, channel_id: Any) -> Channel:
        return self._discord.server.channels[str(channel_id)]


def _open_form(person: Person) -> Modal:
    if person.modal is None:
        raise ValueError("no form is open")
    return person.modal


def _answer(done: Interaction) -> Json:
    return {"acked": done.acked, "reason": done.reason}
