"""Codes, tokens and the page on which a seller authorizes an app."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from chatops.sandbox.storytime import StoryTime
from chatops.sandbox.tiktok.state import App, Shop
from chatops.sandbox.tiktok.world import TikTokWorld
from tests.sandbox.tiktok.caller import SHOPS, Answer, Caller


async def exchange(caller: Caller, code: str) -> Answer:
    return await caller.token_call("get", grant_type="authorized_code", auth_code=code)


async def refresh(caller: Caller, token: str) -> Answer:
    return await caller.token_call("refresh", grant_type="refresh_token", refresh_token=token)


async def works(caller: Caller, token: str) -> int:
    caller.token = token
    return (await caller.get(SHOPS, shop_cipher="")).code


async def test_a_code_becomes_tokens_that_open_the_shop(
    caller: Caller, world: TikTokWorld, app: App, time: StoryTime
) -> None:
    shop = world.create_shop(app, name="New shop", region="ID", authorized=False)
    answer = await exchange(caller, world.authorize(app, shop))
    assert (answer.code, answer.message) == (0, "success")
    now = time.now().timestamp()
    assert answer.data["access_token_expire_in"] == pytest.approx(now + 7 * 86400, abs=5)
    assert answer.data["refresh_token_expire_in"] == pytest.approx(now + 365 * 86400, abs=5)
    assert (answer.data["user_type"], answer.data["seller_base_region"]) == (0, "ID")
    assert "seller.customer_service" in answer.data["granted_scopes"]

    caller.token = answer.data["access_token"]
    listed = await caller.get(SHOPS, shop_cipher="")
    assert [one["cipher"] for one in listed.data["shops"]] == [shop.cipher]


async def test_a_code_works_once(caller: Caller, world: TikTokWorld, app: App, shop: Shop) -> None:
    code = world.authorize(app, shop)
    assert (await exchange(caller, code)).code == 0
    assert (await exchange(caller, code)).code == 36004004


async def test_a_code_dies_after_half_an_hour(
    caller: Caller, world: TikTokWorld, app: App, shop: Shop, time: StoryTime
) -> None:
    code = world.authorize(app, shop)
    time.skip(timedelta(minutes=30))
    assert (await exchange(caller, code)).code == 36004004


async def test_refreshing_rotates_the_refresh_token(caller: Caller, world: TikTokWorld, app: App, shop: Shop) -> None:
    first = (await exchange(caller, world.authorize(app, shop))).data
    second = (await refresh(caller, first["refresh_token"])).data
    assert second["refresh_token"] != first["refresh_token"]
    assert (await refresh(caller, first["refresh_token"])).code == 36004004
    assert (await refresh(caller, second["refresh_token"])).code == 0
    assert world.token_refreshes == 2
    assert await works(caller, first["access_token"]) == 0


async def test_rotation_and_the_life_of_older_tokens_can_be_switched(
    caller: Caller, world: TikTokWorld, app: App, shop: Shop
) -> None:
    world.assumptions.refresh_rotates = False
    world.assumptions.refresh_ends_older_access_tokens = True
    first = (await exchange(caller, world.authorize(app, shop))).data
    second = (await refresh(caller, first["refresh_token"])).data
    assert second["refresh_token"] == first["refresh_token"]
    assert await works(caller, first["access_token"]) == 36009004
    assert await works(caller, second["access_token"]) == 0


async def test_a_refresh_gives_seven_more_days(
    caller: Caller, world: TikTokWorld, app: App, shop: Shop, time: StoryTime
) -> None:
    first = (await exchange(caller, world.authorize(app, shop))).data
    time.skip(timedelta(days=6))
    second = (await refresh(caller, first["refresh_token"])).data
    time.skip(timedelta(days=1))
    assert await works(caller, first["access_token"]) == 105002
    assert await works(caller, second["access_token"]) == 0


async def test_nothing_refreshes_after_the_authorization_ended(
    caller: Caller, world: TikTokWorld, app: App, shop: Shop, time: StoryTime
) -> None:
    first = (await exchange(caller, world.authorize(app, shop))).data
    time.skip(timedelta(days=365))
    assert (await refresh(caller, first["refresh_token"])).code == 36004004


async def test_the_token_endpoints_are_picky(caller: Caller, world: TikTokWorld, app: App, shop: Shop) -> None:
    code = world.authorize(app, shop)
    wrong_grant = await caller.token_call("get", grant_type="authorization_code", auth_code=code)
    assert (wrong_grant.status, wrong_grant.code) == (400, 36009004)
    wrong_secret = await caller.token_call("get", grant_type="authorized_code", auth_code=code, app_secret="guess")
    assert wrong_secret.code == 36009004
    async with caller.session.post(f"{world.url}/api/v2/token/get") as posted:
        assert (posted.status, (await posted.json())["code"]) == (405, 36009010)


async def test_a_seller_authorizes_on_the_page_and_is_sent_back(caller: Caller, world: TikTokWorld, app: App) -> None:
    app.redirect_url = "https://chatops.example/tiktok/shop/callback"
    shop = world.create_shop(app, name="Tea & <Co>", authorized=False)
    page = f"{world.url}/open/authorize"
    async with caller.session.get(page, params={"service_id": app.service_id, "state": "s1"}) as shown:
        text = await shown.text()
    assert "Tea &amp; &lt;Co&gt;" in text
    form = {"service_id": app.service_id, "state": "s1", "shop": shop.id}
    async with caller.session.post(page, data=form, allow_redirects=False) as sent:
        address = sent.headers["Location"]
    assert address.startswith(app.redirect_url + "?")
    back = dict(parse_qsl(urlsplit(address).query))
    assert back.keys() == {"app_key", "code", "locale", "shop_region", "state"}
    assert (await exchange(caller, back["code"])).code == 0


async def test_the_page_knows_services_not_app_keys(caller: Caller, world: TikTokWorld, app: App) -> None:
    async with caller.session.get(f"{world.url}/open/authorize", params={"service_id": app.key}) as shown:
        assert "This service does not exist" in await shown.text()


async def test_a_code_from_seller_center_comes_without_state(world: TikTokWorld, app: App, shop: Shop) -> None:
    app.redirect_url = "https://chatops.example/callback"
    assert "state" not in dict(parse_qsl(urlsplit(world.redirect(app, shop)).query))
