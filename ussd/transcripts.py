"""The two ways in which gateways tell what was typed: all of it each time, or the latest input with a number."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from core.conversation.said import Foreign, Mark, Opened, Reading, Repeated, Typed


@dataclass(frozen=True, slots=True, repr=False)
class Seal:
    """A peppered HMAC-SHA256 over what was typed in one gateway session: a PIN cannot be guessed from it or looked up.

    Bound to the session, so that the same words in two sessions do not look the same. What was marked with an `older`
    pepper, which is being changed, is still known again.
    """

    pepper: bytes
    gateway_session: str
    older: Sequence[bytes] = ()

    def over(self, typed: str) -> str:
        return self._keyed(self.pepper, typed)

    def matches(self, typed: str, digest: str) -> bool:
        return any(hmac.compare_digest(self._keyed(one, typed), digest) for one in (self.pepper, *self.older))

    def _keyed(self, pepper: bytes, typed: str) -> str:
        words = f"{self.gateway_session}\n{typed}".encode("utf-8", "surrogatepass")
        return hmac.digest(pepper, words, "sha256").hex()


@dataclass(frozen=True, slots=True, repr=False)
class Cumulative:
    """All inputs of the session so far, joined by `*`, which may as well be part of an input.

    So what is new is never found by splitting: it is what stands behind the words already heard. Words that do not
    begin with those are late or another's.
    """

    text: str
    seal: Seal

    @property
    def mark(self) -> Mark:
        return Mark(len(self.text), self.seal.over(self.text))

    def after(self, before: Mark | None) -> Reading:
        if before is None:
            return Opened(dialled_path(self.text))
        heard, rest = self.text[: before.length], self.text[before.length :]
        if len(self.text) < before.length or not self.seal.matches(heard, before.digest):
            return Foreign()
        if not rest:
            return Repeated()
        if before.length and not rest.startswith("*"):
            return Foreign()
        return Typed(_as_typed(rest[1:] if before.length else rest))


@dataclass(frozen=True, slots=True, repr=False)
class Numbered:
    """The latest input and its number in the session; `path` is given with the first one."""

    number: int
    words: str
    seal: Seal
    path: tuple[str, ...] | None = None

    @property
    def mark(self) -> Mark:
        return Mark(self.number, self.seal.over(self._numbered))

    def after(self, before: Mark | None) -> Reading:
        if before is None:
            return Opened(self.path or ())
        if self.number > before.length:
            return Typed(self.words)
        if self.number == before.length and self.seal.matches(self._numbered, before.digest):
            return Repeated()
        return Foreign()

    @property
    def _numbered(self) -> str:
        return f"{self.number} {self.words}"


def dialled_path(tail: str) -> tuple[str, ...]:
    """`1*2#`, as dialled behind the short code, in its parts."""
    return tuple(part for part in tail.rstrip("#").split("*") if part)


# ASCII that was read as if it were the GSM alphabet (3GPP TS 23.038): the byte of `@` means `¡` there. Only signs that
# nobody types here are put right; a letter that clashes (`ñ` for `}`) is far likelier meant, as part of a name.
_MISREAD = str.maketrans("¡§¤", "@_$")


def _as_typed(words: str) -> str:
    return words if words.isascii() else words.translate(_MISREAD)
