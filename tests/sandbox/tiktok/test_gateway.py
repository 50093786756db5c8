"""The gateway refuses in the platform's order, with the platform's codes."""

from datetime import timedelta

import pytest

from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.people import Buyer
from chatops.sandbox.tiktok.state import App, Shop
from chatops.sandbox.tiktok.world import TikTokWorld
from tests.sandbox.tiktok.caller import CS, SHOPS, Caller

CONVERSATIONS = f"{CS}/conversations"


async def test_a_good_request_comes_back_in_the_envelope(caller: Caller) -> None:
    answer = await caller.get(CONVERSATIONS, page_size="20")
    assert (answer.status, answer.code, answer.message) == (200, 0, "Success")
    assert answer.data == {"next_page_token": "", "conversations": []}
    assert len(answer.request_id) == 34


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/customer_service/202309/nothing", 404, 36009009),
        ("GET", "/customer_service/201901/conversations", 400, 36009014),
        ("PUT", CONVERSATIONS, 405, 36009010),
        ("DELETE", "/authorization/202309/shops", 405, 36009010),
    ],
)
async def test_unknown_paths_versions_and_methods_come_first(
    caller: Caller, method: str, path: str, status: int, code: int
) -> None:
    answer = await caller.send(method, path, {})
    assert (answer.status, answer.code, answer.data) == (status, code, None)


async def test_checks_run_from_credentials_to_body(caller: Caller, time: StoryTime, world: TikTokWorld) -> None:
    """Each step repairs one thing, and the next check speaks."""
    path, spoiled = CONVERSATIONS, b"not json"
    stale = str(int(time.now().timestamp()) - 1000)
    token, cipher = caller.token, caller.cipher
    caller.token, caller.cipher = "stolen", ""

    async def code(query: dict[str, str], content_type: str = "text/plain") -> tuple[int, int, str]:
        answer = await caller.send("POST", path, query, spoiled, content_type)
        assert answer.data is None
        return answer.status, answer.code, answer.message

    query = caller.query(path, spoiled, timestamp=stale)
    without_sign = {name: value for name, value in query.items() if name != "sign"}
    assert await code(without_sign) == (400, 36009004, "Missing credentials. `sign` is required.")
    assert await code({**query, "app_key": "nobody", "sign": "0"}) == (
        400,
        36009004,
        "Invalid credentials. Invalid `app_key` query parameter.",
    )
    assert "Invalid timestamp" in (await code({**query, "sign": "0"}))[2]
    assert (await code({**caller.query(path, spoiled), "sign": "0"}))[:2] == (401, 106001)
    assert "x-tts-access-token" in (await code(caller.query(path, spoiled)))[2]
    caller.token = token
    assert (await code(caller.query(path, spoiled)))[:2] == (400, 106013)
    assert (await code(caller.query(path, spoiled, shop_cipher="GCP_other")))[:2] == (401, 101000)
    caller.cipher = cipher
    world.limits.qps = 0
    assert (await code(caller.query(path, spoiled)))[:2] == (429, 36009002)
    world.limits.qps, world.limits.daily_quota = None, 0
    assert (await code(caller.query(path, spoiled)))[:2] == (200, 45101004)
    world.limits.daily_quota = 10_000
    assert (await code(caller.query(path, spoiled)))[:2] == (400, 36009022)
    assert (await code(caller.query(path, spoiled), "application/json"))[:2] == (400, 36009023)


@pytest.mark.parametrize(("age", "word"), [(-31, "more than 30 seconds"), (302, "5 minutes")])
async def test_timestamps_outside_the_window_are_refused(caller: Caller, time: StoryTime, age: int, word: str) -> None:
    stamp = str(int(time.now().timestamp()) - age)
    answer = await caller.get(CONVERSATIONS, page_size="1", timestamp=stamp)
    assert (answer.status, answer.code) == (400, 36009004)
    assert word in answer.message


async def test_the_clock_is_the_storys(caller: Caller, time: StoryTime) -> None:
    query = caller.query(CONVERSATIONS, page_size="1")
    time.skip(timedelta(minutes=6))
    assert "5 minutes" in (await caller.send("GET", CONVERSATIONS, query)).message


