"""Everybody's own page: Slack's App Home."""

import structlog

from chatops.catalog import Verb
from chatops.errors import PlatformError
from handlers.asking import Asker, answer
from handlers.slack.context import Context, Payload

log = structlog.get_logger(__name__)


async def opened(context: Context, event: Payload, body: Payload) -> None:  # noqa: ARG001 - as every event is heard
    """Draw the page of whoever opens it."""
    if event.get("tab") == "home":
        await draw(context, event["user"])


async def draw(context: Context, agent_id: str) -> None:
    """Show somebody's page as things are now; the next time they open it, it is drawn again."""
    who = Asker(context.workspace_id, agent_id)
    card = await context.store.read(answer, who, None, Verb.HOME, "", context.now())
    try:
        await context.slack.show_home(agent_id, card)
    except PlatformError as error:
        log.warning("home_not_shown", error=error.code)
