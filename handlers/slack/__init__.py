"""Those who hear Slack: over sockets or HTTP, commit first, acknowledge then."""

import os
import re
import secrets
import traceback
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from chatops.cards import notice
from chatops.cards.commands import given_back
from chatops.errors import Busy
from chatops.platforms.slack.client import API_URL
from handlers.catchup import CatchUp
from handlers.slack import buttons, commands, comparing, forms, home, lifecycle, reactions, shortcuts
from handlers.slack.catchup import catch_up
from handlers.slack.context import Context, Payload
from handlers.slack.endpoint import SlackEndpoint
from handlers.slack.sockets import Patience, SocketSupervisor

__all__ = ["CatchUp", "Context", "Patience", "SlackEndpoint", "SocketSupervisor", "build_app", "catch_up", "register"]

Heard = Callable[[Context, Payload, Payload], Awaitable[None]]

# bolt reads these by itself, and turns to OAuth, or to another token, when they are set
ENVIRONMENT = (
    "SLACK_BOT_TOKEN",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "SLACK_SIGNING_SECRET",
    "SLACK_VERIFICATION_TOKEN",
)
EVENTS: dict[str, Heard] = {
    "message": comparing.message,
    "reaction_added": reactions.reaction,
    "reaction_removed": reactions.reaction,
    "user_change": lifecycle.member_changed,
    "app_home_opened": home.opened,
    **dict.fromkeys(lifecycle.CHANNEL_BACK, lifecycle.channel_back),
    **dict.fromkeys(lifecycle.CHANNEL_LOST, lifecycle.channel_lost),
    **dict.fromkeys(lifecycle.PERMISSION_LOST, lifecycle.permission_lost),
}
TOLD = {"block_actions", "message_action"}  # a form that fails stays open by itself
ANYTHING = re.compile(".*")
log = structlog.get_logger(__name__)


def build_app(context: Context, bot_token: str, base_url: str = API_URL) -> AsyncApp:
    """Return a bolt app that hears one workspace; `SocketSupervisor` or `SlackEndpoint` brings it what to hear.

    It verifies nothing (both check whom they listen to) and asks Slack nothing to know who we are.
    """
    client = AsyncWebClient(base_url=base_url, retry_handlers=[])
    client.proxy = None  # it reads the proxy variables of the environment even for loopback
    with _environment_hidden():
        app = AsyncApp(
            name="chatops",
            client=client,
            signing_secret="",
            authorize=_permission(context, bot_token),
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            request_verification_enabled=False,
            ssl_check_enabled=False,
            ignoring_self_events_enabled=False,  # somebody may delete what we posted for them, to take it back
        )
    register(app, context)
    return app


def _permission(context: Context, bot_token: str) -> Callable[[], Awaitable[AuthorizeResult]]:
    ours = context.ours

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=ours.team_id,
            bot_token=bot_token,
            bot_id=ours.bot_id,
            bot_user_id=ours.bot_user_id,
        )

    return authorize


def register(app: AsyncApp, context: Context) -> None:
    """Let a bolt app hear everything we have an ear for; what nobody has an ear for is acknowledged all the same."""
    for name, hear in EVENTS.items():
        app.event(name)(_ear(context, hear))

    async def failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
        return await _answer(context, error, body)

    app.action({"type": "block_actions", "action_id": ANYTHING})(_answering(context, buttons.press))
    app.message_shortcut(ANYTHING)(_answering(context, shortcuts.chosen))
    app.view_submission(ANYTHING)(_answering(context, forms.submitted))
    app.command(ANYTHING)(_answering(context, commands.command))
    app.error(failed)


def _ear(context: Context, hear: Heard) -> Callable[..., Awaitable[None]]:
    async def heard(event: dict[str, Any], body: dict[str, Any]) -> None:
        await hear(context, event, body)

    return heard


def _answering(
    context: Context, answer: Callable[[Context, Payload], Awaitable[Payload | None]]
) -> Callable[..., Awaitable[None]]:
    """Return a listener that acknowledges once it is done, with what `answer` says."""

    async def asked(body: dict[str, Any], ack: Callable[..., Awaitable[object]]) -> None:
        await ack(**(await answer(context, body) or {}))

    return asked


async def _answer(context: Context, error: Exception, body: Payload) -> BoltResponse:
    """Say how a request that failed is answered: 200 ends it, anything else makes Slack send an event again."""
    if isinstance(error, BoltUnhandledRequestError):
        log.debug("not_for_us", type=body.get("type"))
        return BoltResponse(status=200)
    if isinstance(error, Busy):
        log.warning("not_heard", reason=type(error).__name__)
        return BoltResponse(status=503)
    code = secrets.token_hex(4)
    log.error("incident", incident=code, error=type(error).__name__, where=_where(error))
    if "command" in body:
        card = given_back(notice.incident(code), body.get("text") or "")
        return BoltResponse(status=200, body=context.slack.privately(card))
    told = body.get("type") in TOLD and await context.whisper(body, lambda: notice.incident(code))
    return BoltResponse(status=200 if told else 500)


def _where(error: Exception) -> str:
    """Return the lines that led to an error, without its message, which may hold what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return " ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)


@contextmanager
def _environment_hidden() -> Iterator[None]:
    hidden = {name: os.environ.pop(name) for name in ENVIRONMENT if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)
