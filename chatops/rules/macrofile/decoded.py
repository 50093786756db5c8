"""Bytes of a file as text, or why they are none."""

import codecs

from chatops.rules.macrofile.entry import Problem

REMEDY = 'Save the file as UTF-8; in Excel choose "CSV UTF-8" when saving.'


def decoded(data: bytes) -> str | Problem:
    """Return a file's text with plain line ends: UTF-8, or UTF-16 where it says so at its start, as Excel does."""
    sixteen = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if sixteen else "utf-8-sig")
    except UnicodeDecodeError as error:
        return Problem(data.count(b"\n", 0, error.start) + 1, "this line is not written in UTF-8", REMEDY)
    if "\0" in text:
        return Problem(text.count("\n", 0, text.index("\0")) + 1, "this line is not written in UTF-8", REMEDY)
    return text.replace("\r\n", "\n").replace("\r", "\n")
