"""Deep dial: `*384*11*12345678901*50000#` goes straight to the PIN.

The first number is a key of the main menu or a product's permanent route. People keep these strings on paper, so what
they mean never changes; they stay in the phone's call log, so a PIN is never part of them.
"""

from __future__ import annotations

from core.catalogue import CounterCatalogue
from core.conversation.engine import HOME
from core.conversation.session import Session
from core.domain.digits import only_digits


def begun(path: tuple[str, ...], session: Session, catalogue: CounterCatalogue) -> tuple[Session, tuple[str, ...]]:
    """Where a dialled path begins, and what of it is still to be heard there."""
    number = only_digits(path[0]) or ""
    product = catalogue.by_route(int(number)) if number else None
    home = session.home(HOME)
    if product is None:
        return home, path
    return home.into("pay", {"product": product.product_id}), path[1:]
