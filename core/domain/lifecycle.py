"""One table per life cycle, one row per arrow, no work in it.

A thin coat over `transitions`: one shared machine a table, a throw-away model an event, so that nothing is kept alive
and no callback can do I/O. What is not listed is forbidden.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from transitions import Machine, MachineError


class Forbidden(Exception):
    """The life cycle has no such arrow from this state."""


class Lifecycle:
    """A named table of arrows `(event, from, to)`; `from` is a state or a tuple of states."""

    def __init__(self, name: str, start: str, arrows: Iterable[tuple[str, str | tuple[str, ...], str]]) -> None:
        self.name = name
        self.start = start
        self.arrows = [
            (event, source, target)
            for event, sources, target in arrows
            for source in (sources if isinstance(sources, tuple) else (sources,))
        ]
        self.states = tuple(
            dict.fromkeys([start, *(state for _, source, target in self.arrows for state in (source, target))])
        )
        self.events = tuple(dict.fromkeys(event for event, _, _ in self.arrows))
        self._machine = Machine(
            model=None,
            states=list(self.states),
            initial=start,
            transitions=[[event, source, target] for event, source, target in self.arrows],
            auto_transitions=False,
        )
        self._after = lru_cache(maxsize=None)(self._fire)

    def after(self, state: str, event: str) -> str:
        """The state that `event` leads to. Raises `Forbidden` and changes nothing when no arrow says so."""
        return self._after(state, event)

    def allows(self, state: str, event: str) -> bool:
        return any(row[:2] == (event, state) for row in self.arrows)

    @property
    def final(self) -> frozenset[str]:
        """States that no arrow leaves."""
        return frozenset(self.states) - {source for _, source, _ in self.arrows}

    def _fire(self, state: str, event: str) -> str:
        model = _Model()
        if state not in self.states:
            raise Forbidden(f"{self.name} has no state {state!r}")
        self._machine.add_model(model, initial=state)
        try:
            model.trigger(event)  # type: ignore[attr-defined]  # `transitions` adds it while the model is on the machine
        except (MachineError, AttributeError) as refused:
            raise Forbidden(f"{self.name}: no {event!r} from {state!r}") from refused
        finally:
            self._machine.remove_model(model)
        return model.state

    def mermaid(self) -> str:
        """The table as a mermaid state diagram, arrows between the same two states on one line."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.start}"]
        pairs = dict.fromkeys((source, target) for _, source, target in self.arrows)
        for source, target in pairs:
            events = ", ".join(event for event, *ends in self.arrows if tuple(ends) == (source, target))
            lines.append(f"    {source} --> {target}: {events}")
        lines += [f"    {state} --> [*]" for state in self.states if state in self.final]
        return "\n".join(lines) + "\n"


class _Model:
    state: str = ""
