"""One customer's place in the conversation: small, versioned JSON that any process can take up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

Answer: TypeAlias = "str | bool | dict[str, str] | None"
Answers: TypeAlias = Mapping[str, Answer]

VERSION = 1


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
        return json.dumps(packed, separators=(",", ":"), ensure_ascii=False)

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

    def answered(self, name: str, answer: Answer) -> Session:
        return replace(self, answers={**self.answers, name: answer}, page=0, waiting="")

    def without(self, name: str) -> Session:
        kept = {key: answer for key, answer in self.answers.items() if key != name}
        return replace(self, answers=kept, page=0, waiting="")

    def into(self, flow: str, answers: Answers | None = None) -> Session:
        """Begin a flow on top of the present one."""
        below = (*self.below, Frame(self.flow, self.answers)) if self.flow else self.below
        return replace(self, flow=flow, answers=answers or {}, below=below, page=0, waiting="")

    def instead(self, flow: str, answers: Answers | None = None) -> Session:
        """Begin a flow in the place of the present one; back then leads to what was below both."""
        return replace(self, flow=flow, answers=answers or {}, page=0, waiting="")

    def out(self) -> Session | None:
        """Leave the present flow for the one below; None when there is none."""
        if not self.below:
            return None
        *below, top = self.below
        return replace(self, flow=top.flow, answers=top.answers, below=tuple(below), page=0, waiting="")

    def home(self, flow: str) -> Session:
        """Nothing but the flow where everybody begins."""
        return replace(self, flow=flow, answers={}, below=(), page=0, waiting="")
