"""How an interaction is told to an app, and how the messages that answer it remember it."""

from chatops.sandbox.discord import messages
from chatops.sandbox.discord.channel import Thread
from chatops.sandbox.discord.interaction import PRESS, RUN, Interaction
from chatops.sandbox.discord.message import LOADING, Json, Message
from chatops.sandbox.discord.permissions import permissions
from chatops.sandbox.discord.server import Server


def created(server: Server, interaction: Interaction) -> Json:
    """Return the `d` of INTERACTION_CREATE."""
    channel, who = interaction.channel, interaction.who
    granted = str(permissions(server, interaction.app.bot.id, channel))
    shown: Json = {
        "id": interaction.id, "application_id": interaction.app.id, "type": interaction.kind, "version": 1,
        "token": interaction.token, "data": interaction.data, "channel_id": channel.id,
        "channel": _place(server, interaction), "locale": who.locale, "app_permissions": granted,
        "attachment_size_limit": server.upload_limit, "entitlements": [],
        "authorizing_integration_owners": _owners(interaction),
    }  # fmt: skip
    if channel.recipient is not None:
        shown |= {"context": 1, "user": who.user()}
    else:
        held = str(permissions(server, who.id, channel))
        shown |= {
            "context": 0, "guild_id": server.id, "guild_locale": server.locale,
            "guild": {"id": server.id, "locale": server.locale, "features": []},
            "member": who.wire() | {"permissions": held},
        }  # fmt: skip
    if interaction.source is not None:
        shown["message"] = messages.shown(server, interaction.source, interaction.app.bot.id)
    return shown


def _place(server: Server, interaction: Interaction) -> Json:
    channel = interaction.channel
    shown = channel.wire(interaction.app.bot.id) if isinstance(channel, Thread) else channel.wire()
    return shown | {"permissions": str(permissions(server, interaction.who.id, channel))}


def _owners(interaction: Interaction) -> Json:
    """0: the app was installed by a server; a direct conversation counts as none."""
    return {"0": interaction.channel.guild_id if interaction.channel.recipient is None else "0"}


def resolved(server: Server, ids: list[str]) -> Json:
    """Return the objects behind chosen ids: people, roles and channels."""
    people = {one: server.members[one] for one in ids if one in server.members}
    found: Json = {
        "users": {one: member.user() for one, member in people.items()},
        "members": {one: member.wire(with_user=False) | {"permissions": "0"} for one, member in people.items()},
        "roles": {one: server.roles[one].wire() for one in ids if one in server.roles},
        "channels": {
            one: server.channels[one].wire() | {"permissions": "0"} for one in ids if one in server.channels
        },
    }  # fmt: skip
    return {kind: objects for kind, objects in found.items() if objects}


def metadata(interaction: Interaction) -> Json:
    """Return `interaction_metadata` of a message that answers this interaction."""
    shown: Json = {
        "id": interaction.id, "type": interaction.kind, "user": interaction.who.user(),
        "authorizing_integration_owners": _owners(interaction),
    }  # fmt: skip
    if interaction.original is not None:
        shown["original_response_message_id"] = interaction.original.id
    if interaction.kind == PRESS and interaction.source is not None:
        shown["interacted_message_id"] = interaction.source.id
    if interaction.opened_by is not None:
        shown["triggering_interaction_metadata"] = interaction.opened_by
    if interaction.kind == RUN:
        shown |= {"name": interaction.data["name"], "command_type": interaction.data["type"]}
    if "messages" in interaction.data.get("resolved", {}):
        shown["target_message_id"] = interaction.data["target_id"]
    return shown


def acknowledged(server: Server, interaction: Interaction, resource: Message | None) -> Json:
    """Return what the app reads when it asked for more than 204."""
    told: Json = {"id": interaction.id, "type": interaction.kind, "channel_id": interaction.channel.id}
    if interaction.channel.recipient is None:
        told["guild_id"] = interaction.channel.guild_id
    if (original := interaction.original) is not None:
        told |= {
            "response_message_id": original.id, "response_message_loading": bool(original.flags & LOADING),
            "response_message_ephemeral": original.ephemeral_to is not None,
        }  # fmt: skip
    shown: Json = {"interaction": told}
    if resource is not None:
        shown["resource"] = {
            "type": interaction.answer,
            "message": messages.shown(server, resource, interaction.app.bot.id),
        }
    return shown
