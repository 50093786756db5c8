"""The world computes the same signatures as the published examples."""

import pytest

from chatops.sandbox.tiktok.signing import request_sign, webhook_sign

KEY, SECRET = "29a39d", "e59af819cc"
CIPHER = "GCP_XF90igAAAABh00qsWgtvOiGFNqyubMt3"
CONVERSATION = "/customer_service/202309/conversations/7494560109732334261"
COMMON = {"app_key": KEY, "timestamp": "1623812664"}
IN_SHOP = {**COMMON, "shop_cipher": CIPHER}

REQUESTS = [
    ("/authorization/202309/shops", COMMON, b"", "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8"),
    (
        "/customer_service/202309/conversations",
        {**IN_SHOP, "page_size": "20"},
        b"",
        "253866d3af8c458f160c58c4e357e3f3e19af1270cf42e09484380fc6ed0825e",
    ),
    (
        "/order/202507/orders",
        {**IN_SHOP, "ids": "576461413038785752,576461416728782753"},
        b"",
        "77414cc9efc3f6d7906cb87d8a5feae89eb922c7e2b46449f0168d238a7da365",
    ),
    (
        "/customer_service/202606/conversations/7494560109732334261/messages",
        IN_SHOP,
        rb'{"type":"TEXT","content":"{\"content\":\"hi\"}"}',
        "b13df9e4e0ff3ab49ececd0b9e6b876919e275b4508a09528d1cd885657049f4",
    ),
    (
        f"{CONVERSATION}/messages/read",
        IN_SHOP,
        b"{}",
        "4fc1a4e111332580823e28afda5136696b2ee750b4e9283369962725bcf97a48",
    ),
    (
        "/customer_service/202309/images/upload",
        IN_SHOP,
        b"",
        "eeb8b79d466cd828e14f9e9d5644c216e54f463790ce7df0bff34a5a5a91c3aa",
    ),
]

ORDER_WEBHOOK = (
    b'{"type":1,"tts_notification_id":"7380066284010030890","shop_id":"7495540735365777507","timestamp":1718305585,'
    b'"data":{"is_on_hold_order":true,"order_id":"576653688135258178","order_status":"UNPAID","update_time":1718305585}}'
)
MESSAGE_WEBHOOK = (
    b'{"type":14,"tts_notification_id":"7327112393057371910","shop_id":"7494049642642441621","timestamp":1644412885,'
    rb'"data":{"content":"{\"content\":\"444\"}","conversation_id":"710688832392260838","create_time":1681790246,'
    b'"is_visible":true,"message_id":"722323407926368819","index":"7494560109732334274","type":"TEXT",'
    b'"sender":{"im_user_id":"707885565181165594","role":"BUYER"}}}'
)


@pytest.mark.parametrize(("path", "query", "body", "sign"), REQUESTS)
def test_a_request_is_signed_like_the_published_example(
    path: str, query: dict[str, str], body: bytes, sign: str
) -> None:
    assert request_sign(SECRET, path, query, body) == sign


def test_sign_and_access_token_in_the_query_are_not_part_of_the_signature() -> None:
    extra = {**COMMON, "sign": "whatever", "access_token": "legacy"}
    assert request_sign(SECRET, "/authorization/202309/shops", extra) == REQUESTS[0][3]


@pytest.mark.parametrize(
    ("key", "secret", "body", "sign"),
    [
        ("abcdef", "123", ORDER_WEBHOOK, "5dec0f11ec2f6783b8deee53c9ffbf8d024302f7c7e7fa55a35d17629031ac05"),
        (KEY, SECRET, MESSAGE_WEBHOOK, "9574b6ce7b7295c83161d03e00ff0c92a6b74486e3ce5b4b64b391eadf25c04b"),
    ],
)
def test_a_webhook_is_signed_like_the_published_example(key: str, secret: str, body: bytes, sign: str) -> None:
    assert webhook_sign(key, secret, body) == sign
