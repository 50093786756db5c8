"""TikTok Shop's notifications of new messages, signed and ready to be sent."""

import hashlib
import hmac
import json

SHOP_ID = "7495540735365777507"
APP_KEY, APP_SECRET = "bench-key", "bench-secret"
FIRST_SECOND = 1_780_000_000  # any instant; a buyer says one thing a second
WORDS = "Hello! Could you tell me where my parcel is? It was meant to come on Tuesday, and my order says it is still "
FIRST_ID = 7_500_000_000_000_000_000


def body(number: int, conversation: int) -> bytes:
    """Return the body of one notification: a buyer wrote message `number` in a conversation."""
    message_id = str(FIRST_ID + number)
    data = {
        "content": json.dumps({"content": f"{WORDS} {number}"}, separators=(",", ":")),
        "conversation_id": str(FIRST_ID + 10**12 + conversation),
        "create_time": FIRST_SECOND + number,
        "is_visible": True,
        "message_id": message_id,
        "index": str(number + 1),
        "type": "TEXT",
        "sender": {"im_user_id": str(FIRST_ID + 2 * 10**12 + conversation), "role": "BUYER"},
    }
    envelope = {
        "type": 14,
        "tts_notification_id": str(FIRST_ID + 3 * 10**12 + number),
        "shop_id": SHOP_ID,
        "timestamp": FIRST_SECOND + number,
        "data": data,
    }
    return json.dumps(envelope, separators=(",", ":")).encode()


def signature(content: bytes) -> str:
    """Return what TikTok puts into the `Authorization` header."""
    return hmac.new(APP_SECRET.encode(), APP_KEY.encode() + content, hashlib.sha256).hexdigest()


def request(number: int, conversation: int) -> bytes:
    """Return the bytes of the whole HTTP request."""
    content = body(number, conversation)
    head = (
        "POST /tiktok/shop/webhook HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"Authorization: {signature(content)}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def desk_toml() -> str:
    """Return the desk of the measures: one shop whose chats go to one channel."""
    return f"""
[[shops]]
id = "{SHOP_ID}"
name = "bench"
timezone = "Europe/London"
locale = "en"

[[workspaces]]
name = "team"
platform = "slack"
id = "T0TEAM"
locale = "en"

[[routes]]
shop = "bench"
kinds = ["chat"]
workspace = "team"
channel = "C0SUPPORT"
"""
