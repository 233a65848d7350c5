"""One customer's place in the conversation: small, versioned JSON that any process can take up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Answer: TypeAlias = "str | bool | dict[str, str] | None"
Answers: TypeAlias = Mapping[str, Answer]

VERSION = 1

_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Frame:
    """A flow that waits below the present one."""

    flow: str
    answers: Answers


@dataclass(frozen=True, slots=True)
class Session:
    """`answers` by step name; a name no step has is ignored. `keys`, `back` and `more` are what the phone offers now.

    `waiting` holds what was typed when the biller took too long to answer it.
    """

    language: str
    wallet_id: str = ""
    flow: str = ""
    answers: Answers = field(default_factory=dict)
    below: tuple[Frame, ...] = ()
    page: int = 0
    keys: Mapping[str, str] = field(default_factory=dict)
    back: bool = False
    more: bool = False
    waiting: str = ""

    def to_json(self) -> str:
        """No more than what is there: a main menu takes about a hundred bytes."""
        packed: dict[str, object] = {"v": VERSION, "l": self.language, "w": self.wallet_id, "f": self.flow}
        if self.answers:
            packed["a"] = dict(self.answers)
        if self.below:
            packed["b"] = [[frame.flow, dict(frame.answers)] for frame in self.below]
        if self.keys:
            packed["k"] = dict(self.keys)
        packed["n"] = [self.page, int(self.back), int(self.more)]
        if self.waiting:
            packed["q"] = self.waiting
        return _ENCODER.encode(packed)

    @classmethod
    def from_json(cls, words: str) -> Session | None:
        """The session; None when it was written by a version that meant something else."""
        packed = json.loads(words)
        if packed.get("v") != VERSION:
            return None
        page, back, more = packed["n"]
        return cls(
            language=packed["l"],
            wallet_id=packed["w"],
            flow=packed["f"],
            answers=packed.get("a", {}),
            below=tuple(Frame(flow, answers) for flow, answers in packed.get("b", ())),
            page=page,
            keys=packed.get("k", {}),
            back=bool(back),
            more=bool(more),
            waiting=packed.get("q", ""),
        )

    def answered(self, name: str, answer: Answer, beside: Answers) -> Session:
        """With this answer, and others that came with it."""
        return self._at(self.flow, {**self.answers, **beside, name: answer}, self.below)

    def without(self, name: str) -> Session:
        kept = {key: answer for key, answer in self.answers.items() if key != name}
        return self._at(self.flow, kept, self.below)

    def into(self, flow: str, answers: Answers | None = None) -> Session:
        """Begin a flow on top of the present one."""
        below = (*self.below, Frame(self.flow, self.answers)) if self.flow else self.below
        return self._at(flow, answers or {}, below)

    def out(self) -> Session | None:
        """Leave the present flow for the one below; None when there is none."""
        if not self.below:
            return None
        *below, top = self.below
        return self._at(top.flow, top.answers, tuple(below))

    def turned_to(self, page: int) -> Session:
        """The same question, another page of it."""
        return Session(self.language, self.wallet_id, self.flow, self.answers, self.below, page)

    def home(self, flow: str) -> Session:
        """Nothing but the flow where everybody begins."""
        return self._at(flow, {}, ())

    def offering(self, keys: Mapping[str, str], *, back: bool, more: bool) -> Session:
        """As the page just made offers it."""
        return Session(
            self.language,
            self.wallet_id,
            self.flow,
            self.answers,
            self.below,
            self.page,
            keys,
            back,
            more,
            self.waiting,
        )

    def _at(self, flow: str, answers: Answers, below: tuple[Frame, ...]) -> Session:
        """At the first page of a question. Spelled out, as `dataclasses.replace` costs more than the rest of it."""
        return Session(
            self.language, self.wallet_id, flow, answers, below, 0, self.keys, back=self.back, more=self.more
        )
