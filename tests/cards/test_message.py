"""What a conversation looks like in the thread, however odd its content."""

import string
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops.cards.content import FACTS, NAMES
from chatops.cards.message import Post, mirrored
from chatops.i18n import language
from chatops.model.message import Author, MessageState
from chatops.ui import Card, Fields, Paragraph, Picture, Quote, Strong
from tests.cards.painter import painted
from tests.cards.samples import NOW, answer, message, said

HOSTILE = "<!channel> <@UBOSS> @everyone <https://evil.example|Refund here> *bold* `code` {speaker} %s \u202etxt.exe"
KINDS = sorted({*NAMES, *FACTS, "TEXT", "VOUCHER_CARD", "HOLOGRAM", ""})

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from(["content", "duration", "order_id", "product_id", "sku_id", "coupon_id", "voucher_id"])
contents = st.dictionaries(keys | st.text(max_size=8), json, max_size=6)


@given(kind=st.sampled_from(KINDS) | st.text(max_size=20), content=contents, words=st.text(), name=st.text())
def test_whatever_arrives_is_shown(kind: str, content: dict[str, object], words: str, name: str) -> None:
    card = mirrored([Post(message(kind, content, plaintext=words), name, None, "")])
    assert card.summary.strip()
    assert painted(card).strip()


def test_words_stay_as_they_are() -> None:
    card = mirrored([Post(said(HOSTILE), "Mia")])
    assert quotes(card) == [HOSTILE]
    assert HOSTILE in card.summary


@pytest.mark.parametrize("kind", KINDS)
def test_words_of_others_are_only_ever_quoted(kind: str) -> None:
    own = message(kind, {"content": HOSTILE}, plaintext=HOSTILE)
    assert quotes(mirrored([Post(own, "Mia")])) == [HOSTILE]


def test_a_name_cannot_break_its_line() -> None:
    card = mirrored([Post(said("Hi"), "Mia\n<!channel>\u202eevil\u200b" + "x" * 500)])
    [line] = [part.line for part in card.parts if isinstance(part, Paragraph)]
    assert isinstance(line[0], Strong)
    assert line[0].text.startswith("Mia <!channel> evil xxx")
    assert len(line[0].text.removesuffix(" · Buyer")) == 80


@pytest.mark.parametrize("name", ["Answered in Seller Center", "Automatic message", "Li, answer in another channel"])
def test_no_name_reads_like_what_the_shop_said(name: str) -> None:
    shops = [
        mirrored([Post(said("Hi", author=author), "Li")]).summary
        for author in (Author.SELLER_CENTER, Author.AUTOMATIC, Author.AGENT)
    ]
    assert mirrored([Post(said("Hi"), name)]).summary not in shops


def test_a_name_from_right_to_left_keeps_to_its_place() -> None:
    card = mirrored([Post(said("Hi"), "ميا")])
    assert card.summary == "\u2068ميا\u2069 · Buyer: Hi"


def test_joined_messages_keep_their_order_and_their_speakers() -> None:
    later = said("On its way", author=Author.SELLER_CENTER, said_at=NOW + timedelta(minutes=1))
    card = mirrored([Post(said("Hello"), "Mia"), Post(message("IMAGE"), "Mia", "F1"), Post(later, "Glow")])
    assert card.summary == "Mia · Buyer: Hello\nMia · Buyer: Picture\nAnswered in Seller Center: On its way"
    assert [type(part) for part in card.parts] == [
        *(Paragraph, Quote),
        *(Paragraph, Paragraph, Picture),
        *(Paragraph, Quote),
    ]


def test_an_answer_from_elsewhere_names_its_writer_and_place() -> None:
    sent = answer("Tomorrow!", state=MessageState.SENT)
    assert mirrored([Post(sent, "Li Wei")]).summary == "Li Wei, answer in another channel: Tomorrow!"


def test_a_picture_that_cannot_be_shown_says_why() -> None:
    card = mirrored([Post(message("IMAGE"), "Mia", None, "file_too_large")])
    assert not [part for part in card.parts if isinstance(part, Picture)]
    assert "too large to be shown here" in painted(card)


def test_an_unknown_reason_is_named() -> None:
    assert "(code http_418)" in painted(mirrored([Post(message("IMAGE"), "Mia", None, "http_418")]))


def test_an_unknown_kind_is_named_and_described() -> None:
    card = mirrored([Post(message("HOLOGRAM", {"beam": 3}, plaintext="A parcel in mid-air"), "Mia")])
    assert "HOLOGRAM" in card.summary
    assert quotes(card) == ["A parcel in mid-air"]


@pytest.mark.parametrize("value", [None, True, 1.5, [], {}, "", "  ", 10**40])
def test_a_number_that_is_none_is_left_out(value: object) -> None:
    card = mirrored([Post(message("ORDER_CARD", {"order_id": value}), "Mia")])
    assert not [part for part in card.parts if isinstance(part, Fields)]
    assert card.summary == "Mia · Buyer: Order card"


@pytest.mark.parametrize("value", ["5764", 5764])
def test_a_number_may_come_as_text_or_number(value: object) -> None:
    card = mirrored([Post(message("ORDER_CARD", {"order_id": value}), "Mia")])
    assert card.summary == "Mia · Buyer: Order card · Order number 5764"


@pytest.mark.parametrize(
    ("duration", "shown"),
    [
        ("20.504", "Video, 20 seconds"),
        ("1.9", "Video, 1 second"),
        (7, "Video, 7 seconds"),
        (7.5, "Video, 7 seconds"),
        ("soon", "Video"),
        (None, "Video"),
        (float("inf"), "Video"),
        ("-3", "Video"),
    ],
)
def test_a_video_says_how_long_it_is(duration: object, shown: str) -> None:
    assert mirrored([Post(message("VIDEO", {"duration": duration}), "Mia", "F1")]).summary == f"Mia · Buyer: {shown}"


@pytest.mark.parametrize("kind", sorted(NAMES))
def test_no_kind_is_left_in_the_platforms_own_spelling(kind: str) -> None:
    shown = painted(mirrored([Post(message(kind), "")]))
    assert not [word for word in shown.split() if "_" in word and set(word) <= {*string.ascii_uppercase, "_"}]


def test_the_reader_decides_the_language() -> None:
    post = Post(message("IMAGE"), "Mia", "F1")
    with language("es-MX"):
        assert mirrored([post]).summary == "Mia · Comprador: Imagen"
    with language("zh-CN"):
        assert mirrored([post]).summary == "Mia · 买家：图片"


def quotes(card: Card) -> list[str]:
    return [part.text for part in card.parts if isinstance(part, Quote)]
