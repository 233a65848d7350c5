"""What the core needs from outside, as Protocols. Adapters keep these promises; tests keep them with fakes."""

from core.ports.change import AlreadyPosted, Book, Change, Key, Overtaken, StoreDown, StoreLost
from core.ports.outside import (
    BillerGateway,
    ChatNotifier,
    Clock,
    HeadBoard,
    Ids,
    Later,
    Notifier,
    OperatorsLine,
    Painter,
    PinVault,
    Signer,
    Unreachable,
    Words,
)
from core.ports.store import Contact, Figures, PriceLine, SavedSession, Store, Story

__all__ = [
    "AlreadyPosted",
    "BillerGateway",
    "Book",
    "Change",
    "ChatNotifier",
    "Clock",
    "Contact",
    "Figures",
    "HeadBoard",
    "Ids",
    "Key",
    "Later",
    "Notifier",
    "OperatorsLine",
    "Overtaken",
    "Painter",
    "PinVault",
    "PriceLine",
    "SavedSession",
    "Signer",
    "Store",
    "StoreDown",
    "StoreLost",
    "Story",
    "Unreachable",
    "Words",
]
