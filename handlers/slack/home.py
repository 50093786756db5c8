"""Everybody's own page: Slack's App Home."""

import structlog

from chatops.errors import PlatformError
from handlers.asking import Asker
from handlers.slack.context import Context, Payload

log = structlog.get_logger(__name__)


async def opened(context: Context, event: Payload, body: Payload) -> None:  # noqa: ARG001 - as every event is heard
    """Draw the page of whoever opens it."""
    if event.get("tab") == "home":
        await draw(context, event["user"])


async def draw(context: Context, agent_id: str) -> None:
    """Show somebody's page as things are now; the next time they open it, it is drawn again."""
    try:
        await context.show_home(Asker(context.workspace_id, agent_id))
    except PlatformError as error:
        log.warning("home_not_shown", error=error.code)
