"""Our book against what providers and banks say: matched, settled where nothing else is possible, the rest for people.

A provider's statement is `provider.py`, with what two operators may decide about a line of its in `actions.py`.
"""

from __future__ import annotations

from datetime import datetime

from core.domain.statement import covers
from core.ports import Store

__all__ = ["covered"]


async def covered(store: Store, provider: str, start: datetime, end: datetime) -> bool:
    """Whether reconciled statements tell of all that a provider sold between two moments.

    A file that had an unreadable line tells of nothing that is not in it, so it does not count.
    """
    return covers(await store.statements_of(provider), start, end)
