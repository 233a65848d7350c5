"""A view as a screen of a chat: words, at most five buttons and the keys that lead on and back, and what is drawn.

A screen is written down as JSON, since that is the answer which a repeated delivery gets back. Its buttons name keys,
as a phone has them; what stands on the wire for a key is made when the screen is sent (`bot/tokens.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot import CHANNEL
from core.conversation.view import BACK, MORE, Asks, Option, Page, View
from core.domain.money import Money
from core.domain.picture import Picture
from core.domain.pin import PinLocked, PinPaused
from core.domain.slip import Slip
from core.ports import Words
from core.text import Text, _

OPTIONS_A_PAGE = 5
HOME = "home"
# A plain sign for what has no icon of its own, so that every choice begins with a picture.
NO_ICON = "🔹"
# Before a word about something that went well.
WELL = "✅"

Say = Callable[[Text], str]


@dataclass(frozen=True, slots=True)
class Button:
    """`key` is what pressing it means; a `share` button shows one's own number instead."""

    key: str
    label: str
    style: str = ""
    share: bool = False


@dataclass(frozen=True, slots=True)
class TransferShown:
    """Where to send money, as it is drawn."""

    heading: str
    bank: str
    amount: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class InvoiceShown:
    """What is paid inside the chat; the amount is in minor units."""

    payload: str
    title: str
    about: str
    label: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Screen:
    """What stands in the chat. `secret` asks for a PIN on a pad. What is typed at one that `hides` goes from the chat,
    a `kept` one stays there when the talk goes on.

    `lines` hold a note first where there is one (`noted`). `copied` is what can be copied at a touch.
    """

    lines: tuple[str, ...]
    rows: tuple[tuple[Button, ...], ...] = ()
    noted: bool = False
    copied: tuple[str, ...] = ()
    secret: bool = False
    hides: bool = False
    kept: bool = False
    private: bool = False
    pictures: tuple[Picture, ...] = ()
    slip: Slip | None = None
    transfer: TransferShown | None = None
    invoice: InvoiceShown | None = None

    @property
    def drawn(self) -> bool:
        return bool(self.pictures or self.slip or self.transfer)

    @property
    def look(self) -> str:
        """What a message can be edited from and into. One with a button to share, or that is private, is never."""
        kind = "photo" if self.drawn else "share" if self._shares else "text"
        return f"{kind} private" if self.private else kind

    @property
    def _shares(self) -> bool:
        return any(button.share for row in self.rows for button in row)


class TelegramChannel:
    """Numbers the options as a phone does, five to a screen, so that what is learnt on one is known on the other."""

    name = CHANNEL
    knows_number = False
    proves_caller = False

    def __init__(self, *, takes_cards: bool = False) -> None:
        self.takes_cards = takes_cards
        self._fitted: dict[tuple[int, int, str], tuple[View, Page]] = {}

    def fit(self, view: View, page: int, *, language: str, words: Words) -> Page:
        if not view.lasting:
            return _fit(view, page, lambda text: words.say(text, language))
        key = (id(view), page, language)
        known = self._fitted.get(key)
        if known is None or known[0] is not view:
            known = self._fitted[key] = view, _fit(view, page, lambda text: words.say(text, language))
        return known[1]


