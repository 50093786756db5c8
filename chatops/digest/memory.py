"""What counting took of memory, handed back."""

import ctypes
from contextlib import suppress


def give_back() -> None:
    """Hand the system what counting freed, which the C library keeps for each thread that counted; not all can."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
