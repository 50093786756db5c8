"""Leads change promises and hours in the chat: tried first, saved when they say so, taken back if it was wrong."""

import re

import pytest

from chatops.cards.refusals import why_refused
from chatops.catalog import NEW, Verb, entry
from chatops.desk import definitions, gestures, promises, time_writing
from chatops.errors import Refusal, Refused
from chatops.i18n import language
from chatops.model import clock as clocks
from chatops.model import shop as shops
from chatops.model.agent import Role
from chatops.rules.hours import Hours
from chatops.rules.targets import Metric, ServiceLevel, Target, Urgency
from chatops.times import to_milliseconds
from chatops.ui import Button, Card, Controls, Form, Menu
from handlers.asking import Asker, before, came_of_it, tried
from tests.desk.scenes import SHOP, SUPPORT, TEAM, BuyerThere, Desk
from tests.desk.test_asking import answer
from tests.desk.test_clocks import promise

QUICK = ServiceLevel((Target(Metric.FIRST_RESPONSE, "15m", "office", urgency=Urgency.CHANNEL),))
WHO = Asker(TEAM, "ana", "en")


@pytest.fixture
def led(desk: Desk) -> Desk:
    """A desk whose lead promises an answer within a quarter of an hour, in the hours of an office."""
    desk.teammate("ana", Role.LEAD)
    changed(
        desk, Verb.CALENDAR_WRITE, f"-/{NEW}", name="office", zone="Berlin", weekly="mon-fri 09:00-17:00", how="save"
    )
    promise(desk, QUICK, "chat")
    return desk


def changed(desk: Desk, verb: Verb, ref: str, **values: str) -> None:
    """Press a button, or send a form off that was just opened."""
    if verb in time_writing.WRITTEN:
        ref = time_writing.as_now(desk.tx, verb, ref)
    send(desk, verb, ref, **values)


def send(desk: Desk, verb: Verb, ref: str, **values: str) -> None:
    """Send off what stands in a press or form."""
    desk.passes(seconds=1)
    heard = gestures.Pressed(TEAM, SUPPORT, "ana", verb, ref, values=values, id=str(desk.now))
    tried(desk.tx, WHO, heard, desk.now)
    assert gestures.pressed(desk.tx, heard, desk.now)


def refused(desk: Desk, verb: Verb, ref: str, **values: str) -> Refused:
    with pytest.raises(Refused) as why:
        changed(desk, verb, ref, **values)
    return why.value


def shown(desk: Desk, verb: Verb, ref: str) -> Form | Card:
    found = before(desk.tx, WHO, SUPPORT, entry(verb), ref, desk.now)
    assert found is not None
    return found


def values_of(form: Form | Card) -> dict[str, str]:
    assert isinstance(form, Form), form
    return {one.name: one.value for one in form.inputs}


def named(desk: Desk) -> list[str]:
    return [one.name for one in definitions.current(desk.tx) if isinstance(one.spec, ServiceLevel)]


def hours(desk: Desk) -> dict[str, Hours]:
    return {one.name: one.spec for one in definitions.current(desk.tx) if isinstance(one.spec, Hours)}


def test_a_form_tells_what_would_move_before_anything_does(led: Desk, mia: BuyerThere) -> None:
    mia.says("Where is my parcel?")
    due = clocks.most_urgent(led.tx, SHOP, led.ticket(mia).id)
    form = values_of(shown(led, Verb.CALENDAR_WRITE, "-/office"))
    assert form == {
        "name": "office",
        "zone": "Europe/Berlin",
        "weekly": "mon-fri 09:00-17:00",
        "days": "",
        "how": "try",
    }
    day = f"{led.now:%Y-%m-%d} closed"
    tried = refused(led, Verb.CALENDAR_WRITE, "-/office", **form | {"days": day})
    assert (tried.reason, tried.facts) == (Refusal.TRIED, {"open": 1, "moved": 1, "late": 0})
    assert hours(led)["office"].exceptions == ()
    tried = refused(led, Verb.CALENDAR_WRITE, "-/office", **form | {"weekly": "mon-sun 00:00-23:59"})
    with language("en"):
        assert "write 24:00" in why_refused(tried)
    changed(led, Verb.CALENDAR_WRITE, "-/office", **form | {"days": day, "how": "save"})
    assert [off.label for off in hours(led)["office"].exceptions] == ["closed"]
    assert due is not None


