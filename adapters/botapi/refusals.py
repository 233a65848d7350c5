"""Answers of the Bot API that are not ok."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A call that is answered with an error.

    `breach` says in a sentence which documented limit the bot broke. It is empty where a correct bot can meet the
    error too, as when a person has blocked it.
    """

    def __init__(self, code: int, description: str, *, breach: str = "", retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.breach = breach
        self.retry_after = retry_after

    def as_json(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            answer["parameters"] = {"retry_after": self.retry_after}
        return answer


def bad(description: str, breach: str = "") -> Refused:
    return Refused(400, f"Bad Request: {description}", breach=breach)


def forbidden(description: str) -> Refused:
    return Refused(403, f"Forbidden: {description}")


def conflict(description: str) -> Refused:
    return Refused(409, f"Conflict: {description}")


def too_many(retry_after: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
