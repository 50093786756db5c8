"""How Slack's channels are looked through for what it told nobody."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from chatops.model.thread import Thread
from chatops.platforms.ports import ChannelRef
from chatops.platforms.slack.calls import answer
from chatops.platforms.slack.codes import NOT_LET_IN
from chatops.platforms.slack.stamps import order
from handlers.catchup import CatchUp
from handlers.comparing import patiently
from handlers.slack.comparing import SlackReader
from handlers.slack.context import Context, Payload

PAGE = 200  # messages a request; Slack advises not to ask for more


def catch_up(context: Context, client: AsyncWebClient, bot_token: str) -> CatchUp:
    """Return what catches up with our workspace."""
    return CatchUp(SlackChannels(context, client, bot_token))


class SlackChannels(SlackReader):
    """Looks through the channels of our workspace: one request for each page of a channel's newest posts."""

    def __init__(self, context: Context, client: AsyncWebClient, bot_token: str) -> None:
        super().__init__(context)
        self._client = client
        self._bot_token = bot_token

    @property
    def not_let_in(self) -> Collection[str]:
        """The refusals that end without a word to us."""
        return NOT_LET_IN

    async def workspace_ids(self) -> Sequence[str]:
        """Return our one workspace."""
        return [self.context.workspace_id]

    async def lets_in(self, channel: ChannelRef) -> bool:
        """Tell whether we may post into a channel."""
        state = await self.context.slack.channel_state(channel)
        return state.is_member and not state.is_archived

    async def about(self, channel: ChannelRef) -> Payload:
        """Return whether other companies are in a channel."""
        call = self._client.conversations_info(token=self._bot_token, channel=channel.channel_id)
        found = (await answer(call, repeatable=True))["channel"]
        return {"is_ext_shared_channel": bool(found.get("is_ext_shared"))}

    async def newest(self, channel: ChannelRef, opened: Sequence[Thread]) -> Mapping[str, str]:
        """Return the newest reply of each thread that has one, by its head."""
        oldest = min((thread.external_id for thread in opened), key=order)
        return {
            post["ts"]: post["latest_reply"]
            async for post in self._posts(channel.channel_id, oldest)
            if post.get("latest_reply")
        }

    async def _posts(self, channel_id: str, oldest: str) -> AsyncIterator[dict[str, Any]]:
        cursor: str | None = None
        while True:
            page = await patiently(self.context.time, partial(self._page, channel_id, oldest, cursor))
            for post in page["messages"]:
                yield post
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    async def _page(self, channel_id: str, oldest: str, cursor: str | None) -> AsyncSlackResponse:
        call = self._client.conversations_history(
            token=self._bot_token, channel=channel_id, oldest=oldest, inclusive=True, limit=PAGE, cursor=cursor
        )
        return await answer(call, repeatable=True)
