"""Structured logs: one line a fact, with its context, and no personal data at info level.

Log ids, counts, codes and durations. Never log what a buyer or an agent wrote, names, or secrets; values under the
keys listed in `SECRETIVE` are blanked as a last line of defence.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

SECRETIVE = ("token", "secret", "authorization", "password", "auth_code", "text", "nickname")


def _blank_secrets(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in line:
        if any(word in key.casefold() for word in SECRETIVE):
            line[key] = "***"
    return line


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
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("uvicorn.access", "apscheduler", "slack_bolt", "slack_sdk", "aiohttp", "alembic"):
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))
