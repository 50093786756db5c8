"""The commands an app registered: what Discord accepts, what it keeps, and how many new ones a day."""

from datetime import datetime, timedelta
from typing import Any

from chatops.sandbox.discord.command_checks import KNOWN, MOST, SLASH, check_command
from chatops.sandbox.discord.member import App
from chatops.sandbox.discord.message import Json
from chatops.sandbox.discord.refusals import Refusal, invalid
from chatops.sandbox.discord.server import Server

MOST_NEW_A_DAY = 200


class Commands:
    """The commands of all apps, each global or of the server alone (`guild_id`)."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._made: dict[str, list[datetime]] = {}

    def of(self, app: App, guild_id: str | None) -> list[Json]:
        """Return the app's commands of one scope, oldest first."""
        return [command for command in app.commands.values() if command.get("guild_id") == guild_id]

    def find(self, app: App, guild_id: str | None, command_id: str) -> Json:
        """Return one command; Refusal 10063 when there is none."""
        command = app.commands.get(command_id)
        if command is None or command.get("guild_id") != guild_id:
            raise Refusal(10063)
        return command

    def usable(self, kind: int, name: str) -> tuple[App, Json]:
        """Return the app and command that people reach by this name; an AssertionError names what there is."""
        shown = []
        for app in self.server.apps.values():
            for command in app.commands.values():
                if command["type"] == kind and command["name"] == name and not app.revoked:
                    return app, command
                shown.append(command["name"])
        raise AssertionError(f"there is no command {name!r}; there is {', '.join(shown) or 'nothing'}")

    def overwrite(self, app: App, guild_id: str | None, wanted: Any) -> list[Json]:
        """Replace all commands of a scope; those that keep type and name keep their id."""
        if not isinstance(wanted, list):
            raise invalid("commands", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        for number, command in enumerate(wanted):
            check_command(command, f"{number}")
        for kind, most in MOST.items():
            if sum(command.get("type", SLASH) == kind for command in wanted) > most:
                raise Refusal(30032, message=f"Maximum number of application commands reached ({most})")
        if len({(command.get("type", SLASH), command["name"]) for command in wanted}) < len(wanted):
            raise invalid("commands", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
        known = {(command["type"], command["name"]): command for command in self.of(app, guild_id)}
        self._count_new(app, sum((command.get("type", SLASH), command["name"]) not in known for command in wanted))
        for command in known.values():
            del app.commands[command["id"]]
        for command in wanted:
            old = known.get((command.get("type", SLASH), command["name"]))
            self._keep(app, guild_id, command, old)
        self.server.changed()
        return self.of(app, guild_id)

    def put(self, app: App, guild_id: str | None, wanted: Any) -> tuple[Json, bool]:
        """Add one command, or replace the one with its name; the second value says whether it is new."""
        check_command(wanted, "")
        kind = wanted.get("type", SLASH)
        old = next(
            (one for one in self.of(app, guild_id) if (one["type"], one["name"]) == (kind, wanted["name"])), None
        )
        if old is None:
            self._count_new(app, 1)
        return self._keep(app, guild_id, wanted, old), old is None

    def edit(self, app: App, guild_id: str | None, command_id: str, changes: Json) -> Json:
        """Change the given fields of a command."""
        old = self.find(app, guild_id, command_id)
        merged = {key: value for key, value in old.items() if key in KNOWN} | changes
        check_command(merged, "")
        return self._keep(app, guild_id, merged, old)

    def drop(self, app: App, guild_id: str | None, command_id: str) -> None:
        """Remove a command."""
        del app.commands[self.find(app, guild_id, command_id)["id"]]

    def _count_new(self, app: App, count: int) -> None:
        now = self.server.time.now()
        recent = [made for made in self._made.get(app.id, []) if made > now - timedelta(days=1)]
        if len(recent) + count > MOST_NEW_A_DAY:
            raise Refusal(30034)
        self._made[app.id] = recent + [now] * count

    def _keep(self, app: App, guild_id: str | None, wanted: Json, old: Json | None) -> Json:
        version = self.server.ids.next()
        command: Json = {
            "default_member_permissions": None, "dm_permission": True, "nsfw": False, "options": [],
            "name_localizations": None, "description_localizations": None, "integration_types": [0], "contexts": None,
        }  # fmt: skip
        command |= {key: value for key, value in wanted.items() if key in KNOWN and key != "id" and value is not None}
        command |= {
            "id": old["id"] if old else version, "application_id": app.id, "version": version,
            "type": wanted.get("type", SLASH), "description": wanted.get("description") or "",
        }  # fmt: skip
        if command["default_member_permissions"] is not None:
            command["default_member_permissions"] = str(command["default_member_permissions"])
        if guild_id is not None:
            command["guild_id"] = guild_id
        app.commands[command["id"]] = command
        return command
