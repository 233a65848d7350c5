"""A statement compiled once: its text, and its named values put in the order of their places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.sql import ClauseElement

Values = tuple[Any, ...]
Convert = Callable[[Any], Any]


# One dialect of each kind, to compile by: every store has its own, with its own keys, and all of a kind write alike.
_WRITERS: dict[tuple[str, str], Dialect] = {}


def kind_of(dialect: Dialect) -> tuple[str, str]:
    """What tells dialects apart as far as the text of a statement goes."""
    kind = dialect.name, dialect.paramstyle
    _WRITERS.setdefault(kind, dialect)
    return kind


@lru_cache(maxsize=4_096)
def _compiled(statement: ClauseElement, kind: tuple[str, str]) -> Any:
    return statement.compile(dialect=_WRITERS[kind], compile_kwargs={"render_postcompile": True})


def text_of(statement: ClauseElement, kind: tuple[str, str]) -> str:
    return str(_compiled(statement, kind))


class Prepared:
    """Built by SQLAlchemy Core, run by the driver: compiling at each execution would cost more than running it."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        self._dialect = dialect
        compiled = _compiled(statement, kind_of(dialect))
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
