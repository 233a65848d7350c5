"""The three kinds of trouble; a bug is the third, and is any other exception."""

from __future__ import annotations

from typing import ClassVar

from core.text import Text

WARNING = "⚠️"


class Refusal(Exception):
    """Something the person can put right. Said kindly, in their language, where the rule lives."""

    text: ClassVar[Text]

    def __init__(self, **values: object) -> None:
        super().__init__(type(self).__name__)
        self.values = values

    @property
    def words(self) -> Text:
        return self.text.fill(**self.values).under(WARNING)


class Fault(Exception):
    """The outside failed: a time-out, a 502, a full disk. Never proof that money moved or did not."""
