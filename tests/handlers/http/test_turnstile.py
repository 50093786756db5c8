"""How often strangers may ask: each address, and all of them together."""

from datetime import datetime, timedelta

from starlette.requests import Request

from chatops.times import SystemTime
from handlers.http.turnstile import Turnstile
from tests.desk.scenes import NOON


class Stopped(SystemTime):
    """A clock that stands still until it is moved."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at


def asked(turnstile: Turnstile, *hosts: str) -> list[int]:
    """Return how long each has to wait, who ask one after the other."""
    return [turnstile.wait(Request({"type": "http", "client": (host, 1)})) for host in hosts]


def test_an_address_has_its_share_and_all_together_have_theirs_and_a_minute_later_again() -> None:
    clock = Stopped()
    turnstile = Turnstile(clock, each=2, together=3)
    assert asked(turnstile, "192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.3") == [0, 0, 60, 0, 60]
    clock.at += timedelta(seconds=20.5)
    assert asked(turnstile, "192.0.2.1") == [40]
    clock.at += timedelta(seconds=39.5)
    assert asked(turnstile, "192.0.2.1", "192.0.2.3") == [0, 0]
    clock.at -= timedelta(hours=1)  # set back: nobody waits for an hour
    assert asked(turnstile, "192.0.2.1", "192.0.2.1", "192.0.2.1") == [0, 0, 60]


def test_a_household_with_many_addresses_has_one_share() -> None:
    turnstile = Turnstile(Stopped(), each=1, together=9)
    assert asked(turnstile, "2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1") == [0, 60, 0]
