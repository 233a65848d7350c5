"""The steps a flow is made of. Each shows one question, and reads one answer; none of them moves money.

What a step hears becomes one of: an answer to keep, another flow to go to, or a command for `listen` to carry out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from core.conversation.hearing import Heard
from core.conversation.session import Answer, Answers, Session
from core.conversation.talk import Talk
from core.conversation.view import Asks, Invoice, Option, Transfer, View
from core.domain.msisdn import Msisdn
from core.domain.pin import typed_pin
from core.domain.slip import Slip
from core.ports import Change
from core.refusal import Refusal
from core.services.pins import PinTry, tried
from core.text import Text, _

Line: TypeAlias = Text | tuple[Text, ...]
Words: TypeAlias = "Text | Callable[[Talk], Awaitable[Line]]"
Thing: TypeAlias = Slip | Transfer | Invoice
Look: TypeAlias = Callable[[Talk], Awaitable[Thing | None]]


class NotOffered(Refusal):
    text = _("Please choose from the list.")


@dataclass(frozen=True, slots=True)
class Give:
    """Keep this answer under the step's name, and these beside it, and go on, in `language` if one was chosen.

    `note` is a word about what was done.
    """

    answer: Answer
    beside: Answers = field(default_factory=dict)
    language: str = ""
    note: Text | None = None


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
    """Ask these questions again, and say why; remember this meanwhile."""

    steps: tuple[str, ...]
    note: Text
    beside: Answers = field(default_factory=dict)


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
    kept: dict[tuple[bool, int], View] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Views that are the same for everybody: with a way back and without, and with so many options."""

    @abstractmethod
    async def view(self, talk: Talk) -> View:
        """The question. Raises a refusal or a fault when it cannot be asked now."""

    @abstractmethod
    async def hear(self, talk: Talk, heard: Heard) -> Heeded:
        """What the answer means. Raises the refusal that the person can mend."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of a menu and the flow it begins. Who does not need it is not shown it; its number stays its own."""

    option: Option
    leads: Callable[[Talk], Go]
    unless: Callable[[Talk], bool] = never


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu(Step):
    """Choices that never change their number. At most eight."""

    words: Text
    choices: Mapping[str, Choice]

    async def view(self, talk: Talk) -> View:
        offered = tuple(choice.option for choice in self.choices.values() if not choice.unless(talk))
        kind = bool(talk.session.below), len(offered)
        if kind not in self.kept:
            self.kept[kind] = View((self.words,), Asks.CHOICE, offered, fixed=True, back=kind[0], lasting=True)
        return self.kept[kind]

    async def hear(self, talk: Talk, heard: Heard) -> Heeded:
        choice = self.choices.get(heard.option or "")
        if choice is None or choice.unless(talk):
            raise NotOffered
        return choice.leads(talk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose(Step):
    """One of a list that is looked up each time it is shown. `then` may go elsewhere instead of keeping the key.

    `typed` makes an option's key of words that are no number of the list. `read` hears words that are no option at
    all, as an `Ask` does; without it they are refused. `thing` is shown as well, where a channel can.
    """

    words: Words
    among: Callable[[Talk], Awaitable[Sequence[Option]]]
    typed: Callable[[str], str] = lambda words: ""
    then: Callable[[Talk, str], Awaitable[Heeded]] | None = None
    read: Callable[[Talk, str], Awaitable[Heeded]] | None = None
    thing: Look | None = None
    back: bool = True

    async def view(self, talk: Talk) -> View:
        options = tuple(await self.among(talk))
        view = View(await _lines(self.words, talk), Asks.CHOICE, options, back=self.back)
        return await _showing(view, self.thing, talk)

    async def hear(self, talk: Talk, heard: Heard) -> Heeded:
        wanted = heard.option or self.typed(heard.words)
        if wanted not in {option.key for option in await self.among(talk)}:
            if self.read:
                return await self.read(talk, heard.words)
            raise NotOffered
        return await self.then(talk, wanted) if self.then else Give(wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Step):
    """Something to type. `read` turns the words into an answer, or refuses them."""

    words: Words
    read: Callable[[Talk, str], Awaitable[Heeded]]
    asks: Asks = Asks.DIGITS
    back: bool = True

    async def view(self, talk: Talk) -> View:
        return View(await _lines(self.words, talk), self.asks, back=self.back)

    async def hear(self, talk: Talk, heard: Heard) -> Heeded:
        return await self.read(talk, heard.words)


class NotYourNumber(Refusal):
    text = _("That is not the number of this phone. Please press the button.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowNumber(Step):
    """One's own number, shown with a button of the chat, whose network vouches for it. What is typed proves nothing."""

    words: Text
    then: Callable[[Talk, Msisdn], Awaitable[Heeded]]

    async def view(self, talk: Talk) -> View:
        return View((self.words,), Asks.OWN_NUMBER)

    async def hear(self, talk: Talk, heard: Heard) -> Heeded:
        if heard.own_number is None:
            raise NotYourNumber
        return await self.then(talk, heard.own_number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Step):
    """The last word: what will happen, and the PIN that lets it happen. The PIN is compared, counted and forgotten."""

    words: Words
    then: Callable[[Talk], Awaitable[Run | Give]]

    async def view(self, talk: Talk) -> View:
        return View(await _lines(self.words, talk), Asks.SECRET)

    async def hear(self, talk: Talk, heard: Heard) -> Heeded:
        pin = await tried(talk.counter, await talk.wallet(), typed_pin(heard.words), place=talk.place)
        meant = await self.then(talk)
        if isinstance(meant, Give):
            return Run(None, then=lambda outcome: meant, pin=pin)
        return Run(meant.command, meant.then, pin=pin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell(Step):
    """Something to know, with a thing to keep if there is one. A final one ends the session; any key leads on."""

    words: Words
    thing: Look | None = None
    final: bool = False

    async def view(self, talk: Talk) -> View:
        return await _showing(View(await _lines(self.words, talk), final=self.final), self.thing, talk)

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


async def _showing(view: View, look: Look | None, talk: Talk) -> View:
    """The view with its thing in the place that is kept for one of its kind."""
    match await look(talk) if look else None:
        case Slip() as slip:
            return replace(view, receipt=slip, private=bool(slip.token))
        case Transfer() as transfer:
            return replace(view, transfer=transfer)
        case Invoice() as invoice:
            return replace(view, invoice=invoice)
        case _:
            return view


YES, NO = "yes", "no"
YES_NO = (Option(YES, _("Yes"), "✅", primary=True), Option(NO, _("No"), "❌"))


async def yes_no(talk: Talk) -> Sequence[Option]:
    return YES_NO
