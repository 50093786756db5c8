"""Every scope the outbox names has the pace its platform allows."""

from datetime import timedelta

import pytest

from chatops.delivery.pace import Paces
from chatops.platforms.discord.limits import DEFAULTS as DISCORD
from chatops.platforms.slack.limits import DEFAULTS
from chatops.platforms.tiktok.limits import PACES
from chatops.store.lanes import Limit


@pytest.mark.parametrize(
    ("scope", "limit"),
    [
        ("chat/T0TEAM/post/C0SUPPORT", DEFAULTS["post/channel"]),
        ("chat/T0TEAM/post", DEFAULTS["post"]),
        ("chat/T0TEAM/update", DEFAULTS["update"]),
        ("chat/T0TEAM/file", DEFAULTS["file"]),
        ("chat/T0TEAM/react", DEFAULTS["react"]),
        ("chat/T0TEAM/whisper", DEFAULTS["ephemeral"]),
        ("chat/T0TEAM/read", DEFAULTS["read"]),
        ("chat/1185/post/2276/2276/7495540735365777507/c.1", DISCORD["post/channel"]),
        ("chat/1185/post/2276", DISCORD["thread"]),
        ("chat/1185/post", DISCORD["post"]),
        ("chat/1185/update", DISCORD["update"]),
        ("chat/1185/thread", DISCORD["thread/below"]),
        ("chat/1185/react", DISCORD["react"]),
        ("chat/1185/whisper", DISCORD["ephemeral"]),
        ("chat/1185/read", DISCORD["read"]),
        ("chat/1185/file", None),  # which leaves with the message that shows it
        ("chat/1185/dance", None),
        ("shop/7495540735365777507/send", PACES["send"]),
        ("shop/7495540735365777507/read", PACES["read"]),
        ("", None),
        ("chat/T0TEAM/dance", None),
    ],
)
def test_a_scope_goes_as_fast_as_its_platform_allows(scope: str, limit: Limit | None) -> None:
    assert Paces()(scope) == limit


def test_a_sandbox_may_be_hurried() -> None:
    assert Paces(factor=10)("chat/T0TEAM/post/C0SUPPORT") == Limit(10, timedelta(seconds=1), 30)
