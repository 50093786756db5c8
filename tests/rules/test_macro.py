"""Prepared answers: filled the way each language writes, never with a hole, and mistakes found where they stand."""

from datetime import UTC, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from chatops.i18n import formatting
from chatops.rules.macro import BadTemplate, Money, Value, choose, edited, fill, parse, variables

OFFER = [  # language, region, prepared answer, amount as typed, what the buyer reads for one day and for three
    (
        "en", "GB",
        "Hi {buyer.name}, {offer.amount|money} off for {days|plural:one=# day;other=# days} until {order.eta|date}.",
        "12.50", "Hi Mia, £12.50 off for 1 day until 4 May 2026.", "Hi Mia, £12.50 off for 3 days until 4 May 2026.",
    ),
    (
        "zh", "SG", "{buyer.name}您好，优惠{offer.amount|money}，共{days|plural:other=#天}，截至{order.eta|date}。",
        "1,250.5",
        "Mia您好，优惠$1,250.50，共1天，截至2026年5月4日。", "Mia您好，优惠$1,250.50，共3天，截至2026年5月4日。",
    ),
    (
        "id", "ID", "Hai {buyer.name}, potongan {offer.amount|money} selama {days|plural:other=# hari}!",
        "150.000", "Hai Mia, potongan Rp150.000 selama 1 hari!", "Hai Mia, potongan Rp150.000 selama 3 hari!",
    ),
    (
        "ms", "MY", "Hai {buyer.name}, potongan {offer.amount|money} selama {days|plural:other=# hari}!",
        "15,90", "Hai Mia, potongan RM15.90 selama 1 hari!", "Hai Mia, potongan RM15.90 selama 3 hari!",
    ),
    (
        "th", "TH", "คุณ{buyer.name} ลด {offer.amount|money} นาน {days|plural:other=# วัน} ถึง {order.eta|date}",
        "99", "คุณMia ลด ฿99 นาน 1 วัน ถึง 4 พฤษภาคม ค.ศ. 2026", "คุณMia ลด ฿99 นาน 3 วัน ถึง 4 พฤษภาคม ค.ศ. 2026",
    ),
    (
        "vi", "VN", "Chào {buyer.name}, giảm {offer.amount|money} trong {days|plural:other=# ngày}.",
        "150000", "Chào Mia, giảm 150.000\xa0₫ trong 1 ngày.", "Chào Mia, giảm 150.000\xa0₫ trong 3 ngày.",
    ),
    (
        "fil", "PH",
        "Hi {buyer.name}, {offer.amount|money} off sa {days|plural:other=# na araw} hanggang {order.eta|date}!",
        "50",
        "Hi Mia, ₱50 off sa 1 na araw hanggang Mayo 4, 2026!", "Hi Mia, ₱50 off sa 3 na araw hanggang Mayo 4, 2026!",
    ),
    (
        "es", "MX",
        "Hola {buyer.name}, {offer.amount|money} por {days|plural:one=# día;other=# días} hasta {order.eta|date}.",
        "1234.50", "Hola Mia, $1,234.50 por 1 día hasta 4 de mayo de 2026.",
        "Hola Mia, $1,234.50 por 3 días hasta 4 de mayo de 2026.",
    ),
    (
        "pt", "BR", "Oi {buyer.name}, {offer.amount|money} de desconto por {days|plural:one=# dia;other=# dias}.",
        "1.234,50", "Oi Mia, R$\xa01.234,50 de desconto por 1 dia.", "Oi Mia, R$\xa01.234,50 de desconto por 3 dias.",
    ),
    (
        "de", "DE", "Hallo {buyer.name}, {offer.amount|money} Rabatt für {days|plural:one=# Tag;other=# Tage}.",
        "5", "Hallo Mia, 5\xa0€ Rabatt für 1 Tag.", "Hallo Mia, 5\xa0€ Rabatt für 3 Tage.",
    ),
    (
        "fr", "FR", "Bonjour {buyer.name}, {offer.amount|money} pendant {days|plural:one=# jour;other=# jours}.",
        "1 234,50",
        "Bonjour Mia, 1\u202f234,50\xa0€ pendant 1 jour.", "Bonjour Mia, 1\u202f234,50\xa0€ pendant 3 jours.",
    ),
    (
        "it", "IT", "Ciao {buyer.name}, {offer.amount|money} per {days|plural:one=# giorno;other=# giorni}.",
        "7,5", "Ciao Mia, 7,50\xa0€ per 1 giorno.", "Ciao Mia, 7,50\xa0€ per 3 giorni.",
    ),
    (
        "ja", "JP", "{buyer.name}様、{offer.amount|money}引き、{days|plural:other=#日間}、{order.eta|date}まで。",
        "1500", "Mia様、￥1,500引き、1日間、2026年5月4日まで。", "Mia様、￥1,500引き、3日間、2026年5月4日まで。",
    ),
    (
        "ar", "SA",
        "خصم {offer.amount|money} لمدة {days|plural:one=يوم واحد;few=# أيام;other=# يوم} حتى {order.eta|date}.",
        "25",
        "خصم \u200f25\xa0ر.س.\u200f لمدة يوم واحد حتى 4 مايو 2026.",
        "خصم \u200f25\xa0ر.س.\u200f لمدة 3 أيام حتى 4 مايو 2026.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("locale", "region", "text", "amount", "one", "three"), OFFER, ids=[row[0] for row in OFFER])
def test_each_language_is_filled_as_its_buyers_write(
    locale: str, region: str, text: str, amount: str, one: str, three: str
) -> None:
    values: dict[str, Value] = {
        "buyer.name": "Mia",
        "offer.amount": amount,
        "order.eta": datetime(2026, 5, 4, 12, tzinfo=UTC),
    }
    days_typed: tuple[Value, ...] = (1, "3")
    said = [fill(parse(text), values | {"days": days}, formatting(locale, region)) for days in days_typed]
    assert [filled.text for filled in said] == [one, three]
    assert not any(filled.missing for filled in said)


ARRIVAL = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)
VALUES = [  # a variable, its value, what stands in the text
    ("{order.eta|date}", ARRIVAL, "5 May 2026"),  # in the shop's zone it is tomorrow
    ("{order.eta|time}", ARRIVAL, "06:30"),
    ("{order.eta|date}", "2026-05-09", "9 May 2026"),
    ("{order.eta|date}", "next Tuesday", "next Tuesday"),  # a person's own words do, too
    ("{opens|time}", "9:30", "9:30"),
    ("{opens|time}", time(9, 30), "09:30"),
    ("{order.total}", Money("1234.50", "THB"), "THB1,234.50"),
    ("{order.total}", Money("many", "?"), "many ?"),
    ("{offer.amount|money}", "about ten", "about ten"),
    ("{n|number}", "1,234,567", "1,234,567"),
    ("{n|number}", Decimal("0.5"), "0.5"),
    ("{n|number}", "0.125", "0.125"),
    ("{days|plural:one=# day;other=# days}", Decimal("1.5"), "1.5 days"),
    ("{buyer.name}", "  Mia\n Chen ", "Mia Chen"),
    ("{buyer.name}", "{order.id}", "{order.id}"),  # what a buyer calls themselves is never read as a variable
    ("{ buyer.name }", "Mia", "Mia"),
]


@pytest.mark.parametrize(("text", "value", "expected"), VALUES)
def test_values_are_written_by_what_they_are(text: str, value: Value, expected: str) -> None:
    template = parse(text)
    [variable] = variables(template)
    formats = formatting("en", "GB", zone=ZoneInfo("Asia/Bangkok"))
    assert fill(template, {variable.name: value}, formats).text == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{buyer.name}", ""),
        ("{buyer.name}", " \n "),
        ("{order.eta|date}", ""),
        ("{days|plural:one=# day;other=# days}", "a few"),
    ],
)
def test_what_has_no_value_is_asked_for_and_no_hole_is_left(text: str, value: str) -> None:
    template = parse(f"So {text}!")
    [variable] = variables(template)
    filled = fill(template, {variable.name: value}, formatting("en"))
    assert filled.missing == (variable,)
    assert filled.text == f"So {text}!"