def test_what_cannot_be_read_is_told_and_nothing_changes(led: Desk) -> None:
    form = values_of(shown(led, Verb.CALENDAR_WRITE, "-/office")) | {"how": "save"}
    bad = refused(led, Verb.CALENDAR_WRITE, "-/office", **form | {"weekly": "mon 9 to 5"})
    assert (bad.reason, bad.field) == (Refusal.BAD_LINE, "weekly")
    bad = refused(led, Verb.CALENDAR_WRITE, "-/office", **form | {"days": "24.12.2026"})
    assert (bad.reason, bad.field) == (Refusal.BAD_LINE, "days")
    assert refused(led, Verb.CALENDAR_WRITE, "-/office", **form | {"zone": "Atlantis"}).reason is Refusal.NO_SUCH_ZONE
    mistyped = refused(led, Verb.CALENDAR_WRITE, "-/office", **form | {"zone": "Europe/Berln"})
    with language("en"):
        assert why_refused(mistyped).endswith("Did you mean Europe/Berlin?")
    never = refused(led, Verb.CALENDAR_WRITE, "-/office", **form | {"weekly": "", "days": "2027-01-01 New Year"})
    with language("de"):
        assert why_refused(never).endswith("zum Beispiel mon-fri 09:00-17:00.")
    assert (mistyped.field, never.field) == ("zone", "weekly")
    gone = refused(led, Verb.CALENDAR_WRITE, "-/office", **form | {"name": ""})
    assert "'office' is not among the [[calendars]]" in str(gone.facts["detail"])
    wrong = {"text": 'name = "chat"\ntargets = [{ metric = "first" }]', "place": "1", "how": "save"}
    assert refused(led, Verb.PROMISE_WRITE, "chat", **wrong).reason is Refusal.NOT_DEFINED
    assert refused(led, Verb.PROMISE_WRITE, "chat", **wrong | {"text": "name ="}).reason is Refusal.NOT_DEFINED
    assert (named(led), hours(led)["office"].weekly["mon"]) == (["chat"], ("09:00-17:00",))


def test_what_would_go_with_an_emptied_form_is_named_before_it_does(led: Desk) -> None:
    form = values_of(shown(led, Verb.CALENDAR_WRITE, f"-/{NEW}"))
    changed(led, Verb.CALENDAR_WRITE, f"-/{NEW}", **form | {"name": "night", "how": "save"})
    for verb, ref, name in ((Verb.CALENDAR_WRITE, "-/night", "night"), (Verb.PROMISE_WRITE, "chat", "chat")):
        emptied = values_of(shown(led, verb, ref)) | {"name": "", "text": "", "how": "try"}
        with language("en"):
            assert why_refused(refused(led, verb, ref, **emptied)).startswith(f"Not saved yet. {name} would go. ")


def test_a_new_promise_stands_where_the_lead_puts_it(led: Desk) -> None:
    form = values_of(shown(led, Verb.PROMISE_WRITE, NEW))
    form["text"] = 'name = "urgent"\nmatch = { priorities = ["urgent"] }\n' + form["text"].split("\n", 2)[2]
    changed(led, Verb.PROMISE_WRITE, NEW, **form | {"how": "save"})
    assert named(led) == ["urgent", "chat"]
    opened = values_of(shown(led, Verb.PROMISE_WRITE, "chat"))
    assert opened["place"] == "2"
    assert 'calendar = "office"' in opened["text"]
    changed(led, Verb.PROMISE_WRITE, "chat", **opened | {"place": "1", "how": "save"})
    assert named(led) == ["chat", "urgent"]
    changed(led, Verb.PROMISE_WRITE, "urgent", text="", how="save")
    assert named(led) == ["chat"]
    assert isinstance(shown(led, Verb.PROMISE_WRITE, "urgent"), Card)  # it is gone


def test_a_pack_is_looked_at_taken_and_taken_back(led: Desk, mia: BuyerThere) -> None:
    mia.says("Where is my parcel?")
    offered = shown(led, Verb.PROMISES_TAKE, "black-friday")
    assert isinstance(offered, Card)
    assert "First answer: 15 min, in the hours of peak hours" in offered.summary
    assert "Open clocks now: 1. 2 would begin, move or end, and 0 would be late." in offered.summary
    changed(led, Verb.PROMISES_APPLY, "black-friday")
    assert "before buying" in named(led)
    after = came_of_it(led.tx, WHO, Verb.PROMISES_APPLY, "black-friday", led.now)
    back = next(one for one in pressable(after) if one.press.verb == Verb.PROMISES_BACK)
    changed(led, Verb.PROMISES_BACK, back.press.ref)
    assert named(led) == ["chat"]
    assert refused(led, Verb.PROMISES_BACK, back.press.ref).reason is Refusal.STALE
    assert refused(led, Verb.PROMISES_BACK, "yesterday").reason is Refusal.STALE


