"""What a running counter sees of itself: the figures of its store, and what it counted within the last minutes."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from datetime import datetime, timedelta

from adapters.wiring import Wired
from console.metrics import Counts
from core.services.alarms import Calls, Sight

# The outcomes that docs/alerts.yml watches, and for how long.
DEPOSIT_EMPTY = frozenset({"44"})
REFUSES_US = frozenset({"41", "42", "45", "61", "82", "88"})
UNANSWERED = frozenset({"no_answer", "not_sent", "server_error", "not_json", "redirected", "too_big", "resting"})
LATELY, JUST_NOW = timedelta(minutes=10), timedelta(minutes=5)


class Lookout:
    """Counts only ever grow; what was added lately is told by what they were at earlier looks."""

    def __init__(self, wired: Wired, counts: Callable[[], Counts]) -> None:
        self._wired = wired
        self._counts = counts
        self._earlier: deque[tuple[datetime, Counts]] = deque([(wired.counter.clock.now(), Counts())])

    async def look(self) -> Sight:
        now, counts = self._wired.counter.clock.now(), self._counts()
        lately, just_now = counts.since(self._at(now - LATELY)), counts.since(self._at(now - JUST_NOW))
        self._remember(now, counts)
        figures = await self._wired.counter.store.figures() if self._wired.store.usable else None
        calls = {provider: _calls(provider, lately, just_now) for provider in self._wired.counter.gateways}
        return Sight(figures, calls, sorted(lately.failures), lately.strangers)

    def _at(self, moment: datetime) -> Counts:
        """What was counted by then, as the last look before it saw it."""
        return next((counts for at, counts in reversed(self._earlier) if at <= moment), self._earlier[0][1])

    def _remember(self, now: datetime, counts: Counts) -> None:
        self._earlier.append((now, counts))
        while self._earlier[1][0] <= now - LATELY:
            self._earlier.popleft()


def _calls(provider: str, lately: Counts, just_now: Counts) -> Calls:
    recent = _outcomes(provider, just_now)
    outcomes = _outcomes(provider, lately).keys()
    return Calls(
        made=recent.total(),
        unanswered=sum(recent[outcome] for outcome in UNANSWERED),
        deposit_empty=bool(outcomes & DEPOSIT_EMPTY),
        refused=bool(outcomes & REFUSES_US),
    )


def _outcomes(provider: str, counts: Counts) -> Counter[str]:
    return Counter({outcome: count for (name, outcome), count in counts.outcomes.items() if name == provider})
