"""What time does to a sale: a pending one comes to its end, a finished one may still turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from adapters.sandbox.book import Book
from adapters.sandbox.sales import Sale


def settle(book: Book, now: datetime, *, wait: timedelta, at_once: bool = False) -> list[Sale]:
    """Give every sale the codes that are due, or all that are still to come; answers each sale as it changed."""
    changed: list[Sale] = []
    while due := book.with_more_to_come(None if at_once else now):
        changed += [advance(book, sale, now, wait=wait) for sale in due]
    return changed


def advance(book: Book, sale: Sale, now: datetime, *, wait: timedelta) -> Sale:
    """The sale with its next code, the deposit moved if that code gives money back or takes it again."""
    rc, *later = sale.coming
    due_at = now + wait if later else None
    changed = replace(sale, rc=rc, coming=tuple(later), due_at=due_at, changed_at=now, shown_from=None)
    with book.whole():
        book.save(changed)
        move_money(book, changed, kept_before=sale.keeps_money, now=now)
    return changed


def move_money(book: Book, sale: Sale, *, kept_before: bool, now: datetime) -> None:
    """Debit what a sale has come to keep, return what it has ceased to keep."""
    if sale.keeps_money and not kept_before:
        book.move_deposit(-sale.price, "sale", at=now, sale=sale)
    if kept_before and not sale.keeps_money:
        book.move_deposit(sale.price, "refund", at=now, sale=sale)