def pressable(card: Card) -> list[Button]:
    return [
        one for part in card.parts if isinstance(part, Controls) for one in part.controls if isinstance(one, Button)
    ]


def test_holidays_are_proposed_in_the_form_and_kept_by_whoever_saves_it(led: Desk) -> None:
    card = answer(led, Verb.CALENDARS, to="ana")
    menu = next(
        one for part in card.parts if isinstance(part, Controls) for one in part.controls if isinstance(one, Menu)
    )
    germany = next(one.value for one in menu.options if one.label == "Germany")
    form = values_of(shown(led, Verb.CALENDAR_WRITE, germany))
    proposed = form["days"].splitlines()
    assert f"{led.now.year + 1}-12-25 Christmas Day" in proposed
    changed(led, Verb.CALENDAR_WRITE, germany, **form | {"days": "\n".join(proposed[-2:]), "how": "save"})
    assert len(hours(led)["office"].exceptions) == 2
    assert "office" in answer(led, Verb.CALENDARS, to="ana").summary


def test_who_leads_nobody_changes_nothing(led: Desk) -> None:
    led.teammate("li")
    heard = gestures.Pressed(TEAM, SUPPORT, "li", Verb.PROMISES_APPLY, "small-shop", id="1")
    with pytest.raises(Refused) as why:
        gestures.pressed(led.tx, heard, led.now)
    assert why.value.reason is Refusal.NOT_ALLOWED
    assert isinstance(before(led.tx, Asker(TEAM, "li"), SUPPORT, entry(Verb.PROMISE_WRITE), "chat", led.now), Card)


@pytest.mark.parametrize("verb", [Verb.PROMISES, Verb.CALENDARS])
def test_a_desk_without_promises_is_offered_some(desk: Desk, verb: Verb) -> None:
    desk.teammate("ana", Role.LEAD)
    card = answer(desk, verb, to="ana")
    assert pressable(card)
    if verb is Verb.PROMISES:
        assert [one.press.ref for one in pressable(card)] == list(promises.PACKS)


def test_a_form_never_cuts_what_is_kept(led: Desk) -> None:
    years = [
        f"{year}-{month:02}-01 A day of which there are many" for year in range(2027, 2040) for month in range(1, 13)
    ]
    past = f"{led.now.year - 1}-12-24 Last year"
    form = values_of(shown(led, Verb.CALENDAR_WRITE, "-/office")) | {"how": "save"}
    changed(led, Verb.CALENDAR_WRITE, "-/office", **form | {"days": past})
    form = values_of(shown(led, Verb.CALENDAR_WRITE, "-/office")) | {"how": "save"}
    assert form["days"] == "", "what is past is not asked about"
    changed(led, Verb.CALENDAR_WRITE, "-/office", **form | {"days": "\n".join(years[:60])})
    assert len(hours(led)["office"].exceptions) == 61, "and stays"
    proposed = values_of(shown(led, Verb.CALENDAR_WRITE, "DE/office"))["days"]
    assert set(years[:60]) < set(proposed.splitlines())
    assert len(proposed) <= 3_000
    changed(led, Verb.CALENDAR_WRITE, "-/office", **form | {"days": "\n".join(years)})
    card = shown(led, Verb.CALENDAR_WRITE, "-/office")
    assert isinstance(card, Card)
    assert "too long for a form" in card.summary


def test_what_a_file_defines_is_not_undone_in_the_chat(desk: Desk) -> None:
    desk.teammate("ana", Role.LEAD)
    promise(desk, QUICK, "chat")  # as a file does: nobody's name stands on it
    assert Verb.PROMISES_BACK not in {one.press.verb for one in pressable(answer(desk, Verb.PROMISES, to="ana"))}
    assert refused(desk, Verb.PROMISES_BACK, str(to_milliseconds(desk.now))).reason is Refusal.STALE


