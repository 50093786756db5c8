"""The addresses at which an app registers its commands, for everyone or for one server."""

from aiohttp import web

from chatops.sandbox.discord.commands import Commands
from chatops.sandbox.discord.interaction_routes import Around
from chatops.sandbox.discord.member import App
from chatops.sandbox.discord.refusals import Refusal
from chatops.sandbox.discord.rest.answers import empty_answer, json_answer
from chatops.sandbox.discord.rest.bodies import read_body
from chatops.sandbox.discord.rest.call import APP

BELOW = "/api/v10/applications/{app_id}"
SCOPES = (f"{BELOW}/commands", f"{BELOW}/guilds/{{guild_id}}/commands")


def routes(commands: Commands, around: Around) -> list[web.RouteDef]:
    """Return the routes; their names for faults are `commands.…`."""
    served = _Registering(commands)
    found = []
    for scope in SCOPES:
        one = f"{scope}/{{command_id}}"
        found += [
            web.get(scope, around("commands.list", served.all)),
            web.put(scope, around("commands.put", served.overwrite)),
            web.post(scope, around("commands.create", served.create)),
            web.get(one, around("commands.get", served.one)),
            web.patch(one, around("commands.edit", served.edit)),
            web.delete(one, around("commands.delete", served.delete)),
        ]
    return found


class _Registering:
    def __init__(self, commands: Commands) -> None:
        self.commands = commands

    async def all(self, request: web.Request) -> web.Response:
        return json_answer(self.commands.of(*self._scope(request)))

    async def overwrite(self, request: web.Request) -> web.Response:
        body = await read_body(request)
        return json_answer(self.commands.overwrite(*self._scope(request), body.payload))

    async def create(self, request: web.Request) -> web.Response:
        body = await read_body(request)
        command, new = self.commands.put(*self._scope(request), body.fields)
        return json_answer(command, 201 if new else 200)

    async def one(self, request: web.Request) -> web.Response:
        return json_answer(self.commands.find(*self._scope(request), request.match_info["command_id"]))

    async def edit(self, request: web.Request) -> web.Response:
        body = await read_body(request)
        scope = self._scope(request)
        return json_answer(self.commands.edit(*scope, request.match_info["command_id"], body.fields))

    async def delete(self, request: web.Request) -> web.Response:
        self.commands.drop(*self._scope(request), request.match_info["command_id"])
        return empty_answer()

    def _scope(self, request: web.Request) -> tuple[App, str | None]:
        app = request[APP]
        if request.match_info["app_id"] != app.id:
            raise Refusal(
                20012, status=403, message="You are not authorized to perform this action on this application"
            )
        guild_id = request.match_info.get("guild_id")
        if guild_id is not None and (
            guild_id != self.commands.server.id or app.bot.id not in self.commands.server.members
        ):
            raise Refusal(50001)
        return app, guild_id
