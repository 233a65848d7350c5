"""Logs: one JSON object a line, on standard error. No number is whole in them, and no PIN is there at all."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog
import structlog.tracebacks
from aiohttp.http import HttpProcessingError
from structlog.typing import EventDict, Processor

LONGEST = 200
# A PIN, a meter, a phone number: what a bug or a library may repeat in its own words.
_DIGITS = re.compile(r"\d{4,}")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069]")

# Where a bug is, without what its variables held: one of them may be a PIN.
TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))


def log_json(level: str = "info") -> None:
    """Write events as JSON from now on, those of libraries as well."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    first: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = [TRACEBACKS, _modest, structlog.processors.JSONRenderer(ensure_ascii=True)]
    structlog.configure(
        processors=[*first, *last],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_without_what_was_sent)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=first,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _foreign, *last],
        )
    )
    logging.basicConfig(level=max(threshold, logging.WARNING), handlers=[handler], force=True)


def log_aside() -> None:
    """What is logged while a command runs goes to standard error: its output is what was asked for."""
    structlog.configure(logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr))


def _without_what_was_sent(record: logging.LogRecord) -> bool:
    """A request that is no HTTP comes with its own words in the error; they may be a PIN or the secret of a door.

    Of these only the kind is told, and not as our error: anybody can send them.
    """
    trouble = record.exc_info[1] if record.exc_info else None
    if isinstance(trouble, HttpProcessingError):
        record.msg, record.exc_info = f"{record.msg}: {type(trouble).__name__}", None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


def _foreign(_logger: object, _method: str, event: EventDict) -> EventDict:
    """The words of a library, which may repeat what they were given."""
    return {**event, "event": _veiled(str(event["event"]))}


def _modest(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Short, nothing unseen in it, and tracebacks without the values that errors like to repeat."""
    if "exception" in event:
        event["exception"] = _veiled(event["exception"])
    return {name: _short(value) if isinstance(value, str) else value for name, value in event.items()}


def _veiled(said: Any) -> Any:
    match said:
        case str():
            return _short(_DIGITS.sub("•", said))
        case list():
            return [_veiled(one) for one in said]
        case dict():
            return {name: _veiled(one) for name, one in said.items()}
        case _:
            return said


def _short(words: str) -> str:
    return _UNSEEN.sub(" ", words if len(words) <= LONGEST else f"{words[:LONGEST]}…")