@pytest.mark.parametrize("how", ["try", "save"])
@pytest.mark.parametrize(("verb", "ref"), [(Verb.PROMISE_WRITE, "chat"), (Verb.CALENDAR_WRITE, "-/office")])
def test_a_form_left_open_does_not_overwrite_what_another_lead_saved_meanwhile(
    led: Desk, verb: Verb, ref: str, how: str
) -> None:
    left_open = shown(led, verb, ref)
    assert isinstance(left_open, Form)
    theirs = values_of(left_open) | {"how": "save"}
    theirs["weekly" if verb is Verb.CALENDAR_WRITE else "text"] = (
        "mon-fri 10:00-12:00" if verb is Verb.CALENDAR_WRITE else theirs["text"].replace("15m", "10m")
    )
    changed(led, verb, ref, **theirs)
    counts = definitions.current(led.tx)
    with pytest.raises(Refused) as why:
        send(led, verb, left_open.press.ref, **values_of(left_open) | {"how": how})
    assert why.value.reason is Refusal.STALE
    assert definitions.current(led.tx) == counts


def test_a_form_sent_off_twice_counts_once(led: Desk) -> None:
    form = shown(led, Verb.PROMISE_WRITE, NEW)
    assert isinstance(form, Form)
    values = values_of(form) | {
        "text": 'name = "b"\ntargets = [{ metric = "resolution", within = "1d" }]',
        "how": "save",
    }
    heard = gestures.Pressed(TEAM, SUPPORT, "ana", Verb.PROMISE_WRITE, form.press.ref, values=values, id="V1")
    for _ in range(2):
        tried(led.tx, WHO, heard, led.now)
        assert gestures.pressed(led.tx, heard, led.now)
    assert named(led) == ["b", "chat"]


def test_hours_that_a_promise_counts_in_by_now_are_not_undone_from_under_it(led: Desk) -> None:
    changed(led, Verb.CALENDAR_WRITE, f"-/{NEW}", name="nights", zone="Berlin", weekly="mon 22:00-06:00", how="save")
    added = to_milliseconds(led.now)
    text = 'name = "late"\ntargets = [{ metric = "first_response", within = "15m", calendar = "nights" }]'
    changed(led, Verb.PROMISE_WRITE, NEW, text=text, place="1", how="save")
    assert refused(led, Verb.PROMISES_BACK, str(added)).reason is Refusal.STALE
    assert "nights" in hours(led)


@pytest.mark.parametrize(
    "match",
    [
        'kinds = ["chats"]',
        'levels = ["angry"]',
        'priorities = ["asap"]',
        'languages = ["english"]',
        'tiers = ["vip"]',
        'markets = ["Germany"]',
        'shops = ["maomao-xx"]',
    ],
)
def test_a_promise_that_could_fit_no_ticket_is_refused(led: Desk, match: str) -> None:
    text = f'name = "chat"\nmatch = {{ {match} }}\ntargets = [{{ metric = "first_response", within = "15m" }}]'
    wrong = refused(led, Verb.PROMISE_WRITE, "chat", text=text, place="1", how="save")
    assert wrong.reason is Refusal.NOT_DEFINED
    assert re.search("is none of the|nobody knows the tiers|is no country", str(wrong.facts["detail"]))


def test_open_time_is_told_in_hours_not_in_days(led: Desk) -> None:
    text = 'name = "chat"\ntargets = [{ metric = "resolution", within = "24h", calendar = "office" }]'
    changed(led, Verb.PROMISE_WRITE, "chat", text=text, place="1", how="save")
    assert "Solution: 24 hr, in the hours of office" in answer(led, Verb.PROMISES, to="ana").summary


def test_days_written_down_stay_while_the_hours_are_around_the_clock(led: Desk) -> None:
    form = values_of(shown(led, Verb.CALENDAR_WRITE, "-/office")) | {"days": "2030-12-25 Christmas", "how": "save"}
    changed(led, Verb.CALENDAR_WRITE, "-/office", **form | {"weekly": "always"})
    assert hours(led)["office"].always
    assert "Christmas" not in answer(led, Verb.CALENDARS, to="ana").summary, "nothing is closed then"
    again = values_of(shown(led, Verb.CALENDAR_WRITE, "-/office"))
    assert (again["weekly"], again["days"]) == ("always", "2030-12-25 Christmas")


def test_a_promise_for_a_shop_there_is_may_be_changed_in_a_form(led: Desk) -> None:
    [shop] = shops.every(led.tx)
    match = f'{{ shops = ["{shop.name}"], markets = ["GB"] }}'
    text = f'name = "chat"\nmatch = {match}\ntargets = [{{ metric = "first_response", within = "15m" }}]'
    changed(led, Verb.PROMISE_WRITE, "chat", text=text, place="1", how="save")
    assert shop.name in answer(led, Verb.PROMISES, to="ana").summary