def _fit(view: View, page: int, say: Say) -> Page:
    if view.note is not None and view.receipt is not None:
        # It stands above already; said again with every word of hers it would fill the chat.
        view = replace(view, body=(), receipt=None, private=False)
    last = max(0, (len(view.options) - 1) // OPTIONS_A_PAGE)
    page = min(page, last)
    first = page * OPTIONS_A_PAGE
    shown = list(enumerate(view.options[first : first + OPTIONS_A_PAGE], first + 1 if view.fixed else 1))
    more = page < last
    back = not view.final and (view.back or page > 0)
    screen = Screen(
        lines=_lines(view, say),
        rows=(*_choices(shown, view, say), *_ways(view, say, back=back, more=more)),
        noted=view.note is not None,
        copied=_copied(view, say),
        secret=view.asks is Asks.SECRET and not _is_locked(view),
        hides=view.asks in (Asks.SECRET, Asks.PROOF),
        kept=view.final or view.receipt is not None or view.transfer is not None,
        private=view.private,
        pictures=_pictures(shown, say),
        slip=view.receipt,
        transfer=_transfer(view, say),
        invoice=_invoice(view, say),
    )
    return Page(written(screen), keys=_keys(view, shown), more=more, final=view.final)


def _lines(view: View, say: Say) -> tuple[str, ...]:
    note = () if view.note is None else (view.note.under(view.note.sign or WELL),)
    signed = [f"{text.sign} {say(text)}".strip() for text in (*note, *view.body)]
    return tuple(line for said in signed for raw in said.split("\n") if (line := raw.strip()))


def _copied(view: View, say: Say) -> tuple[str, ...]:
    """What somebody will type elsewhere: a token into a meter, an account and a sum into her bank's app."""
    if view.transfer is not None:
        return (_said_money(view.transfer.amount, say), *re.findall(r"\d{6,}", view.transfer.bank))
    return (view.receipt.token,) if view.receipt and view.receipt.token else ()


def _is_locked(view: View) -> bool:
    """No PIN helps now, so none is asked for."""
    return view.note is not None and view.note.message in (PinPaused.text.message, PinLocked.text.message)


def _choices(shown: Sequence[tuple[int, Option]], view: View, say: Say) -> list[tuple[Button, ...]]:
    """A button a row, as long labels need; yes and no stand side by side, where thumbs look for them."""
    buttons = [
        Button(str(number), f"{number} {one.icon or NO_ICON} {say(one.text)}", "primary" if one.primary else "")
        for number, one in shown
    ]
    if view.asks is Asks.OWN_NUMBER:
        return [(Button("", f"📱 {say(_('Show my number'))}", share=True),)]
    return (
        [tuple(buttons)]
        if len(buttons) == 2 and all(len(one.label) < 14 for one in buttons)
        else [(button,) for button in buttons]
    )


def _ways(view: View, say: Say, *, back: bool, more: bool) -> list[tuple[Button, ...]]:
    if view.final:
        return [(Button(HOME, f"🏠 {say(_('Menu'))}"),)]
    # On the pad a second zero would be pressed for the first.
    number = "" if view.asks is Asks.SECRET else f"{BACK} "
    ways = [Button(BACK, f"{number}⬅️ {say(_('Back'))}")] if back else []
    ways += [Button(MORE, f"{MORE} ➡️ {say(_('More'))}")] if more else []
    return [tuple(ways)] if ways else []


def _keys(view: View, shown: Sequence[tuple[int, Option]]) -> dict[str, str]:
    """What may be pressed or typed. Fixed numbers mean the same on every page, so they may be typed on any."""
    if view.fixed:
        return {str(number): option.key for number, option in enumerate(view.options, 1)}
    return {str(number): option.key for number, option in shown}


def _pictures(shown: Sequence[tuple[int, Option]], say: Say) -> tuple[Picture, ...]:
    if not any(option.picture for _number, option in shown):
        return ()
    return tuple(Picture(option.picture, str(number), say(option.text)) for number, option in shown)


def _transfer(view: View, say: Say) -> TransferShown | None:
    if view.transfer is None:
        return None
    amount = _said_money(view.transfer.amount, say)
    return TransferShown(say(_("Bank transfer")), view.transfer.bank, amount, (("", say(view.transfer.note)),))


def _invoice(view: View, say: Say) -> InvoiceShown | None:
    wanted = view.invoice
    if wanted is None:
        return None
    return InvoiceShown(
        payload=wanted.payload,
        title=say(wanted.title)[:32],
        about=say(wanted.about)[:255],
        label=say(wanted.title),
        amount_minor=wanted.amount.minor,
        currency=wanted.amount.currency,
    )


def _said_money(amount: Money, say: Say) -> str:
    return say(Text("{amount}", {"amount": amount}))


# ---- as it is kept

_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def written(screen: Screen) -> str:
    """What differs from an empty screen, as JSON."""
    full = asdict(screen)
    empty = asdict(Screen(()))
    full["rows"] = [[_brief(button) for button in row] for row in full["rows"]]
    return _ENCODER.encode({name: value for name, value in full.items() if name == "lines" or value != empty[name]})


def _brief(button: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in button.items() if value or name in ("key", "label")}


def read(words: str) -> Screen:
    kept = json.loads(words)
    return Screen(
        lines=tuple(kept["lines"]),
        rows=tuple(tuple(Button(**button) for button in row) for row in kept.get("rows", ())),
        noted=kept.get("noted", False),
        copied=tuple(kept.get("copied", ())),
        secret=kept.get("secret", False),
        hides=kept.get("hides", False),
        kept=kept.get("kept", False),
        private=kept.get("private", False),
        pictures=tuple(Picture(**one) for one in kept.get("pictures", ())),
        slip=_slip(kept.get("slip")),
        transfer=_shown_transfer(kept.get("transfer")),
        invoice=InvoiceShown(**kept["invoice"]) if kept.get("invoice") else None,
    )


def _slip(kept: dict[str, Any] | None) -> Slip | None:
    return Slip(**{**kept, "lines": _pairs(kept["lines"])}) if kept else None


def _shown_transfer(kept: dict[str, Any] | None) -> TransferShown | None:
    return TransferShown(**{**kept, "lines": _pairs(kept["lines"])}) if kept else None


def _pairs(lines: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, value) for label, value in lines)
