"""A person at Slack's client: types, edits, reacts, uploads, presses and fills in forms."""

import copy
import uuid
from dataclasses import dataclass, field
from typing import Any

from chatops.sandbox.slack import messages, pressing
from chatops.sandbox.slack.acks import Ack
from chatops.sandbox.slack.blocks import check_view
from chatops.sandbox.slack.channel import Channel
from chatops.sandbox.slack.delivery import Delivery
from chatops.sandbox.slack.interactions import Interactions
from chatops.sandbox.slack.member import App, Member
from chatops.sandbox.slack.message import Json, Message
from chatops.sandbox.slack.reading import visible
from chatops.sandbox.slack.typing_text import typed
from chatops.sandbox.slack.uploads import Uploads
from chatops.sandbox.slack.views import View, Views
from chatops.sandbox.slack.workspace import Happening, Workspace
from chatops.sandbox.watching import PATIENCE

Which = str | Message


@dataclass(eq=False)
class Person:
    """A member of the team; what they do takes the ways a real client takes."""

    member: Member
    workspace: Workspace = field(repr=False)
    delivery: Delivery = field(repr=False)
    interactions: Interactions = field(repr=False)
    views: Views = field(repr=False)
    uploaded: Uploads = field(repr=False)

    @property
    def id(self) -> str:
        """Return the Slack user id."""
        return self.member.id

    @property
    def name(self) -> str:
        """Return the name others see."""
        return self.member.name

    @property
    def mention(self) -> str:
        """Return what others type to mention this person."""
        return f"@{self.member.name}"

    @property
    def ephemerals(self) -> list[Message]:
        """Return the messages that only this person sees, oldest first."""
        return [message for message in self.workspace.ephemerals if message.ephemeral_to == self.id]

    @property
    def modal(self) -> View | None:
        """Return the modal on top of this person's screen."""
        return self.views.top(self.id)

    async def expects_modal(self, timeout: float = PATIENCE) -> View:  # noqa: ASYNC109 - a test's own patience, in real seconds
        """Return the modal on top of the screen, waiting for one if need be."""
        view: View = await self.workspace.until(lambda: self.modal, timeout, f"a form on {self.name}'s screen")
        return view

    async def expects_ephemeral(self, text: str, timeout: float = PATIENCE) -> Message:  # noqa: ASYNC109 - as above
        """Return the newest message shown to this person alone that contains `text`, waiting for it if need be."""

        def found() -> Message | None:
            return next((message for message in reversed(self.ephemerals) if text in visible(message)), None)

        message: Message = await self.workspace.until(found, timeout, f"{text!r} for {self.name} alone")
        return message

    @property
    def direct_messages(self) -> list[Message]:
        """Return what apps wrote to this person alone, oldest first."""
        mine = (place for place in self.workspace.channels.values() if place.kind == "im" and self.id in place.members)
        return sorted((one for place in mine for one in place.messages if one.by_app), key=lambda one: one.ts)

    async def is_paged(self, text: str, timeout: float = PATIENCE) -> Message:  # noqa: ASYNC109 - as above
        """Return the newest direct message of an app that shows `text`, waiting for it if need be."""

        def found() -> Message | None:
            return next((one for one in reversed(self.direct_messages) if text in visible(one)), None)

        message: Message = await self.workspace.until(found, timeout, f"{text!r} in a message to {self.name}")
        return message

    def home(self, app: App) -> View | None:
        """Return the App Home this person sees."""
        return self.views.homes.get((app.app_id, self.id))

    def dm(self, app: App) -> Channel:
        """Return the direct conversation with an app."""
        return self.workspace.direct(self.id, app.bot_user_id)

    async def posts(
        self, channel: Channel, text: str, thread_ts: str | None = None, *, also_to_channel: bool = False
    ) -> str:
        """Type a message and return its ts."""
        said = self._said(channel, text, thread_ts)
        said.broadcast = also_to_channel
        return messages.post(self.workspace, channel, said).ts

    async def replies(self, to: Which, text: str) -> str:
        """Answer in the thread of a message and return the reply's ts."""
        message = self._message(to)
        root = message.thread_ts if message.is_reply and message.thread_ts else message.ts
        return await self.posts(self._channel(message), text, root)

    def _said(self, channel: Channel, text: str, thread_ts: str | None) -> Message:
        if channel.archived or self.id not in channel.members:
            raise AssertionError(f"{self.name} cannot write in #{channel.name}: archived, or not a member")
        root = channel.all_messages.get(thread_ts or "")
        if thread_ts and (root is None or root.is_reply):
            raise AssertionError(f"there is no thread {thread_ts} in #{channel.name}\n\n{channel.transcript()}")
        raw, blocks = typed(self.workspace, text)
        return Message(
            channel.id, self.workspace.mint_ts(), self.workspace.team.id, raw, user=self.id, blocks=blocks,
            thread_ts=thread_ts, client_msg_id=str(uuid.uuid4()),
        )  # fmt: skip

    async def edits(self, which: Which, text: str) -> None:
        """Change an own message."""
        message = self._own(which)
        raw, blocks = typed(self.workspace, text)
        edited = {"user": self.id, "ts": self.workspace.mint_ts()}
        messages.change(self.workspace, self._channel(message), message, text=raw, blocks=blocks, edited=edited)

    async def deletes(self, which: Which) -> None:
        """Delete an own message."""
        message = self._own(which)
        messages.remove(self.workspace, self._channel(message), message)

    async def reacts(self, which: Which, name: str) -> None:
        """Add a reaction, given by its short name."""
        message = self._message(which)
        messages.react(self.workspace, self._channel(message), message, self.id, name.strip(":"))

    async def unreacts(self, which: Which, name: str) -> None:
        """Take a reaction back."""
        message = self._message(which)
        messages.unreact(self.workspace, self._channel(message), message, self.id, name.strip(":"))

    async def uploads(
        self,
        channel: Channel,
        content: bytes,
        filename: str,
        mimetype: str,
        thread_ts: str | None = None,
        text: str = "",
    ) -> str:
        """Share a file, with or without words, and return the ts of the message that carries it."""
        said = self._said(channel, text, thread_ts)
        said.subtype, said.files = "file_share", [self.uploaded.store(filename, content, mimetype, self.id)]
        return messages.post(self.workspace, channel, said).ts

    async def clicks(self, target: "Which | View", wanted: str, option: Any = None) -> Ack:
        """Press a button, or choose `option` in a menu, found by action_id or label; return how the app answered."""
        source, app, block, element = self._at(target, wanted)
        chosen = pressing.choice(element, option)
        state = {} if element["type"] == "button" else {block["block_id"]: {element["action_id"]: chosen}}
        payload = pressing.common(self.workspace, app, self.member, "block_actions")
        payload["trigger_id"] = self.interactions.new_trigger(app, self.id)
        payload["actions"] = [pressing.action(block, element, chosen, self.workspace.mint_ts())]
        if isinstance(source, View):
            for block_id, actions in state.items():
                source.choices.setdefault(block_id, {}).update(actions)
            payload |= {"container": {"type": "view", "view_id": source.id}, "view": source.with_state()}
        else:
            payload |= self._message_place(app, source, state)
        return await self.delivery.interact(app, "interactive", payload)

    def _at(self, target: "Which | View", wanted: str) -> tuple[Message | View, App, Json, Json]:
        """Return what is looked at, the app behind it, and the block and element that are meant."""
        if isinstance(target, View):
            return target, target.app, *pressing.find(target.wire["blocks"], wanted)
        message = self._message(target)
        return message, self._app_behind(message), *pressing.find(message.blocks, wanted)

    def _message_place(self, app: App, source: Message, state: Json) -> Json:
        channel = self._channel(source)
        place: Json = {
            "container": pressing.container(source),
            "channel": {"id": channel.id, "name": channel.name or "directmessage"},
            "response_url": self.interactions.new_address(app, self.id, channel, "actions", source),
            "state": {"values": state},
        }  # fmt: skip
        if source.ephemeral_to is None:
            place["message"] = copy.deepcopy(channel.wire(source))
        return place

    async def asks_options(self, target: "Which | View", wanted: str, text: str) -> list[Json]:
        """Type into a menu that the app fills, and return the options it offers."""
        source, app, block, element = self._at(target, wanted)
        payload = pressing.common(self.workspace, app, self.member, "block_suggestion")
        payload |= {"block_id": block["block_id"], "action_id": element["action_id"], "value": text}
        if isinstance(source, View):
            payload |= {"container": {"type": "view", "view_id": source.id}, "view": source.with_state()}
        else:
            place = self._message_place(app, source, {})
            payload |= {key: place[key] for key in ("container", "channel", "message") if key in place}
        ack = await self.delivery.interact(app, "interactive", payload)
        body = ack.body or {}
        groups = [option for group in body.get("option_groups", []) for option in group["options"]]
        return [*body.get("options", []), *groups]

    async def submits(self, view: View, values: dict[str, dict[str, Any]] | None = None) -> Ack:
        """Fill in a modal and send it; the answer may close it, change it, or name what is wrong (body["errors"])."""
        pressing.fill_in(view, values or {})
        payload = self._view_payload(view, "view_submission") | {
            "trigger_id": self.interactions.new_trigger(view.app, self.id), "response_urls": [],
        }  # fmt: skip
        ack = await self.delivery.interact(view.app, "interactive", payload)
        if ack.acked:
            self._follow(view, ack.body or {})
        return ack

    def _follow(self, view: View, body: Json) -> None:
        match body.get("response_action"):
            case None:
                self.views.pop(view)
            case "clear":
                self.views.close(self.id)
            case "errors":
                inputs = {block["block_id"] for block in view.wire["blocks"] if block["type"] == "input"}
                unknown = set(body.get("errors", {})) - inputs
                if unknown or not body.get("errors"):
                    raise AssertionError(f"the app named errors for blocks that are no inputs: {unknown}")
            case "update":
                problems = check_view(body.get("view"))
                if problems:
                    raise AssertionError(f"the app answered with a view Slack refuses: {problems}")
                self.views.replace(view, body["view"])
            case "push":
                self.views.push(view.app, self.id, body["view"])
            case other:
                raise AssertionError(f"the app answered a form with the unknown response_action {other!r}")

    async def closes(self, view: View) -> Ack | None:
        """Close a modal; the app hears of it only when it asked to."""
        self.views.pop(view)
        if not view.wire["notify_on_close"]:
            return None
        payload = self._view_payload(view, "view_closed") | {"is_cleared": False}
        return await self.delivery.interact(view.app, "interactive", payload)

    def _view_payload(self, view: View, kind: str) -> Json:
        return pressing.common(self.workspace, view.app, self.member, kind) | {"view": view.with_state()}

    async def runs(self, channel: Channel, line: str, thread_ts: str | None = None) -> Ack:
        """Run a slash command such as "/macro refund"; inside a thread Slack refuses and the app hears nothing."""
        command, _, text = line.partition(" ")
        if thread_ts is not None:
            return Ack(acked=False, reason=f"{command} is not supported in threads. Sorry!")
        app = self._app_with(command)
        payload: Json = {
            "token": "legacy", "team_id": self.workspace.team.id, "team_domain": self.workspace.team.domain,
            "channel_id": channel.id, "user_id": self.id, "user_name": self.name, "command": command,
            "channel_name": {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name),
            "text": typed(self.workspace, text)[0] if app.escapes_commands else text, "api_app_id": app.app_id,
            "is_enterprise_install": "false", "trigger_id": self.interactions.new_trigger(app, self.id),
            "response_url": self.interactions.new_address(app, self.id, channel, "commands"),
        }  # fmt: skip
        ack = await self.delivery.interact(app, "slash_commands", payload)
        said = ack.body or {}
        if ack.acked and (said.get("text") or said.get("blocks")):
            secret = payload["response_url"].rsplit("/", 1)[-1]
            self.interactions.say(self.interactions.addresses[secret], said)
        return ack

    def _app_with(self, command: str) -> App:
        """Return the app that answers a command; of several the last installed wins, as in Slack."""
        for app in reversed(self.workspace.apps.values()):
            if (app.commands is None or command in app.commands) and "commands" in app.scopes:
                return app
        raise AssertionError(f"{command} is not a valid command")

    async def uses_shortcut(self, callback_id: str, on: Which | None = None, app: App | None = None) -> Ack:
        """Run a message shortcut on a message, or a global one when `on` is left out."""
        chosen = app or next(reversed(self.workspace.apps.values()))
        payload = pressing.common(self.workspace, chosen, self.member, "shortcut" if on is None else "message_action")
        payload |= {"callback_id": callback_id, "action_ts": self.workspace.mint_ts(),
                    "trigger_id": self.interactions.new_trigger(chosen, self.id)}  # fmt: skip
        if on is not None:
            message = self._message(on)
            channel = self._channel(message)
            payload |= {
                "channel": {"id": channel.id, "name": channel.name or "directmessage"}, "message_ts": message.ts,
                "message": copy.deepcopy(channel.wire(message)),
                "response_url": self.interactions.new_address(chosen, self.id, channel, "app", message),
            }  # fmt: skip
        return await self.delivery.interact(chosen, "interactive", payload)

    async def opens_home(self, app: App, tab: str = "home") -> None:
        """Open the app's Home (or Messages) tab."""
        event: Json = {"type": "app_home_opened", "user": self.id, "channel": self.dm(app).id, "tab": tab,
                       "event_ts": self.workspace.mint_ts()}  # fmt: skip
        home = self.home(app)
        if home is not None and tab == "home":
            event["view"] = home.with_state()
        self.workspace.announce(Happening("app_home_opened", event, only=app))

    async def invites(self, who: "App | Person", channel: Channel) -> None:
        """Bring an app or another person into a channel, in front of everyone."""
        newcomer = who.bot_user_id if isinstance(who, App) else who.id
        messages.bring_in(self.workspace, channel, newcomer, inviter=self.id)

    async def changes(self, **profile: Any) -> None:
        """Change the own profile: real_name, tz, locale, status_text, presence, dnd (from, until) or deleted."""
        for name, value in profile.items():
            setattr(self.member, name, value)
        self.member.updated = self.workspace.unix()
        event = {"type": "user_change", "user": self.member.wire(self.workspace.now(), with_locale=True),
                 "cache_ts": self.workspace.unix(), "event_ts": self.workspace.mint_ts()}  # fmt: skip
        self.workspace.announce(Happening("user_change", event))

    async def leaves(self) -> None:
        """Have one's account deactivated."""
        await self.changes(deleted=True)

    def _message(self, which: Which) -> Message:
        found = which if isinstance(which, Message) else self.workspace.find_message(which)
        if found is None or (found.ephemeral_to and found.ephemeral_to != self.id):
            raise AssertionError(f"{self.name} sees no message {which}")
        if self.id not in self._channel(found).members:
            raise AssertionError(f"{self.name} is not a member of #{self._channel(found).name}")
        return found

    def _own(self, which: Which) -> Message:
        message = self._message(which)
        if message.user != self.id:
            raise AssertionError(f"{self.name} did not write {message.ts}")
        return message

    def _channel(self, message: Message) -> Channel:
        return self.workspace.channels[message.channel_id]

    def _app_behind(self, message: Message) -> App:
        if message.app_id is None:
            raise AssertionError(f"no app wrote {message.ts}: nothing to press")
        return self.workspace.apps[message.app_id]
