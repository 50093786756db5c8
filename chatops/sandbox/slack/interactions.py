"""What an interaction leaves behind for the app to use: trigger ids and response addresses."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web

from chatops.sandbox.slack import messages
from chatops.sandbox.slack.blocks import check_blocks, finish_blocks
from chatops.sandbox.slack.channel import Channel
from chatops.sandbox.slack.emoji_names import to_short_names
from chatops.sandbox.slack.member import App
from chatops.sandbox.slack.message import Json, Message
from chatops.sandbox.slack.workspace import Workspace

RESPONSES = 5
RESPONSE_TIME = timedelta(minutes=30)


@dataclass
class Trigger:
    """The right to open one modal for one person, soon."""

    app_id: str
    person_id: str
    until: datetime
    used: bool = False


@dataclass
class ResponseAddress:
    """The right to answer one interaction a few times."""

    app: App
    person_id: str
    channel: Channel
    source: Message | None
    until: datetime
    left: int = RESPONSES


@dataclass
class Interactions:
    """Hands out trigger ids and response addresses, and serves the latter."""

    workspace: Workspace
    trigger_seconds: float = 3.0
    triggers: dict[str, Trigger] = field(default_factory=dict)
    addresses: dict[str, ResponseAddress] = field(default_factory=dict)
    log: Callable[[str, Json, int, str], None] = lambda *_: None

    def new_trigger(self, app: App, person_id: str) -> str:
        """Return a trigger id that opens one modal for this person within three seconds of the story."""
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        until = self.workspace.now() + timedelta(seconds=self.trigger_seconds)
        self.triggers[trigger_id] = Trigger(app.app_id, person_id, until)
        return trigger_id

    def use_trigger(self, app: App, trigger_id: str) -> tuple[str, str]:
        """Return (person id, "") and use the trigger up, or ("", Slack's error code)."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None or trigger.app_id != app.app_id:
            return "", "invalid_trigger_id"
        if trigger.used:
            return "", "exchanged_trigger_id"
        if self.workspace.now() > trigger.until:
            return "", "expired_trigger_id"
        trigger.used = True
        return trigger.person_id, ""

    def new_address(
        self, app: App, person_id: str, channel: Channel, kind: str = "actions", source: Message | None = None
    ) -> str:
        """Return a response_url: five posts within thirty minutes."""
        secret = secrets.token_hex(12)
        until = self.workspace.now() + RESPONSE_TIME
        self.addresses[secret] = ResponseAddress(app, person_id, channel, source, until)
        return f"{self.workspace.url}/{kind}/{self.workspace.team.id}/1/{secret}"

    async def respond(self, request: web.Request) -> web.Response:
        """Serve a post to a response address."""
        address = self.addresses.get(request.match_info["secret"])
        try:
            said = json.loads(await request.text())
        except ValueError:
            said = None
        if not isinstance(said, dict):
            return self._answer({}, 400, "invalid_payload")
        if address is None or self.workspace.now() > address.until or address.left <= 0:
            fresh = address is not None and address.left > 0
            return self._answer(said, 404, "no_such_url" if address is None else "expired_url" if fresh else "used_url")
        problem = self.say(address, said)
        if problem:
            return self._answer(said, 400, problem)
        address.left -= 1
        return self._answer(said, 200, "ok")

    def _answer(self, said: Json, status: int, word: str) -> web.Response:
        self.log("response_url", said, status, "" if status == 200 else word)
        return web.Response(status=status, text=word)

    def say(self, address: ResponseAddress, said: Json) -> str:
        """Carry out an answer to an interaction; return Slack's error code, or nothing."""
        if "blocks" in said and check_blocks(said["blocks"]):
            return "invalid_blocks"
        if said.get("delete_original"):
            self._delete(address)
            return ""
        if not said.get("text") and not said.get("blocks") and not said.get("attachments"):
            return "no_text"
        if said.get("replace_original") and address.source is not None:
            self._replace(address.channel, address.source, said)
            return ""
        self._post(address, said)
        return ""

    def _replace(self, channel: Channel, source: Message, said: Json) -> None:
        text, blocks = to_short_names(said.get("text") or ""), finish_blocks(said.get("blocks") or [])
        if source.ephemeral_to:
            source.text, source.blocks = text, blocks
            self.workspace.note_alive(source)
            self.workspace.changed()
        elif source.ts in channel.all_messages:
            messages.change(self.workspace, channel, source, text=text, blocks=blocks)

    def _delete(self, address: ResponseAddress) -> None:
        source = address.source
        if source is None:
            return
        if source.ephemeral_to and source in self.workspace.ephemerals:
            self.workspace.ephemerals.remove(source)
            self.workspace.changed()
        elif source.ts in address.channel.all_messages:
            messages.remove(self.workspace, address.channel, source)

    def _post(self, address: ResponseAddress, said: Json) -> None:
        text, thread_ts = to_short_names(said.get("text") or ""), said.get("thread_ts")
        new = messages.app_message(self.workspace, address.channel, address.app, text, thread_ts)
        new.blocks = finish_blocks(said.get("blocks") or [])
        new.attachments, new.metadata = said.get("attachments") or [], said.get("metadata")
        if said.get("response_type") == "in_channel":
            messages.post(self.workspace, address.channel, new)
            return
        new.ephemeral_to = address.person_id
        if thread_ts is None and address.source is not None and address.source.is_reply:
            new.thread_ts = address.source.thread_ts
        self.workspace.show(new)
