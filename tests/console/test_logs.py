"""Logs: one JSON object a line whatever is in it, and what a bug or a library repeats stays unsaid."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path
from textwrap import dedent
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PREPARED = """
import asyncio, logging, structlog
from console.logs import log_json
log_json("{level}")
log = structlog.get_logger("x")
"""


def logged(script: str, *, level: str = "info") -> list[dict[str, Any]]:
    """What a process writes into its log; each line must be an object, of visible ASCII alone."""
    words = PREPARED.format(level=level) + dedent(script)
    done = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, check=True, timeout=20)
    assert done.stdout == b""
    assert all(byte == 0x0A or 0x20 <= byte < 0x7F for byte in done.stderr)
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_an_event_has_its_level_its_time_and_its_values():
    [line] = logged("log.info('open', port=8080, gateways=['hubtel'])")

    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "open", "level": "info", "port": 8080, "gateways": ["hubtel"]}


def test_below_the_level_nothing_is_written():
    assert logged("log.info('open')", level="warning") == []


def test_hostile_words_stay_one_short_line():
    """Line breaks, escapes, NUL, DEL, C1 and turned directions, in a name that somebody chose."""
    lines = logged(
        r"""
        hostile = ["\r\n{}", "\x1b[2J", "\x00", "\x7f", "\x9b31m", "\u202e", "\u2066", "\u200b", "\ud800", "\"}{\""]
        for words in (*hostile, "a" * 9999):
            log.warning("x", who=f"before {words} after")
        """
    )

    assert len(lines) == 11
    for line in lines:
        assert len(line["who"]) <= 201
        assert not [sign for sign in line["who"] if unicodedata.category(sign) in ("Cc", "Cf")]


def test_a_bug_is_told_with_its_place_and_without_what_it_held():
    [line] = logged(
        """
        def pay(pin):
            return int(pin + " of +6281234567890")
        try:
            pay("739182")
        except ValueError:
            log.exception("turn_failed")
        """
    )

    [trace] = line["exception"]
    assert trace["exc_type"] == "ValueError"
    assert [frame["name"] for frame in trace["frames"]] == ["<module>", "pay"]
    assert not any(number in json.dumps(line) for number in ("739182", "81234567890"))


def test_what_a_library_says_is_json_too_and_numbers_in_it_are_veiled():
    [line] = logged("logging.getLogger('asyncio').error('exception=%r', ValueError('text=1*739182'))")

    assert line["event"] == "exception=ValueError('text=1*\u2022')"
    assert line["level"] == "error"


def test_a_task_nobody_waited_for_says_so_without_its_words():
    lines = logged(
        """
        async def lost():
            raise ValueError("739182")
        async def main():
            task = asyncio.create_task(lost())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            del task
        asyncio.run(main())
        """
    )

    assert "never retrieved" in lines[0]["event"]
    assert "739182" not in json.dumps(lines)


def test_a_request_that_is_no_http_is_told_by_its_kind_alone():
    [line] = logged(
        """
        from aiohttp.http import HttpProcessingError
        trouble = HttpProcessingError(code=400, message="POST /ussd/africastalking/secret HTTP/9.9")
        logging.getLogger("aiohttp.server").error("Error handling request from %s", "127.0.0.1", exc_info=trouble)
        """
    )

    assert line["event"] == "Error handling request from 127.0.0.1: HttpProcessingError"
    assert line["level"] == "warning"
    assert "secret" not in json.dumps(line)
