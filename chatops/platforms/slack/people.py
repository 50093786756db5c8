"""Members of a Slack workspace: how they are written to, and the user groups they are in."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from chatops.errors import Rejected, TargetGone
from chatops.platforms.ports import PersonRef
from chatops.platforms.slack.calls import Wire, answer

UNREACHABLE = {"user_disabled", "user_not_found", "user_not_visible"}


class People:
    """Knows the direct conversations with people; each is asked for once."""

    def __init__(self, wire: Wire, token: Callable[[str], str]) -> None:
        self._wire = wire
        self._token = token
        self._conversations: dict[PersonRef, str] = {}

    async def conversation(self, person: PersonRef) -> str:
        """Return the channel in which we speak with somebody alone.

        Raises:
            TargetGone: they left.
        """
        known = self._conversations.get(person) or person.channel_id
        if not known:
            token, client = self._token(person.workspace_id), self._wire.open()[1]
            with _reaching():
                opened = await answer(client.conversations_open(token=token, users=person.agent_id), repeatable=True)
            known = self._conversations[person] = opened["channel"]["id"]
        return known

    async def set_group(self, workspace_id: str, group_id: str, members: Sequence[str]) -> None:
        """Make `members` those of a user group; without any it is disabled, for Slack empties none."""
        token, client = self._token(workspace_id), self._wire.open()[1]
        if not members:
            await answer(client.usergroups_disable(token=token, usergroup=group_id), repeatable=True)
            return
        call = client.usergroups_users_update(token=token, usergroup=group_id, users=list(members))
        group = (await answer(call, repeatable=True)).get("usergroup") or {}
        if group.get("date_delete"):
            await answer(client.usergroups_enable(token=token, usergroup=group_id), repeatable=True)


@contextmanager
def _reaching() -> Iterator[None]:
    """Tell that somebody cannot be written to from what was asked wrongly."""
    try:
        yield
    except Rejected as refused:
        if refused.code in UNREACHABLE:
            raise TargetGone(refused.code) from refused
        raise
