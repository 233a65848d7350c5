"""A statement compiled once: its text, and its named values put in the order of their places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.sql import ClauseElement

Values = tuple[Any, ...]


class Prepared:
    """Built by SQLAlchemy Core, run by the driver: compiling at each execution would cost more than running it."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        places: Sequence[str] = compiled.positiontup or ()
        self.text = str(compiled)
        self._places = [(name, _converter(compiled.binds[name].type, dialect)) for name in places]
        self._fixed: dict[str, Any] = {name: value for name, value in compiled.params.items() if value is not None}

    def values(self, **named: Any) -> Values:
        """Values for all places; those that stand in the statement itself need not be named."""
        all_named = {**self._fixed, **named}
        return tuple(convert(all_named[name]) for name, convert in self._places)


def _converter(kind: Any, dialect: Dialect) -> Any:
    return kind.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
