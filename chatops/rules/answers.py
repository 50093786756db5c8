"""What an answer is worth: a real one, or one that a platform does not take for one."""

import re
import unicodedata
from enum import StrEnum


class AnswerKind(StrEnum):
    """What the buyer got."""

    FULL = "full"
    GREETING = "greeting"  # "Hi", and nothing else
    STICKER = "sticker"  # or emoji, and nothing else
    AUTOMATIC = "automatic"  # nobody wrote it


_SPACED = re.compile(
    "(?:"
    "hi|hii|hey|hello|helo|hallo|halo|hai|hola|buenas|buenos|dias|días|tardes|noches|good|morning|"
    "afternoon|evening|day|dear|there|friend|selamat|pagi|siang|sore|malam|kak|kakak|sis|gan|min|bapak|"
    "ibu|pak|bu|xin|chào|chao|bạn|ban|anh|chị|chi|em|ạ|shop|oi|olá|ola|sir|madam|maam|miss|"
    "assalamualaikum|kumusta|po)"
)
_UNSPACED = re.compile("(?:สวัสดี|หวัดดี|ค่ะ|ครับ|คะ|นะ|你好|您好|嗨|哈喽|哈囉|哈罗|亲|親|早上好|下午好|晚上好|早安|晚安)+")


def answer_kind(kind: str, text: str, *, automatic: bool = False) -> AnswerKind:
    """Return what an answer is: its platform's `kind` of message, its words, and whether nobody wrote it."""
    if automatic:
        return AnswerKind.AUTOMATIC
    if kind != "TEXT":
        return AnswerKind.STICKER if kind == "EMOTICONS" else AnswerKind.FULL
    words = _spoken(text).split()
    if not words:
        return AnswerKind.STICKER
    greets = all(_SPACED.fullmatch(word) or _UNSPACED.fullmatch(word) for word in words)
    return AnswerKind.GREETING if greets else AnswerKind.FULL


def _spoken(text: str) -> str:
    """Return a text's letters, their marks and digits, everything else as blanks."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return "".join(sign if unicodedata.category(sign)[0] in "LNM" else " " for sign in composed)
