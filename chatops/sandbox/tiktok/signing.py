"""The two signatures of TikTok Shop, as the platform computes them."""

import hashlib
import hmac
from collections.abc import Mapping


def request_sign(secret: str, path: str, query: Mapping[str, str], body: bytes = b"") -> str:
    """Return the sign of a request from its decoded query and raw body (leave out multipart bodies)."""
    signed = sorted((key, value) for key, value in query.items() if key not in {"sign", "access_token"})
    text = path + "".join(key + value for key, value in signed)
    wrapped = secret.encode() + text.encode() + body + secret.encode()
    return hmac.new(secret.encode(), wrapped, hashlib.sha256).hexdigest()


def webhook_sign(app_key: str, secret: str, body: bytes) -> str:
    """Return the Authorization header of a webhook: bare hex over app key and raw body."""
    return hmac.new(secret.encode(), app_key.encode() + body, hashlib.sha256).hexdigest()
