"""What a text costs on an old phone, and how to write it so that it costs little. The alphabet of 3GPP TS 23.038.

A text in the GSM alphabet is counted in septets; one sign outside it turns the whole text into UCS-2, which holds
less than half as much.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import gsm0338  # type: ignore[import-untyped]  # ships no types


@dataclass(frozen=True, slots=True)
class Alphabet:
    """How many units fit a USSD page, one short message, and each part of a long one."""

    name: str
    page: int
    message: int
    part: int


# A page may hold 182 septets or 80 units of UCS-2 in theory; these are what every network and gateway carries.
SEPTETS = Alphabet("GSM-7", page=160, message=160, part=153)
UCS2 = Alphabet("UCS-2", page=70, message=70, part=67)


def septets(words: str) -> int | None:
    """The length in septets, an extension sign counting two; None when the GSM alphabet cannot write it."""
    odd = _NOT_BASIC.findall(words)
    if not odd:
        return len(words)
    return len(words) + len(odd) if EXTENSION.issuperset(odd) else None


def cost(words: str) -> tuple[int, Alphabet]:
    """How many units these words take, and of which alphabet."""
    counted = septets(words)
    return (sum(_ucs2_widths(words)), UCS2) if counted is None else (counted, SEPTETS)


def fits_page(words: str) -> bool:
    units, alphabet = cost(words)
    return units <= alphabet.page


def sms_parts(words: str) -> int:
    """How many short messages carry these words. No sign is split over two of them."""
    units, alphabet = cost(words)
    if units <= alphabet.message:
        return 1
    return _parts(_septet_widths(words) if alphabet is SEPTETS else _ucs2_widths(words), alphabet.part)


def folded(words: str) -> str:
    """The same words in the GSM alphabet if every sign has a plain form there; if not, as they are, only tidied.

    `Rp 20.000` loses its no-break space, `ê` and `ɗ` their marks, `₦500` becomes `NGN 500`. Signs that nobody sees
    (controls, directions, halves of characters) go in any case, so that the result can always be sent.
    """
    if _FOREIGN.search(words) is None:
        return words
    composed = unicodedata.normalize("NFC", words)
    plain = _FOREIGN.sub(_plain, _FOREIGN_MONEY.sub(_spelled, composed))
    return _FOREIGN.sub(_tidy, composed) if _FOREIGN.search(plain) else plain


def in_ascii(words: str) -> str:
    """The same for those who refuse even the accents of the GSM alphabet; a sign without plain form becomes `?`."""
    return _NOT_ASCII.sub(_in_ascii, _MONEY.sub(_spelled, folded(words)))


# ---- the alphabet

_codec = gsm0338.Codec()


def _signs(*before: int) -> Iterable[str]:
    """What each septet stands for, alone or behind an escape. Of the controls only the line feed is a sign."""
    for septet in range(128):
        sign: str = _codec.decode(bytes([*before, septet]), "ignore")[0]
        if sign == "\n" or (sign and sign.isprintable()):
            yield sign


BASIC = frozenset(_signs())
EXTENSION = frozenset(_signs(0x1B))


def _but(signs: frozenset[str]) -> re.Pattern[str]:
    return re.compile(f"[^{re.escape(''.join(sorted(signs)))}]")


_NOT_BASIC = _but(BASIC)
_FOREIGN = _but(BASIC | EXTENSION)
_NOT_ASCII = re.compile(r"[^\n\x20-\x7e]")


def _septet_widths(words: str) -> Iterable[int]:
    return (2 if sign in EXTENSION else 1 for sign in words)


def _ucs2_widths(words: str) -> Iterable[int]:
    return (2 if sign > "\uffff" else 1 for sign in words)


def _parts(widths: Iterable[int], room: int) -> int:
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts


# ---- plain forms

# Unicode takes most letters apart into a plain one and its marks. These it does not: a plain form, and the signs of it.
_FORMS = """
' ‘ ’ ‚ ‛ ′ ` ´ ʹ ʻ ʼ ʽ ʾ ʿ
" “ ” „ ‟ ″ « »
- ‐ ‑ ‒ – — ― − ⁃ • ‣ ◦ ∙ · ● ▪
< ‹
> ›
/ ⁄ ∕ ÷
x ×
! ¡
? ¿
b ɓ
c ¢
d ɗ ɖ đ ð
e ɛ ə ǝ
f ƒ
g ɣ
h ħ
i ɩ ı
k ƙ
l ł
ng ŋ
o ɔ ø °
t ŧ
v ʋ
y ƴ
ae æ
oe œ
ss ß
th þ
"""
_PLAIN_FORMS = {sign: form for form, *signs in map(str.split, _FORMS.strip().split("\n")) for sign in signs}
_PLAIN_FORMS |= {
    sign.upper(): form.upper() for sign, form in _PLAIN_FORMS.items() if len(sign.upper()) == 1 and sign.isalpha()
}

# A sign that stands for one currency, and its ISO 4217 code. The first three the GSM alphabet can write.
_CURRENCIES = {
    "€": "EUR", "£": "GBP", "¥": "JPY",
    "₦": "NGN", "₹": "INR", "₵": "GHS", "৳": "BDT", "₱": "PHP", "₫": "VND", "₭": "LAK", "៛": "KHR", "฿": "THB",
    "₮": "MNT", "₩": "KRW", "₪": "ILS", "₺": "TRY", "₽": "RUB", "₴": "UAH", "₸": "KZT", "₾": "GEL", "₼": "AZN",
    "֏": "AMD", "؋": "AFN", "₲": "PYG", "₡": "CRC",
}  # fmt: skip
_MONEY = re.compile(f"[{''.join(_CURRENCIES)}]")
_FOREIGN_MONEY = re.compile(f"[{''.join(_CURRENCIES.keys() - BASIC - EXTENSION)}]")


def _spelled(found: re.Match[str]) -> str:
    """The code, apart from the digits that the sign stood at."""
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return f"{' ' * before.isdigit()}{_CURRENCIES[found[0]]}{' ' * after.isdigit()}"


def _plain(found: re.Match[str]) -> str:
    return _plain_form(found[0])


def _tidy(found: re.Match[str]) -> str:
    return _tidied(found[0])


def _in_ascii(found: re.Match[str]) -> str:
    form = _unmarked(found[0])
    return form if form.isascii() else "?"


@lru_cache(maxsize=2048)
def _plain_form(sign: str) -> str:
    form = _unmarked(sign)
    return _tidied(sign) if _FOREIGN.search(form) else form


def _unmarked(sign: str) -> str:
    """What is left of a sign without its marks. Numbers that are not a digit stay: `10²` is not 102."""
    if sign in _PLAIN_FORMS:
        return _PLAIN_FORMS[sign]
    digit = unicodedata.decimal(sign, None)
    if digit is not None:
        return str(digit)
    if unicodedata.numeric(sign, None) is not None:
        return sign
    parts = unicodedata.normalize("NFKD", sign)
    return "".join(_PLAIN_FORMS.get(part, part) for part in parts if not "\u0300" <= part <= "\u036f")


@lru_cache(maxsize=2048)
def _tidied(sign: str) -> str:
    """Every space a space, every break of a line a line feed, and nothing that only turns or hides other signs."""
    if sign in _LINE_BREAKS:
        return "\n"
    match unicodedata.category(sign):
        case "Zs":
            return " "
        case "Cc" | "Cs":
            return " " if sign == "\t" else ""
        case "Cf":
            return sign if sign in _JOINERS else ""
        case _:
            return sign


_LINE_BREAKS = "\x0b\x0c\x85\u2028\u2029"
_JOINERS = "\u200c\u200d"  # they shape the letters of many scripts
