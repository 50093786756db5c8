"""Slack on loopback: `SlackWorld` speaks the Web API, Socket Mode and signed HTTP to the unmodified product."""

from chatops.sandbox.slack.world import SlackWorld

__all__ = ["SlackWorld"]
