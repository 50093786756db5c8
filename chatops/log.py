"""Structured logs: one line a fact, with its context, and no personal data at info level.

Log ids, counts, codes and durations. Never log what a buyer or an agent wrote, names, or secrets; values under the
keys listed in `SECRETIVE` are blanked as a last line of defence. Of an error, the log tells kinds and places, never the
message: libraries and databases quote in it what they were given.
"""

import asyncio
import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from structlog.typing import ExcInfo

SECRETIVE = ("token", "secret", "authorization", "password", "auth_code", "text", "nickname")
LONGEST_CHAIN = 10  # errors that led to one another


def _blank_secrets(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in line:
        if any(word in key.casefold() for word in SECRETIVE):
            line[key] = "***"
    return line


def _without_words(exc_info: ExcInfo) -> str:
    """Write where an error came from and what led to it, the outermost last, without what any of them says."""
    written: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None and len(written) < LONGEST_CHAIN:
        places = "".join(traceback.format_tb(error.__traceback__))
        written.insert(0, f"{places}{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(written)


def loop_error(_: asyncio.AbstractEventLoop, about: Mapping[str, Any]) -> None:
    """Log what nobody awaited: the loop's own handler would write out what the error, or a coroutine, was given."""
    error = about.get("exception")
    kind = type(error).__name__ if isinstance(error, BaseException) else ""
    structlog.get_logger(__name__).error("loop_error", error=kind, exc_info=error)


def set_up(*, human: bool, level: int = logging.INFO) -> None:
    """Send every log line to standard error, as JSON or, for `human` eyes, as coloured text."""
    renderer: Any = structlog.dev.ConsoleRenderer() if human else structlog.processors.JSONRenderer()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _blank_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(_without_words),
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("uvicorn.access", "apscheduler", "slack_bolt", "slack_sdk", "discord", "aiohttp", "alembic"):
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))
