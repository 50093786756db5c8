"""The server as a demo page shows it."""

from chatops.sandbox.discord import messages
from chatops.sandbox.discord.channel import DIRECT, Channel, Thread
from chatops.sandbox.discord.interactions import Interactions
from chatops.sandbox.discord.member import Member
from chatops.sandbox.discord.message import Json, Message
from chatops.sandbox.discord.modals import Modal
from chatops.sandbox.discord.server import Server


def snapshot(server: Server, interactions: Interactions) -> Json:
    """Return everything visible, ready for JSON: Discord's own objects, with who reacted and who sees what alone."""
    places = list(server.channels.values())
    channels = [channel for channel in places if channel.type != DIRECT]
    return {
        "now": server.time.now().isoformat(),
        "server": {"id": server.id, "name": server.name},
        "people": [_person(member) for member in server.members.values()],
        "channels": [_channel(channel) for channel in channels],
        "directs": [
            {"id": place.id, "person": place.recipient["id"]} for place in places if place.recipient is not None
        ],
        "messages": [_message(server, one) for place in places for one in place.messages.values()],
        "ephemerals": [_message(server, one) | {"only_for": one.ephemeral_to} for one in server.ephemerals],
        "forms": [_form(person_id, modal) for person_id, modal in interactions.modals.items()],
        "commands": [command for app in server.apps.values() for command in app.commands.values()],
    }


def _person(member: Member) -> Json:
    return {"id": member.id, "name": member.nick or member.name, "bot": member.bot, "locale": member.locale}


def _channel(channel: Channel) -> Json:
    shown = channel.wire()
    return shown | {"owner": channel.owner_id} if isinstance(channel, Thread) else shown


def _message(server: Server, message: Message) -> Json:
    return messages.shown(server, message) | {"reacted": message.reactions}


def _form(person_id: str, modal: Modal) -> Json:
    return {
        "person": person_id, "custom_id": modal.custom_id, "title": modal.title, "components": modal.components,
    }  # fmt: skip