BAD = [  # a text, where it is wrong, what is said
    ("Hi {buyer.name", 3, "not closed"),
    ("Hi buyer.name}", 13, "not opened"),
    ("Hi {{buyer.name}}", 3, "not closed"),
    ("Hi {}", 3, "no variable"),
    ("Hi {Buyer Name}", 3, "no variable"),
    ("We say {text}", 7, "no variable"),
    (f"Hi {{{'a' * 51}}}", 3, "no variable"),
    ("Hi {buyer.nmae}", 3, "nothing is known as buyer.nmae"),
    ("{order.eta|day}", 0, "a form that nobody knows"),
    ("{order.eta|}", 0, "a form that nobody knows"),
    ("{n|plural}", 0, "a form that nobody knows"),
    ("{n|date:long}", 0, "a form that nobody knows"),
    ("{n|plural:one=# day}", 0, "lacks a text"),
    ("{n|plural:some=# days;other=# days}", 0, "lacks a text"),
    ("{n|plural:other=}", 0, "lacks a text"),
]


@pytest.mark.parametrize(("text", "at", "what"), BAD)
def test_a_mistake_is_found_where_it_stands(text: str, at: int, what: str) -> None:
    with pytest.raises(BadTemplate, match=what) as raised:
        parse(text)
    assert raised.value.at == at
    assert raised.value.remedy


