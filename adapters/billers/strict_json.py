"""JSON as money needs it: no floats, no NaN, no key said twice, and nothing that hurts to read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal


def read_json(raw: bytes) -> object:
    """The document, fractions as `Decimal`. Raises `ValueError` for whatever is not one plain document."""
    try:
        document: object = json.loads(
            raw.decode("utf-8"), parse_float=_exactly, parse_constant=_refuse, object_pairs_hook=_said_once
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return document


def canonical(document: Mapping[str, object]) -> str:
    """The one way to write a document down: sorted, tight and ASCII, so that the same word is the same text."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), default=str)


def _exactly(number: str) -> Decimal:
    try:
        return Decimal(number)
    except ArithmeticError:
        raise ValueError("a number out of all proportion") from None


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is not a number")


def _said_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a key is said twice")
    return document
