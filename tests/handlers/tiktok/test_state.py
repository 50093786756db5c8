"""Who comes back from TikTok with a `state` that is not ours is told so, whatever stands in it."""

import pytest

from chatops.times import SystemTime
from handlers.tiktok.authorize import StateSigner


@pytest.mark.parametrize("state", ["", ".", "1700000000-x.é", "²-x.²", "1700000000-x.\x00", "1700000000-x." + "0" * 32])
def test_a_forged_state_is_refused_not_tripped_over(state: str) -> None:
    assert not StateSigner("key", SystemTime()).is_ours(state)


def test_our_own_state_is_taken() -> None:
    signer = StateSigner("key", SystemTime())
    assert signer.is_ours(signer.make())
    assert not StateSigner("another key", SystemTime()).is_ours(signer.make())
