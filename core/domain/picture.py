"""A choice as a picture, for a payer who recognises a drawing sooner than a word."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """One thing to choose as a picture: `name` says what is drawn, `key` the number beside it, `label` its words."""

    name: str  # "category/water", "banknote/50000"; blank: nothing of its own to draw
    key: str
    label: str
