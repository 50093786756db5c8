"""Members of a Slack workspace: how they are written to, and the user groups they are in."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from chatops.errors import Rejected, TargetGone
from chatops.platforms.conversations import Conversations
from chatops.platforms.ports import PersonRef
from chatops.platforms.slack.calls import Wire, answer

UNREACHABLE = {"user_disabled", "user_not_found", "user_not_visible"}


class People:
    """Knows the people of the workspaces that we have a token for."""

    def __init__(self, wire: Wire, token: Callable[[str], str]) -> None:
        self._wire = wire
        self._token = token
        self.reached = Conversations(self._opened, UNREACHABLE).reached

    async def _opened(self, person: PersonRef) -> str:
        token, client = self._token(person.workspace_id), self._wire.open()[1]
        with _reaching():
            opened = await answer(client.conversations_open(token=token, users=person.agent_id), repeatable=True)
        return str(opened["channel"]["id"])

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
