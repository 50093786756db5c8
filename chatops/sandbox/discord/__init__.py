"""A Discord server on loopback: REST v10 and the gateway, stateful and strict."""

from chatops.sandbox.discord.world import DiscordWorld

__all__ = ["DiscordWorld"]
