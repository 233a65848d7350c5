"""Words meant for people, not yet in any language: a message id and the values that go into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Text:
    """A whole sentence with named places, translated only where it is shown.

    Values are `str`, `int`, `Money`, `date`, `datetime` or another `Text`; the translator writes each in its own way.
    `plural` and `count` go together: the message is then the singular, `plural` the rest, and `{count}` may be named.
    `sign` is what a channel with pictures puts before it, so that bad news looks bad to somebody who does not read.
    """

    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    plural: str | None = None
    count: int | None = None
    sign: str = ""

    def fill(self, **values: object) -> Text:
        return Text(self.message, {**self.values, **values}, self.plural, self.count, self.sign)

    def under(self, sign: str) -> Text:
        return Text(self.message, self.values, self.plural, self.count, sign)


def _(message: str) -> Text:
    """Mark a sentence for translators; this is the name the extraction looks for."""
    return Text(message)


def several(one: str, many: str, count: int) -> Text:
    """A sentence that changes with a number, as the language's plural rule has it."""
    return Text(one, {"count": count}, plural=many, count=count)


def verbatim(words: str) -> Text:
    """Words that are the same in every language: a name, a token, a number."""
    return Text("{words}", {"words": words})
