"""The journal as lines of JSON, for whoever reads or checks it elsewhere: an entry a line, all that it holds.

A line is read back only if it is to the letter as it would be written: nothing can be changed in an export without
either changing an entry or being refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from core.domain.journal import Entry, Posting


class NotALine(ValueError):
    """It is no line of an export."""


def line_of(entry: Entry) -> str:
    """Debits are positive, amounts in minor units, times in ISO 8601."""
    return json.dumps(
        {
            "index": entry.index,
            "key": entry.key,
            "kind": entry.kind,
            "currency": entry.currency,
            "postings": [{"account": leg.account, "amount_minor": leg.minor} for leg in entry.postings],
            "at": entry.at.isoformat(),
            "day": entry.day.isoformat(),
            "payment_id": entry.payment_id,
            "memo": entry.memo,
        },
        ensure_ascii=False,
    )


def entry_of(line: str) -> Entry:
    """Raises `NotALine`."""
    try:
        entry = _entry(json.loads(line))
        if line_of(entry) == line and entry.at.tzinfo is not None:
            return entry
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError):
        pass
    raise NotALine("is not as `loket journal export` writes it")


def _entry(said: Mapping[str, Any]) -> Entry:
    return Entry(
        key=_text(said["key"]),
        kind=_text(said["kind"]),
        currency=_text(said["currency"]),
        postings=tuple(Posting(_text(leg["account"]), _whole(leg["amount_minor"])) for leg in said["postings"]),
        at=datetime.fromisoformat(said["at"]),
        day=date.fromisoformat(said["day"]),
        payment_id=None if said["payment_id"] is None else _text(said["payment_id"]),
        memo=_text(said["memo"]),
        index=_whole(said["index"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError("not a whole number")
    return value
