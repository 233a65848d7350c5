"""The steps a flow is made of. Each shows one question, and reads one answer; none of them moves money.

What a step hears becomes one of: an answer to keep, another flow to go to, or a command for `listen` to carry out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from core.conversation.hearing import Heard
from core.conversation.session import Answer, Answers, Session
from core.conversation.talk import Talk
from core.conversation.view import Asks, Option, View
from core.domain.pin import typed_pin
from core.ports import Change
from core.refusal import Refusal
from core.services.pins import PinTry, tried
from core.text import Text, _

Line: TypeAlias = Text | tuple[Text, ...]
Words: TypeAlias = "Text | Callable[[Talk], Awaitable[Line]]"


class NotOffered(Refusal):
    text = _("Please choose a number from the list.")


@dataclass(frozen=True, slots=True)
class Give:
    """Keep this answer under the step's name, and these beside it, and go on, in `language` if one was chosen."""

    answer: Answer
    beside: Answers = field(default_factory=dict)
    language: str = ""


@dataclass(frozen=True, slots=True)
class Go:
    """Begin another flow with these answers, on top of the present one; `afresh`, with only the main menu below."""

    flow: str
    answers: Answers = field(default_factory=dict)
    afresh: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """Back to where everybody begins, with a word about what was done."""

    note: Text | None = None
    language: str = ""
    wallet_id: str = ""


@dataclass(frozen=True, slots=True)
class Retract:
    """Ask these questions again, and say why."""

    steps: tuple[str, ...]
    note: Text


@dataclass(frozen=True, slots=True)
class Run:
    """Have a command carried out, and a PIN counted, in one commit; `then` says where its outcome leads.

    A refusal keeps the person at this step, with its sentence, unless `then` says otherwise.
    """

    command: Change[Any] | None
    then: Callable[[Any], Give | Go | Home | Retract]
    pin: PinTry | None = None


Heeded: TypeAlias = Give | Go | Home | Retract | Run


def never(talk: Talk) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(ABC):
    """`unless` skips the step, and may look only at what the session and the catalogue hold."""

    name: str
    unless: Callable[[Talk], bool] = never
    kept: dict[bool, View] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Views that are the same for everybody, with a way back and without."""

    @abstractmethod
    async def view(self, talk: Talk) -> View:
        """The question. Raises a refusal or a fault when it cannot be asked now."""

    @abstractmethod
    async def hear(self, talk: Talk, heard: Heard) -> Heeded:
        """What the answer means. Raises the refusal that the person can mend."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of a menu and the flow it begins."""

    option: Option
    leads: Callable[[Talk], Go]


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu(Step):
    """Choices that never change their number. At most eight."""

    words: Text
    choices: Mapping[str, Choice]

    async def view(self, talk: Talk) -> View:
        back = bool(talk.session.below)
        if back not in self.kept:
            options = tuple(choice.option for choice in self.choices.values())
            self.kept[back] = View((self.words,), Asks.CHOICE, options, fixed=True, back=back, lasting=True)
        return self.kept[back]

    async def hear(self, talk: Talk, heard: Heard) -> Heeded:
        choice = self.choices.get(heard.option or "")
        if choice is None:
            raise NotOffered
        return choice.leads(talk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose(Step):
    """One of a list that is looked up each time it is shown. `then` may go elsewhere instead of keeping the key.

    `typed` makes an option's key of words that are no number of the list.
    """

    words: Words
    among: Callable[[Talk], Awaitable[Sequence[Option]]]
    typed: Callable[[str], str] = lambda words: ""
    then: Callable[[Talk, str], Awaitable[Heeded]] | None = None
    back: bool = True

    async def view(self, talk: Talk) -> View:
        options = tuple(await self.among(talk))
        return View(await _lines(self.words, talk), Asks.CHOICE, options, back=self.back)

    async def hear(self, talk: Talk, heard: Heard) -> Heeded:
        wanted = heard.option or self.typed(heard.words)
        if wanted not in {option.key for option in await self.among(talk)}:
            raise NotOffered
        return await self.then(talk, wanted) if self.then else Give(wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Step):
    """Something to type. `read` turns the words into an answer, or refuses them."""

    words: Words
    read: Callable[[Talk, str], Awaitable[Heeded]]
    asks: Asks = Asks.DIGITS

    async def view(self, talk: Talk) -> View:
        return View(await _lines(self.words, talk), self.asks)

    async def hear(self, talk: Talk, heard: Heard) -> Heeded:
        return await self.read(talk, heard.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Step):
    """The last word: what will happen, and the PIN that lets it happen. The PIN is compared, counted and forgotten."""

    words: Words
    then: Callable[[Talk], Awaitable[Run | Give]]

    async def view(self, talk: Talk) -> View:
        return View(await _lines(self.words, talk), Asks.SECRET)

    async def hear(self, talk: Talk, heard: Heard) -> Heeded:
        pin = await tried(talk.counter, await talk.wallet(), typed_pin(heard.words), channel=talk.channel)
        meant = await self.then(talk)
        if isinstance(meant, Give):
            return Run(None, then=lambda outcome: meant, pin=pin)
        return Run(meant.command, meant.then, pin=pin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell(Step):
    """Something to know. A final one ends the session; any key leads on from another."""

    words: Words
    final: bool = False

    async def view(self, talk: Talk) -> View:
        return View(await _lines(self.words, talk), final=self.final)

    async def hear(self, talk: Talk, heard: Heard) -> Heeded:
        return Home()


@dataclass(frozen=True, slots=True)
class Flow:
    """Steps in the order in which the phone shows them.

    A flow that does not `resume` shows what only the owner may see: a dropped session begins it anew.
    """

    name: str
    steps: tuple[Step, ...]
    resumes: bool = True

    def due(self, talk: Talk) -> Step | None:
        """The first step without an answer that is not skipped: resume, skip, back and safe deploys in one rule."""
        for step in self.steps:
            if step.name not in talk.answers and not step.unless(talk):
                return step
        return None

    def answered_last(self, session: Session) -> Step | None:
        """The question to go back to. A PIN is not one: nobody types it twice to see where she was."""
        given = [step for step in self.steps if step.name in session.answers and not isinstance(step, Confirm)]
        return given[-1] if given else None


async def _lines(words: Words, talk: Talk) -> tuple[Text, ...]:
    said = words if isinstance(words, Text) else await words(talk)
    return said if isinstance(said, tuple) else (said,)


YES, NO = "yes", "no"
YES_NO = (Option(YES, _("Yes")), Option(NO, _("No")))


async def yes_no(talk: Talk) -> Sequence[Option]:
    return YES_NO
