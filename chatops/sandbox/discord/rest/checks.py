"""What Discord accepts in a message, and the words in which it refuses the rest."""

from typing import Any

from chatops.sandbox.discord.message import COMPONENTS_V2, Json
from chatops.sandbox.discord.refusals import Refusal, invalid
from chatops.sandbox.discord.rest.component_checks import check_components

CREATE = (
    "content", "embeds", "allowed_mentions", "components", "flags", "attachments", "message_reference", "nonce",
    "enforce_nonce", "tts",
)  # fmt: skip
EDIT = ("content", "embeds", "allowed_mentions", "components", "flags", "attachments", "tts")
IN_POST = ("content", "embeds", "allowed_mentions", "components", "flags", "attachments", "tts")
EMBED_TEXTS = {"title": 256, "description": 4096}
EMBED_FIELDS = {
    "title", "type", "description", "url", "timestamp", "color", "footer", "image", "thumbnail", "video", "provider",
    "author", "fields", "flags",
}  # fmt: skip
MOST_CONTENT, MOST_EMBEDS, MOST_EMBED_TEXT, MOST_FIELDS, MOST_FILES = 2000, 10, 6000, 25, 10
KINDS: dict[str, type] = {
    "embeds": list, "components": list, "attachments": list, "flags": int, "allowed_mentions": dict,
    "message_reference": dict,
}  # fmt: skip
EMBED_KINDS: dict[str, type] = {
    "fields": list, "footer": dict, "author": dict, "image": dict, "thumbnail": dict, "color": int,
}  # fmt: skip
ADDRESSES = ("http://", "https://", "attachment://")


def check_message(payload: Json, known: tuple[str, ...] = CREATE) -> None:
    """Raise Refusal 50035 unless this is a message that Discord takes; emptiness is judged elsewhere."""
    for name in payload:
        if name not in known:
            raise invalid(name, "UNKNOWN_FIELD", "This field is not known.")
    check_kinds(payload, KINDS)
    check_length("content", payload.get("content"), MOST_CONTENT)
    check_count("embeds", payload.get("embeds"), MOST_EMBEDS)
    check_count("attachments", payload.get("attachments"), MOST_FILES)
    _check_embeds(payload.get("embeds") or [])
    _check_nonce(payload.get("nonce"))
    _check_allowed(payload.get("allowed_mentions") or {})
    new_kind = bool((payload.get("flags") or 0) & COMPONENTS_V2)
    if new_kind and (payload.get("content") or payload.get("embeds")):
        raise invalid("content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "Components stand alone.")
    check_components(payload.get("components") or [], new_kind=new_kind)


def check_kinds(payload: Json, kinds: dict[str, type], path: str = "") -> None:
    """Raise Refusal 50035 unless the named fields are absent or of their kind, lists holding objects only."""
    for name, kind in kinds.items():
        value = payload.get(name)
        if value is not None and not isinstance(value, kind):
            raise invalid(
                path + name, f"{kind.__name__.upper()}_TYPE_CONVERT", f"Could not interpret as {kind.__name__}."
            )
        if isinstance(value, list) and not all(isinstance(part, dict) for part in value):
            raise invalid(f"{path}{name}.0", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")


def check_length(path: str, value: Any, most: int, least: int = 0) -> None:
    """Raise Refusal 50035 unless the value is absent or a text of that length."""
    if value is None:
        return
    if not isinstance(value, str):
        raise invalid(path, "STRING_TYPE_CONVERT", "Could not interpret as string.")
    if least and not value.strip():
        raise invalid(path, "BASE_TYPE_REQUIRED", "This field is required")
    if len(value) > most:
        code = "BASE_TYPE_BAD_LENGTH" if least else "BASE_TYPE_MAX_LENGTH"
        raise invalid(path, code, f"Must be {most} or fewer in length.")


def check_count(path: str, value: Any, most: int, least: int = 0) -> None:
    """Raise Refusal 50035 unless the value is absent or a list of that many things."""
    if value is None:
        return
    if not isinstance(value, list):
        raise invalid(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    if not least <= len(value) <= most:
        raise invalid(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")


def _check_embeds(embeds: list[Json]) -> None:
    for index, embed in enumerate(embeds):
        _check_embed(f"embeds.{index}", embed)
    if sum(_embed_size(embed) for embed in embeds) > MOST_EMBED_TEXT:
        raise invalid("embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {MOST_EMBED_TEXT}")


def _check_embed(path: str, embed: Json) -> None:
    check_kinds(embed, EMBED_KINDS, f"{path}.")
    for name in embed.keys() - EMBED_FIELDS:
        raise invalid(f"{path}.{name}", "UNKNOWN_FIELD", "This field is not known.")
    for name, most in EMBED_TEXTS.items():
        check_length(f"{path}.{name}", embed.get(name), most)
    check_length(f"{path}.footer.text", (embed.get("footer") or {}).get("text"), 2048, 1)
    check_length(f"{path}.author.name", (embed.get("author") or {}).get("name"), 256, 1)
    check_count(f"{path}.fields", embed.get("fields"), MOST_FIELDS)
    for index, field in enumerate(embed.get("fields") or []):
        check_length(f"{path}.fields.{index}.name", field.get("name") or "", 256, 1)
        check_length(f"{path}.fields.{index}.value", field.get("value") or "", 1024, 1)
    color = embed.get("color")
    if color is not None and not 0 <= color <= 0xFFFFFF:
        raise invalid(f"{path}.color", "NUMBER_TYPE_MAX", "int value should be less than or equal to 16777215.")
    _check_address(f"{path}.url", embed.get("url"), ADDRESSES[:2])
    for name in ("image", "thumbnail"):
        _check_address(f"{path}.{name}.url", (embed.get(name) or {}).get("url"), ADDRESSES)
    if not _embed_size(embed) and not embed.get("image") and not embed.get("thumbnail"):
        raise invalid(f"{path}.description", "BASE_TYPE_REQUIRED", "This field is required")


def _check_address(path: str, value: Any, known: tuple[str, ...]) -> None:
    check_length(path, value, 2048)
    if value and not value.startswith(known):
        raise invalid(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")


def _embed_size(embed: Json) -> int:
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    texts += [field.get(part) for field in embed.get("fields") or [] for part in ("name", "value")]
    return sum(len(text) for text in texts if text)


def _check_nonce(nonce: Any) -> None:
    fits = len(nonce) <= 25 if isinstance(nonce, str) else isinstance(nonce, int) and -(2**63) <= nonce < 2**63
    if nonce is not None and not fits:
        raise invalid("nonce", "NONCE_TYPE_TOO_LONG", "Nonces must be 25 or fewer characters.")


def _check_allowed(allowed: Json) -> None:
    for name in allowed.keys() - {"parse", "users", "roles", "replied_user"}:
        raise invalid(f"allowed_mentions.{name}", "UNKNOWN_FIELD", "This field is not known.")
    parse = allowed.get("parse") or []
    for kind in parse:
        if kind not in {"users", "roles", "everyone"}:
            raise invalid("allowed_mentions.parse", "BASE_TYPE_CHOICES", f'"{kind}" is not one of the choices.')
    for kind in ("users", "roles"):
        check_count(f"allowed_mentions.{kind}", allowed.get(kind), 100)
        if kind in parse and allowed.get(kind):
            raise invalid(
                f"allowed_mentions.{kind}", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.',
            )  # fmt: skip


def refuse_empty(payload: Json, files: int) -> None:
    """Raise Refusal 50006 when nothing would be shown."""
    if not (str(payload.get("content") or "").strip() or payload.get("embeds") or payload.get("components") or files):
        raise Refusal(50006)
