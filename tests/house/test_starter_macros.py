"""The answers that come with the product: complete in six languages, found by what buyers write, and safe to send."""

import re

import pytest

from chatops.cards.variables import LABELS
from chatops.i18n import formatting
from chatops.rules import lint
from chatops.rules.languages import LANGUAGES, REGIONS, detect
from chatops.rules.macro import KNOWN, fill, parse, variables
from chatops.rules.macro_ranking import Candidate, Wish, rank
from chatops.rules.macrofile import Kind, read
from chatops.rules.macrofile.acts import ACTS
from chatops.rules.macrofile.checked import KINDS
from chatops.rules.text import BUYER_LIMIT, buyer_length
from tests.house.tree import ROOT
from tests.starter import EXAMPLES, library

OURS = ("en", "zh", "id", "th", "vi", "es")
LIVE_LIMIT = 150  # characters of a comment in a LIVE
TOPICS = {
    "welcome", "off-hours", "in-stock", "shipping-time", "free-shipping", "price", "size", "waterproof", "material",
    "in-the-box", "international", "authenticity", "where-is-my-order", "delay", "tracking", "wrong-item", "damaged",
    "return-how-to", "refund-status", "cancellation", "complaint", "review-invitation", "live-price",
}  # fmt: skip


def test_everything_buyers_usually_ask_has_an_answer() -> None:
    ids = [entry.id for entry in library()]
    assert sorted(TOPICS - set(ids)) == []
    assert len(ids) == len(set(ids)) == len({entry.name for entry in library()})


def test_every_answer_and_its_keywords_are_there_in_all_six_languages_and_nobody_claims_to_have_signed_them() -> None:
    for entry in library():
        assert tuple(entry.texts) == tuple(entry.keywords) == OURS, entry.id
        assert all(entry.keywords.values()), entry.id
        assert not entry.signed_off, entry.id
        assert entry.review_by, entry.id


@pytest.mark.parametrize("locale", OURS)
def test_every_answer_asks_the_same_in_each_language_and_leaves_no_hole(locale: str) -> None:
    for entry in library():
        template = parse(entry.texts[locale])
        asked = {variable.name for variable in variables(template)}
        assert asked == {variable.name for variable in variables(parse(entry.texts["en"]))}, entry.id
        assert asked <= set(LABELS), entry.id
        filled = fill(template, {name: EXAMPLES.get(name, "X") for name in asked}, formatting(locale))
        assert filled.missing == (), entry.id
        assert not {"{", "}"} & set(filled.text), entry.id
        assert buyer_length(filled.text) <= (LIVE_LIMIT if "live" in entry.kinds else BUYER_LIMIT / 2), entry.id


@pytest.mark.parametrize("locale", OURS)
def test_no_answer_says_what_must_not_be_said_where_it_is_spoken(locale: str) -> None:
    rules = lint.read((ROOT / "chatops" / "starter" / "lint.toml").read_text(encoding="utf-8"))
    for entry in library():
        text = fill(parse(entry.texts[locale]), dict.fromkeys(EXAMPLES, "5"), formatting(locale)).text
        said = text.replace("{", "").replace("}", "")  # what has no example stays as it is written
        for market in (market for market, spoken in REGIONS.items() if locale in spoken):
            hits = lint.check(said, rules, market=market, language=locale, expected=locale)
            assert [(entry.id, hit.rule.id) for hit in hits] == []


@pytest.mark.parametrize("locale", OURS)
def test_every_answer_is_in_the_language_it_stands_under(locale: str) -> None:
    assert locale in LANGUAGES
    assert [entry.id for entry in library() if detect(entry.texts[locale]) not in (locale, "")] == []


ASKED = {
    "in-stock": (
        "hi do you still have this in black?",
        "这个黑色还有吗",
        "kak yang hitam masih ada?",
        "สีดำยังมีไหมคะ",
        "mau den con hang khong shop",
        "¿tienen stock en negro?",
    ),
    "shipping-time": (
        "how long does shipping take to Leeds",
        "下单后几天到上海",
        "ke surabaya berapa hari ya",
        "ส่งกี่วันถึงเชียงใหม่คะ",
        "ship về Đà Nẵng mấy ngày tới ạ",
        "cuanto tarda en llegar a Sevilla",
    ),
    "price": (
        "how much is the big one",
        "大的那个多少钱",
        "yang gede harganya berapa",
        "อันใหญ่ราคาเท่าไหร่คะ",
        "cái lớn bao nhiêu tiền vậy shop",
        "cuanto cuesta el grande",
    ),
    "size": (
        "what size should i take, im 170cm",
        "我身高170穿什么码",
        "tb 165 bb 50 pakai size apa ya",
        "สูง 160 ใส่ไซซ์ไหนดี",
        "1m60 50kg mặc size nào ạ",
        "mido 1,70 que talla me recomiendas",
    ),
    "authenticity": (
        "is this the original one or fake",
        "是正品吗",
        "ini ori kan kak",
        "ของแท้ไหมคะ",
        "hàng chính hãng không shop",
        "es original?",
    ),
    "where-is-my-order": (
        "Hello, where is my parcel?? ordered 5 days ago",
        "我的快递到哪了",
        "paket saya sudah dikirim belum ya",
        "ของถึงไหนแล้วคะ",
        "don hang dau roi shop, khi nao nhan duoc",
        "hola donde está mi pedido",
    ),
    "damaged": (
        "the bottle arrived broken and leaking",
        "瓶子碎了",
        "barangnya pecah pas sampai",
        "ขวดแตกค่ะ",
        "hàng bị vỡ rồi shop ơi",
        "llegó roto el frasco",
    ),
    "wrong-item": (
        "you sent the wrong item",
        "你们发错货了",
        "salah kirim warna kak",
        "ส่งผิดสีมาค่ะ",
        "shop giao sai màu rồi",
        "me llegó otro color, no es lo que pedí",
    ),
    "refund-status": (
        "where is my refund",
        "退款什么时候到账 还没退款",
        "refund kapan masuk",
        "เงินคืนเมื่อไหร่คะ",
        "bao giờ hoàn tiền cho mình",
        "cuándo me devuelven el dinero",
    ),
    "complaint": (
        "this is unacceptable, what a scam",
        "太差了我要投诉",
        "kecewa banget mau komplain",
        "แย่มาก ผิดหวังค่ะ",
        "thất vọng quá shop lừa đảo",
        "esto es una estafa, voy a denunciar",
    ),
}


@pytest.mark.parametrize("wanted", ASKED)
def test_what_buyers_write_brings_the_right_answer_first(wanted: str) -> None:
    candidates = [
        Candidate(
            id=entry.id,
            name=entry.name,
            folder=entry.folder,
            keywords=tuple(word for words in entry.keywords.values() for word in words),
            kinds=entry.kinds,
            locales=tuple(entry.texts),
        )
        for entry in library()
    ]
    found = {said: rank(candidates, Wish(said=said, kind="chat"))[0].id for said in ASKED[wanted]}
    assert found == dict.fromkeys(ASKED[wanted], wanted)


def test_what_the_page_about_macros_shows_can_be_taken_in_and_it_names_every_variable_and_act() -> None:
    page = (ROOT / "docs" / "how-to" / "macros.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```(yaml|markdown)\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert [kind for kind, _ in shown] == ["yaml", "markdown"]
    for kind, example in shown:
        entries, problems = read(example.encode(), Kind(kind))
        assert (len(entries), problems) == (1, [])
    assert [name for name in KNOWN if f"{{{name}" not in page] == []
    assert [name for name in (*ACTS, *KINDS) if name not in page] == []
