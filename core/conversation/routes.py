"""Ways straight into a payment: what is dialled behind the short code, and what stands in a link.

`*384*11*12345678901*50000#` goes straight to the PIN. The first number is a key of the main menu or a product's
permanent route. A link says the same, `11-12345678901-50000`, or with names, `pay-pln-token-12345678901-50000`. People
keep these strings on paper, so what they mean never changes; they stay in call logs, so a PIN is never part of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from core.catalogue import CounterCatalogue
from core.conversation.engine import HOME
from core.conversation.session import Answer, Session
from core.domain.biller import Product
from core.domain.digits import only_digits

_LINK = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ROUTE = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Begun:
    """Where somebody begins who said more than a key: the place, and what is still to be heard there as if typed."""

    session: Session
    typed: tuple[str, ...] = field(default=(), repr=False)


def begun(path: tuple[str, ...], session: Session, catalogue: CounterCatalogue) -> Begun:
    """Where a dialled path begins, and what of it is still to be heard there."""
    product = _routed(only_digits(path[0]) or "", catalogue)
    if product is None:
        return Begun(session.home(HOME), path)
    return _paying(product, path[1:], session)


def linked(payload: str, session: Session, catalogue: CounterCatalogue) -> Begun | None:
    """Where a link leads; None for one that is not ours, or that has more in it than a number and an amount."""
    if not _LINK.fullmatch(payload):
        return None
    first, *parts = payload.split("-")
    product, rest = _named(parts, catalogue) if first == "pay" else (_routed(first, catalogue), parts)
    if product is None or len(rest) > (2 if product.prepaid else 1) or not all(part.isdecimal() for part in rest):
        return None
    return _paying(product, tuple(rest), session)


def _paying(product: Product, rest: tuple[str, ...], session: Session) -> Begun:
    """To the number's question, with an amount that the product has kept until the number is found."""
    answers: dict[str, Answer] = {"product": product.product_id}
    if len(rest) > 1 and (wanted := denomination_called(product, rest[1])):
        answers["wanted"], rest = wanted, rest[:1]
    return Begun(session.home(HOME).into("pay", answers), rest)


def denomination_called(product: Product, words: str) -> str:
    """The denomination with this number of its own, `50`, or of this amount of money, `50000`; empty for none."""
    digits = only_digits(words) or ""
    for one in product.denominations:
        if one.denomination_id == digits or (not one.name and str((one.worth or one.price).major) == digits):
            return one.denomination_id
    return ""


def _named(parts: list[str], catalogue: CounterCatalogue) -> tuple[Product | None, list[str]]:
    """The product that these parts begin with, by the longest name there is, and the parts behind it."""
    for length in range(len(parts), 0, -1):
        if product := _called("-".join(parts[:length]), catalogue):
            return product, parts[length:]
    return None, parts


def _called(name: str, catalogue: CounterCatalogue) -> Product | None:
    """A product by its id, else the first one of a biller, else by its route."""
    for one in catalogue.on_sale:
        if one.product_id == name:
            return one
    of_biller = (one for one in catalogue.on_sale if one.biller.biller_id == name)
    return next(of_biller, None) or _routed(name, catalogue)


def _routed(number: str, catalogue: CounterCatalogue) -> Product | None:
    return catalogue.by_route(int(number)) if _ROUTE.fullmatch(number) else None
