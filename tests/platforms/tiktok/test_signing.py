"""Requests are signed as TikTok's documentation and SDKs sign them."""

import pytest

from chatops.platforms.tiktok.signing import sign

SECRET = "e59af819cc"
CIPHER = {"shop_cipher": "GCP_XF90igAAAABh00qsWgtvOiGFNqyubMt3"}
CONVERSATION = "/customer_service/202309/conversations/7494560109732334261"

VECTORS = [
    (
        "/authorization/202309/shops",
        {},
        b"",
        "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8",
    ),
    (
        "/customer_service/202309/conversations",
        {**CIPHER, "page_size": "20"},
        b"",
        "253866d3af8c458f160c58c4e357e3f3e19af1270cf42e09484380fc6ed0825e",
    ),
    (
        "/order/202507/orders",
        {**CIPHER, "ids": "576461413038785752,576461416728782753"},
        b"",
        "77414cc9efc3f6d7906cb87d8a5feae89eb922c7e2b46449f0168d238a7da365",
    ),
    (
        "/customer_service/202606/conversations/7494560109732334261/messages",
        CIPHER,
        rb'{"type":"TEXT","content":"{\"content\":\"hi\"}"}',
        "b13df9e4e0ff3ab49ececd0b9e6b876919e275b4508a09528d1cd885657049f4",
    ),
    (
        f"{CONVERSATION}/messages/read",
        CIPHER,
        b"{}",
        "4fc1a4e111332580823e28afda5136696b2ee750b4e9283369962725bcf97a48",
    ),
    (
        "/customer_service/202309/images/upload",
        CIPHER,
        b"",
        "eeb8b79d466cd828e14f9e9d5644c216e54f463790ce7df0bff34a5a5a91c3aa",
    ),
]


@pytest.mark.parametrize(("path", "extra", "body", "expected"), VECTORS, ids=[vector[0] for vector in VECTORS])
def test_published_and_computed_vectors(path: str, extra: dict[str, str], body: bytes, expected: str) -> None:
    query = {"timestamp": "1623812664", "app_key": "29a39d", **extra}

    assert sign(SECRET, path, query, body) == expected


def test_signature_and_legacy_token_parameter_are_left_out() -> None:
    path, _, _, expected = VECTORS[0]

    assert sign(SECRET, path, {"timestamp": "1623812664", "sign": "x", "app_key": "29a39d", "access_token": "y"}) == (
        expected
    )
