"""A TOML table read strictly. Whatever is not as it must be is said in a sentence that names file, key and fault."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from importlib.resources.abc import Traversable
from typing import TypeVar

Read = TypeVar("Read")

MOST = 10**9  # a larger number is a slip of the finger, whatever it counts


class CatalogueError(Exception):
    """The catalogue cannot be used: one sentence a fault, for whoever wrote the file."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Sheet:
    """One table, and where it stands: `at` is its dotted key in `file`."""

    def __init__(self, values: Mapping[str, object], *, file: str, at: str = "") -> None:
        self._values = values
        self.file = file
        self.at = at

    @classmethod
    def of(cls, file: Traversable) -> Sheet:
        """A whole file. A number with a point stays what was written, to be refused by its own words."""
        if not file.is_file():
            raise CatalogueError(f"{file.name}: is missing")
        try:
            return cls(tomllib.loads(file.read_text("utf-8"), parse_float=Decimal), file=file.name)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise CatalogueError(f"{file.name}: is not TOML in UTF-8: {error}") from None

    def wrong(self, key: str, fault: str) -> CatalogueError:
        return CatalogueError(self.fault(key, fault))

    def fault(self, key: str, fault: str) -> str:
        place = ".".join(part for part in (self.at, key) if part)
        return f"{self.file}: {place}: {fault}"

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def only(self, keys: Sequence[str]) -> None:
        """Refuse a key that nobody would read."""
        for key in self:
            if key not in keys:
                near = get_close_matches(key, keys, n=1)
                raise self.wrong(key, "is not known here" + (f", did you mean {near[0]}?" if near else ""))

    def names(self, key: str) -> str | None:
        """The words here, where they only name what is described elsewhere in a table."""
        value = self._values.get(key)
        return value if isinstance(value, str) else None

    def sheet(self, key: str) -> Sheet:
        """A table in this one; an empty one where there is none."""
        values = self._values.get(key, {})
        if not isinstance(values, dict):
            raise self.wrong(key, f"must be a table, is {shown(values)}")
        return Sheet(values, file=self.file, at=f"{self.at}.{key}" if self.at else key)

    def over(self, defaults: Sheet) -> Sheet:
        """This table with what it does not say itself taken from another."""
        return Sheet(_merged(defaults._values, self._values), file=self.file, at=self.at)

    # ---- values; without a default the key must be there

    def text(self, key: str, default: str | None = None) -> str:
        value = self._take(key, default)
        if not isinstance(value, str):
            raise self.wrong(key, f"must be text, is {shown(value)}")
        if key in self and (not value.strip() or value != value.strip() or not value.isprintable()):
            raise self.wrong(key, f"must be one line of words, is {shown(value)}")
        return value

    def whole(
        self, key: str, default: int | None = None, *, least: int = 0, most: int = MOST, of: str = "number"
    ) -> int:
        value = self._take(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(key, f"must be a whole {of}, is {shown(value)}")
        if not least <= value <= most:
            bound = f"at least {least}" if value < least else f"at most {most}"
            raise self.wrong(key, f"must be {bound}, is {value}")
        return value

    def yes(self, key: str, default: bool | None = None) -> bool:
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, f"must be true or false, is {shown(value)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of words; empty where there is none."""
        values = self._take(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
            raise self.wrong(key, f"must be a list of words, is {shown(values)}")
        return tuple(values)

    def wholes(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers above zero; empty where there is none."""
        values = self._take(key, [])
        if not isinstance(values, list) or not all(type(value) is int and value > 0 for value in values):
            raise self.wrong(key, f"must be a list of whole numbers above 0, is {shown(values)}")
        return tuple(values)

    def _take(self, key: str, default: object) -> object:
        value = self._values.get(key, default)
        if value is None:
            raise self.wrong(key, "is missing")
        return value


def all_of(reads: Iterable[Callable[[], Read]]) -> list[Read]:
    """Read everything, and only then tell of all that is wrong."""
    done: list[Read] = []
    faults: list[str] = []
    for read in reads:
        try:
            done.append(read())
        except CatalogueError as error:
            faults += error.faults
    if faults:
        raise CatalogueError(*faults)
    return done


def shown(value: object) -> str:
    """A value as it stands in the file, near enough."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value}"'
        case list():
            return f"[{', '.join(map(shown, value))}]"
        case dict():
            return "a table"
        case _:
            return str(value)


def _merged(below: Mapping[str, object], above: Mapping[str, object]) -> dict[str, object]:
    whole = {**below, **above}
    for key in below.keys() & above.keys():
        low, high = below[key], above[key]
        if isinstance(low, dict) and isinstance(high, dict):
            whole[key] = _merged(low, high)
    return whole
