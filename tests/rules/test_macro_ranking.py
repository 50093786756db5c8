"""The right prepared answer stands first, in whatever language the buyer asks and however the agent looks for it."""

import pytest

from chatops.rules.macro_ranking import Candidate, Wish, rank

PARCEL = Candidate(
    id="where-is-my-order",
    name="Where is my order",
    folder="Shipping",
    keywords=("where is my", "parcel", "tracking", "我的包裹", "到哪", "paket", "พัสดุ", "đơn hàng đâu", "paquete"),
    texts=("Your parcel left our warehouse.",),
    locales=("en", "zh", "th"),
)
REFUND = Candidate(
    id="refund-status",
    name="Refund status",
    folder="Returns",
    keywords=("refund", "money back", "退款", "uang kembali", "คืนเงิน", "hoàn tiền", "reembolso"),
    texts=("The refund is on its way.",),
    kinds=("chat", "return"),
    locales=("en", "es"),
)
LIVE = Candidate(id="live-price", name="LIVE: price", folder="LIVE", keywords=("price", "harga"), kinds=("live",))
THANKS = Candidate(id="thanks", name="Thank you", folder="", locales=("en",))
ALL = [PARCEL, REFUND, LIVE, THANKS]


def ids(wish: Wish, candidates: list[Candidate] = ALL) -> list[str]:
    return [candidate.id for candidate in rank(candidates, wish)]


ASKED = [  # what a buyer says, what is offered first
    ("Hello, where is my parcel???", "where-is-my-order"),
    ("I want my MONEY BACK", "refund-status"),
    ("你好，我的包裹到哪了", "where-is-my-order"),
    ("可以退款吗", "refund-status"),
    ("kapan paketnya sampai kak", "where-is-my-order"),
    ("minta uang kembali dong", "refund-status"),
    ("พัสดุอยู่ไหนคะ", "where-is-my-order"),
    ("ขอคืนเงินได้ไหม", "refund-status"),
    ("don hang dau roi shop oi", "where-is-my-order"),  # typed without the accents
    ("bao giờ được hoàn tiền vậy shop", "refund-status"),
    ("¿Dónde está mi paquete?", "where-is-my-order"),
    ("quiero un reembolso ya", "refund-status"),
]


@pytest.mark.parametrize(("said", "first"), ASKED)
def test_the_buyers_words_decide(said: str, first: str) -> None:
    assert ids(Wish(said=said, kind="chat"))[0] == first


LOOKED_FOR = [  # what an agent types, what is found, in this order
    ("refund-status", ["refund-status"]),
    ("REFUND STATUS", ["refund-status"]),
    ("where is", ["where-is-my-order"]),
    ("order", ["where-is-my-order"]),
    ("shipping", ["where-is-my-order"]),
    ("退款", ["refund-status"]),
    ("warehouse", ["where-is-my-order"]),
    ("price", ["live-price"]),  # for another kind of ticket, but asked for by name
    ("unicorn", []),
]


@pytest.mark.parametrize(("words", "found"), LOOKED_FOR)
def test_typed_words_find_by_name_keyword_and_text(words: str, found: list[str]) -> None:
    assert ids(Wish(words=words, said="refund refund", kind="chat")) == found


def test_a_words_middle_is_no_find() -> None:
    assert ids(Wish(words="fund")) == []
    assert ids(Wish(said="overprice", kind="live"))[0] != "refund-status"


def test_what_is_for_other_kinds_is_not_offered_by_itself() -> None:
    assert "live-price" not in ids(Wish(said="price?", kind="chat"))
    assert ids(Wish(said="price?", kind="live"))[0] == "live-price"


def test_language_and_past_use_settle_what_is_otherwise_alike() -> None:
    spanish = Candidate(id="a-hola", name="A", locales=("es",))
    often = Candidate(id="z-often", name="Z", uses=40)
    assert ids(Wish(kind="chat"), [spanish, often]) == ["z-often", "a-hola"]
    assert ids(Wish(kind="chat", language="es"), [often, spanish, THANKS])[:2] == ["z-often", "a-hola"]
    assert ids(Wish(kind="chat", language="es"), [THANKS, spanish])[0] == "a-hola"


def test_one_name_given_twice_finds_both_and_an_id_only_its_own() -> None:
    twin = Candidate(id="ty", name="thank YOU", uses=3)
    assert ids(Wish(words="Thank you"), [*ALL, twin]) == ["ty", "thanks"]
    assert ids(Wish(words="ty"), [*ALL, twin]) == ["ty"]