def test_an_edited_text_keeps_what_is_typed_and_still_has_no_holes() -> None:
    template = edited("Hi {buyer.name} :-} {{ see {order.tracking_url} {ho ho}")
    filled = fill(template, {"buyer.name": "Mia"}, formatting("en"))
    assert filled.text == "Hi Mia :-} {{ see {order.tracking_url} {ho ho}"
    assert [variable.name for variable in filled.missing] == ["order.tracking_url"]


def test_a_name_that_reads_the_other_way_does_not_turn_the_sentence_around() -> None:
    said = fill(parse("Hi {buyer.name} 5"), {"buyer.name": "مريم"}, formatting("en")).text
    assert said == "Hi \u2068مريم\u2069 5"
    told = fill(parse("مرحبا {buyer.name} {order.id}"), {"buyer.name": "Mia", "order.id": "577"}, formatting("ar")).text
    assert told == "مرحبا \u2068Mia\u2069 577"
    link = fill(parse("{order.tracking_url}"), {"order.tracking_url": "https://t.example/a"}, formatting("ar")).text
    assert link == "https://t.example/a"  # a sign behind it would belong to the link


def test_a_language_that_nobody_knows_is_written_like_english() -> None:
    assert fill(parse("{n|number}"), {"n": 1500}, formatting("tlh", "XX")).text == "1,500"


CHAINS = [  # what is wanted in turn, what there is, what is taken
    (["es-MX", "en"], {"es", "es-MX", "en"}, "es-MX"),
    (["es-MX", "en"], {"es", "en"}, "es"),
    (["es-MX", "en"], {"es-ES", "en"}, "es-ES"),
    (["zh_Hans"], {"zh-TW", "zh"}, "zh"),
    (["th", "id", "en"], {"id", "en"}, "id"),
    (["th", "vi", "en"], {"en", "de"}, "en"),
    (["th", "en"], {"de", "fr"}, ""),
    (["fi"], {"fil"}, ""),
    ([], {"en"}, ""),
    (["en"], set[str](), ""),
]


@pytest.mark.parametrize(("wanted", "available", "expected"), CHAINS)
def test_the_nearest_language_is_taken(wanted: list[str], available: set[str], expected: str) -> None:
    assert choose(wanted, available) == expected
