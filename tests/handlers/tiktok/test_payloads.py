"""Webhooks of TikTok Shop: the genuine are told from the forged, the sensible from the senseless."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from chatops.errors import NotUnderstood
from chatops.platforms.ports import MarketMessage
from handlers.tiktok.payloads import (
    AuthorizationEnding,
    ConversationChanged,
    Deauthorized,
    MessageArrived,
    News,
    Unknown,
    news_of,
    recognize,
)
from handlers.tiktok.signature import genuine

OFFICIAL = (
    b'{"type":1,"tts_notification_id":"7380066284010030890","shop_id":"7495540735365777507","timestamp":1718305585,'
    b'"data":{"is_on_hold_order":true,"order_id":"576653688135258178","order_status":"UNPAID",'
    b'"update_time":1718305585}}'
)
OFFICIAL_SIGNATURE = "5dec0f11ec2f6783b8deee53c9ffbf8d024302f7c7e7fa55a35d17629031ac05"

MESSAGE = (
    b'{"type":14,"tts_notification_id":"7327112393057371910","shop_id":"7494049642642441621","timestamp":1644412885,'
    b'"data":{"content":"{\\"content\\":\\"444\\"}","conversation_id":"710688832392260838","create_time":1681790246,'
    b'"is_visible":true,"message_id":"722323407926368819","index":"7494560109732334274","type":"TEXT",'
    b'"sender":{"im_user_id":"707885565181165594","role":"BUYER"}}}'
)
MESSAGE_SIGNATURE = "9574b6ce7b7295c83161d03e00ff0c92a6b74486e3ce5b4b64b391eadf25c04b"


def with_data(**changes: Any) -> bytes:
    """The captured message with some of its data changed; a value of None takes a field away."""
    body = json.loads(MESSAGE)
    body["data"] = {name: value for name, value in {**body["data"], **changes}.items() if value is not None}
    return json.dumps(body).encode()


def told(body: bytes) -> News:
    return news_of(recognize(body))


def arrived(body: bytes) -> MarketMessage:
    news = told(body)
    assert isinstance(news, MessageArrived)
    return news.message


def test_the_official_signature() -> None:
    assert genuine("abcdef", "123", OFFICIAL_SIGNATURE, OFFICIAL)
    assert genuine("29a39d", "e59af819cc", MESSAGE_SIGNATURE, MESSAGE)


@pytest.mark.parametrize(
    "header", [None, "", "Bearer " + OFFICIAL_SIGNATURE, OFFICIAL_SIGNATURE[:-1], MESSAGE_SIGNATURE, "ü" * 64, "\ud800"]
)
def test_forged_signatures(header: str | None) -> None:
    assert not genuine("abcdef", "123", header, OFFICIAL)


def test_one_changed_byte_is_a_forgery() -> None:
    assert not genuine("abcdef", "123", OFFICIAL_SIGNATURE, OFFICIAL + b" ")
    assert not genuine("abcdef", "124", OFFICIAL_SIGNATURE, OFFICIAL)


def test_a_message() -> None:
    got = recognize(MESSAGE)

    assert (got.id, got.shop_id, got.type) == ("7327112393057371910", "7494049642642441621", 14)
    assert news_of(got) == MessageArrived(
        MarketMessage(
            external_id="722323407926368819",
            conversation_id="710688832392260838",
            index=7494560109732334274,
            kind="TEXT",
            content={"content": "444"},
            sender_id="707885565181165594",
            role="BUYER",
            visible=True,
            at=datetime.fromtimestamp(1681790246, UTC),
        )
    )


def test_the_other_topics() -> None:
    def about(topic: int, data: str) -> object:
        return told(f'{{"type":{topic},"tts_notification_id":"1","shop_id":"2","data":{data}}}'.encode())

    assert about(13, '{"conversation_id":"576486316948490001","create_time":1627587506}') == ConversationChanged(
        "576486316948490001", datetime.fromtimestamp(1627587506, UTC)
    )
    assert about(6, '{"message":"Shop_id 2 is deauthorized from your APP by merchant."}') == Deauthorized()
    assert about(6, "null") == Deauthorized()
    assert about(7, '{"message":"expiring","expiration_time":"1627587506"}') == AuthorizationEnding(
        datetime.fromtimestamp(1627587506, UTC)
    )
    assert about(7, "{}") == AuthorizationEnding(None)
    assert about(33, '{"msg_type":"x"}') == Unknown(33)
    assert about(1, "[]") == Unknown(1)


def test_unknown_topics_need_no_shop() -> None:
    assert told(OFFICIAL) == Unknown(1)
    assert told(b'{"type":99}') == Unknown(99)


def test_without_an_id_the_body_names_the_notification() -> None:
    for given in (b"", b',"tts_notification_id":null', b',"tts_notification_id":"a\\u0000b"'):
        body = b'{"type":6,"shop_id":"2"' + given + b"}"
        assert recognize(body).id == f"sha256:{hashlib.sha256(body).hexdigest()}"


def test_numbers_where_text_is_documented_and_the_other_way_round() -> None:
    body = MESSAGE.replace(b'"7494049642642441621"', b"7494049642642441621").replace(b"14,", b'"14",', 1)
    body = body.replace(b'"7494560109732334274"', b"7494560109732334274").replace(b"1681790246", b'"1681790246"')

    assert (recognize(body).id, recognize(body).shop_id) == (recognize(MESSAGE).id, recognize(MESSAGE).shop_id)
    assert told(body) == told(MESSAGE)


def test_nulls_and_strangers_cost_nothing() -> None:
    body = json.loads(MESSAGE)
    body |= {"trace": {"id": [1]}, "timestamp": None}
    body["data"] |= {"sender": None, "is_visible": None, "type": None, "content": None, "mood": 7}

    got = arrived(json.dumps(body).encode())

    assert (got.role, got.visible, got.content) == ("", True, {})


def test_only_an_explicit_no_hides_a_message() -> None:
    assert not arrived(with_data(is_visible=False)).visible


@pytest.mark.parametrize(
    ("raw", "content"),
    [
        ('{"content":"Xin chào 🎉 مرحبا"}', {"content": "Xin chào 🎉 مرحبا"}),
        ('{"url":"https://x/y","width":"304","height":"290"}', {"url": "https://x/y", "width": "304", "height": "290"}),
        ("plain words", {"content": "plain words"}),
        ('"quoted"', {"content": '"quoted"'}),
        ("[1,2]", {"content": "[1,2]"}),
        ('{"a":NaN}', {"content": '{"a":NaN}'}),
        ('{"cut', {"content": '{"cut'}),
        ('{"content":"half an emoji \\ud83d"}', {"content": "half an emoji ?"}),
        ('{"content":"a\\u0000b"}', {"content": "ab"}),
        ("a\0b", {"content": "ab"}),
        ('{"a":' + "[" * 40 + "]" * 40 + "}", {"content": '{"a":' + "[" * 40 + "]" * 40 + "}"}),
        ("[" * 50_000, {"content": "[" * 50_000}),
    ],
)
def test_content_is_kept_whatever_it_is(raw: str, content: dict[str, object]) -> None:
    assert arrived(with_data(content=raw)).content == content


SENSELESS = {
    "empty": b"",
    "truncated": MESSAGE[:200],
    "not JSON": b"hello",
    "a list": b"[]",
    "null": b"null",
    "NaN": MESSAGE.replace(b"1681790246", b"NaN"),
    "huge number": MESSAGE.replace(b"1681790246", b"1" * 5000),
    "large number": MESSAGE.replace(b"1681790246", b"99999999999999"),
    "negative time": MESSAGE.replace(b"1681790246", b"-1"),
    "fraction": MESSAGE.replace(b"1681790246", b"1.5"),
    "not UTF-8": MESSAGE.replace(b"444", b"\xff\xfe"),
    "not UTF-8 elsewhere": b'{"type":99,"data":{"x":"\xff"}}',
    "UTF-16": MESSAGE.decode().encode("utf-16"),
    "deep": b'{"type":14,"shop_id":"1","data":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep stranger": b'{"type":99,"x":' + b'{"a":' * 20_000 + b"1" + b"}" * 20_000 + b"}",
    "type is a word": MESSAGE.replace(b'"type":14', b'"type":"message"'),
    "type is true": MESSAGE.replace(b'"type":14', b'"type":true'),
    "no type": MESSAGE.replace(b'"type":14', b'"kind":14'),
    "no shop": MESSAGE.replace(b'"shop_id"', b'"seller"'),
    "empty shop": MESSAGE.replace(b"7494049642642441621", b""),
    "shop is an object": MESSAGE.replace(b'"7494049642642441621"', b"{}"),
    "data is a list": b'{"type":14,"shop_id":"1","data":[]}',
    "a shop nobody can write down": b'{"type":99,"shop_id":"1\\u0000"}',
    "no data": b'{"type":14,"shop_id":"1"}',
    "no message id": with_data(message_id=None),
    "empty message id": with_data(message_id=""),
    "endless message id": with_data(message_id="7" * 500),
    "unprintable id": with_data(conversation_id="1\0"),
    "no conversation": with_data(conversation_id=None),
    "no index": with_data(index=None),
    "index is a word": with_data(index="first"),
    "index over 63 bits": with_data(index=str(2**63)),
    "content is an object": with_data(content={"content": "Mia's street"}),
    "a kind nobody can write down": with_data(type="TEXT\0"),
    "endless kind": with_data(type="T" * 200_000),
    "endless sender": with_data(sender={"im_user_id": "7" * 500, "role": "BUYER"}),
    "a role nobody can write down": with_data(sender={"im_user_id": "7", "role": "\0"}),
    "sender is a word": with_data(sender="Mia"),
    "too long": b'{"type":99,"x":"' + b"x" * 300_000 + b'"}',
}


@pytest.mark.parametrize("body", SENSELESS.values(), ids=SENSELESS.keys())
def test_the_senseless_is_refused_without_a_word_of_it(body: bytes) -> None:
    with pytest.raises(NotUnderstood) as caught:
        told(body)

    reason = str(caught.value)
    assert 0 < len(reason) < 80
    assert "Mia" not in reason
    assert "444" not in reason
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
