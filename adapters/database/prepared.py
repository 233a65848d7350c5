"""A statement compiled once: its text, and its named values put in the order of their places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.sql import ClauseElement

Values = tuple[Any, ...]
Convert = Callable[[Any], Any]


class Prepared:
    """Built by SQLAlchemy Core, run by the driver: compiling at each execution would cost more than running it."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        self._dialect = dialect
        compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self.text = str(compiled)
        self.places: Sequence[str] = compiled.positiontup or ()
        self._compiled = compiled

    def values(self, **named: Any) -> Values:
        """Values for all places, as the columns keep them; what stands in the statement itself need not be named."""
        known = {**self._fixed, **named}
        return tuple(convert(known[name]) for name, convert in self._converters)

    @cached_property
    def _fixed(self) -> dict[str, Any]:
        return dict(self._compiled.params)

    @cached_property
    def _converters(self) -> list[tuple[str, Convert]]:
        types = [(name, self._compiled.binds[name].type.dialect_impl(self._dialect)) for name in self.places]
        return [(name, kind.bind_processor(self._dialect) or _as_it_is) for name, kind in types]


def _as_it_is(value: Any) -> Any:
    return value