async def test_the_body_is_signed_as_it_was_sent(caller: Caller) -> None:
    query = caller.query(CONVERSATIONS, b'{"buyer_user_id":"1"}')
    answer = await caller.send("POST", CONVERSATIONS, query, b'{"buyer_user_id": "1"}')
    assert (answer.status, answer.code) == (401, 106001)


async def test_a_token_of_another_app_and_an_expired_one_are_told_apart(
    caller: Caller, world: TikTokWorld, time: StoryTime
) -> None:
    good = caller.token
    stranger = world.create_shop(world.create_app(app_key="other", app_secret="other"))
    granted = world.authorization(stranger)
    assert granted is not None
    caller.token = granted.newest_access_token
    assert (await caller.get(CONVERSATIONS, page_size="1")).code == 36009004
    caller.token = good
    time.skip(timedelta(days=7))
    late = await caller.get(CONVERSATIONS, page_size="1")
    assert (late.status, late.code) == (401, 105002)


async def test_a_scope_that_was_not_granted_is_missing_even_after_the_app_gains_it(
    caller: Caller, world: TikTokWorld, app: App
) -> None:
    everything = app.scopes
    app.scopes = ("seller.authorization.info",)
    small = world.create_shop(app)
    granted = world.authorization(small)
    assert granted is not None
    caller.token, caller.cipher = granted.newest_access_token, small.cipher
    app.scopes = everything
    answer = await caller.get(CONVERSATIONS, page_size="1")
    assert (answer.status, answer.code) == (403, 105005)


async def test_a_cipher_where_none_belongs_is_unexpected(caller: Caller) -> None:
    answer = await caller.get(SHOPS)
    assert answer.code == 36009004
    assert "Unexpected identifier. The `shop_cipher`" in answer.message


async def test_a_cipher_of_a_shop_that_the_token_does_not_cover_is_refused(
    caller: Caller, world: TikTokWorld, app: App
) -> None:
    caller.cipher = world.create_shop(app, name="Second shop").cipher
    assert (await caller.get(CONVERSATIONS, page_size="1")).code == 101000


async def test_an_inactive_shop_is_refused(caller: Caller, shop: Shop) -> None:
    shop.active = False
    answer = await caller.get(CONVERSATIONS, page_size="1")
    assert (answer.status, answer.code) == (401, 36009043)


async def test_unknown_fields_and_parameters_are_refused(caller: Caller, mia: Buyer) -> None:
    extra = await caller.get(CONVERSATIONS, page_size="1", page_number="2")
    assert (extra.status, extra.code) == (400, 36009004)
    unknown = await caller.post(CONVERSATIONS, {"buyer_user_id": mia.user_id, "hello": 1})
    assert (unknown.status, unknown.code) == (400, 36009004)
    assert "`hello`" in unknown.message
    missing = await caller.post(CONVERSATIONS, {})
    assert "`buyer_user_id`" in missing.message


async def test_repeated_keys_cannot_be_signed(caller: Caller) -> None:
    query = caller.query(CONVERSATIONS, page_size="1")
    address = "&".join(f"{name}={value}" for name, value in [*query.items(), ("page_size", "1")])
    async with caller.session.get(f"{caller.world.url}{CONVERSATIONS}?{address}") as answer:
        assert (await answer.json())["code"] == 106001


async def test_the_log_of_requests_holds_no_secrets(caller: Caller, world: TikTokWorld) -> None:
    await caller.get(CONVERSATIONS, page_size="1")
    await caller.token_call("refresh", grant_type="refresh_token", refresh_token="secret")
    read, refreshed = world.requests
    assert (read.name, read.method, read.path, read.status, read.code) == (
        "get_conversations",
        "GET",
        CONVERSATIONS,
        200,
        0,
    )
    assert read.query.keys() == {"app_key", "timestamp", "shop_cipher", "page_size"}
    assert refreshed.query.keys() == {"app_key", "grant_type"}


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'{"a":', b"\xff\xfe", b"[" * 100_000, b'{"create_time_ge":"today"}']
)
async def test_odd_bodies_are_the_callers_fault(caller: Caller, body: bytes) -> None:
    path = "/order/202309/orders/search"
    answer = await caller.send("POST", path, caller.query(path, body), body)
    assert answer.status == 400
    assert answer.code in {36009023, 36009004}
