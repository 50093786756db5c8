"""How the product fares, as numbers that a machine reads: for this machine, or for whoever knows the token."""

import re
from datetime import timedelta

import aiohttp
import pytest
from pydantic import SecretStr

from chatops.sandbox.faults import Trouble
from tests.stories.cast import WAITING, Story
from tests.stories.conftest import in_slack
from tests.stories.test_nothing_holds_up_a_page import cannot_be_climbed

LINE = re.compile(r'(?P<name>[a-z_]+)(\{(?P<labels>[a-z_]+="[^"\n]*"(,[a-z_]+="[^"\n]*")*)\})? (?P<value>[0-9.e+]+)')


async def told(story: Story, browser: aiohttp.ClientSession, **headers: str) -> dict[str, float]:
    """Return every number, by its name and labels."""
    async with browser.get(f"{story.running.address}/metrics", headers=headers) as answer:
        assert answer.status == 200
        assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        text = await answer.text()
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
    assert set(kinds.values()) == {"gauge", "counter", "histogram"}
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            matched = LINE.fullmatch(line)
            assert matched, line
            assert any(matched["name"].startswith(name) for name in kinds)
            found[line.rpartition(" ")[0]] = float(matched["value"])
    return found


@in_slack
async def test_what_waits_and_what_is_late_is_counted(story: Story, browser: aiohttp.ClientSession) -> None:
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    quiet = await told(story, browser)
    assert quiet["chatops_alarms_overdue"] == quiet["chatops_alarms_overdue_seconds"] == 0
    assert quiet['chatops_inbox{state="received"}'] == quiet["chatops_deliveries_given_up"] == 0
    assert quiet['chatops_part_up{part="slack"}'] == quiet['chatops_part_up{part="alarms"}'] == 1
    assert any(name.startswith('chatops_info{version="') and ',time_zones="20' in name for name in quiet)
    assert quiet["chatops_alarms_looked_timestamp_seconds"] == pytest.approx(story.clock.now().timestamp(), abs=60)

    answer = await story.noor.replies(head, "On its way")
    await story.marked(answer, WAITING)
    assert (await told(story, browser))['chatops_deliveries_waiting{kind="reply"}'] == 1
    story.running._alarming.cancel()
    await story.store.write(cannot_be_climbed, story, timedelta(minutes=1))
    late = await told(story, browser)
    assert late["chatops_alarms_overdue"] == 1
    assert late["chatops_alarms_overdue_seconds"] == pytest.approx(60, abs=5)
    assert late['chatops_part_up{part="alarms"}'] == 0


@in_slack
async def test_alarms_that_came_late_are_counted_by_how_late(story: Story, browser: aiohttp.ClientSession) -> None:
    story.running.alarms.lateness[1:4] = [3, 0, 2]
    story.running.alarms.late_seconds = 1.25
    found = await told(story, browser)
    name = "chatops_alarm_lateness_seconds"
    buckets = [value for line, value in found.items() if line.startswith(f"{name}_bucket")]
    assert buckets == sorted(buckets), "each counts those below it, too"
    assert (found[f'{name}_bucket{{le="0.05"}}'], found[f'{name}_bucket{{le="+Inf"}}']) == (3, 5)
    assert (found[f"{name}_count"], found[f"{name}_sum"]) == (5, 1.25)


@in_slack
async def test_who_asks_from_elsewhere_is_told_nothing(stage: Story, browser: aiohttp.ClientSession) -> None:
    async def status(**headers: str) -> int:
        async with browser.get(f"{stage.running.address}/metrics", headers=headers) as answer:
            assert answer.status == 200 or "chatops_" not in await answer.text()
            return answer.status

    await stage.product_starts()
    assert await status() == 200
    for through in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
        assert await status(**{through: "203.0.113.7"}) == 403
    await stage.product_stops()
    stage.config = stage.config.model_copy(update={"metrics_token": SecretStr("s3cret")})
    await stage.product_starts()
    assert await status() == await status(Authorization="Bearer s3cre") == await status(Authorization="s3cret") == 403
    assert await status(Authorization="Bearer s3cret", **{"X-Forwarded-For": "203.0.113.7"}) == 200


@in_slack
async def test_nothing_in_it_names_anybody(story: Story, browser: aiohttp.ClientSession) -> None:
    story.tiktok_fails("send_message", Trouble.ERROR, code="45109003")
    head = await story.conversation(story.cast.mia, "Where is my parcel?")
    await story.answers(story.noor, head, "On its way")
    await story.rests()
    said = " ".join(await told(story, browser))
    shop, mia = story.cast.shop, story.cast.mia.profile
    assert [name for name in (mia.nickname, shop.id, story.noor.id, story.li.id, "maomao") if name in said] == []
