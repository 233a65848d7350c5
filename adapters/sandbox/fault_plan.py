"""Which fault strikes a request: the first that fits of a queue, then chance by rate, then what the number is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from adapters.sandbox.chance import draw
from adapters.sandbox.faults import Fault, fault_named

SALES = frozenset({"purchase", "pay-pasca"})
CALLS = SALES | {"inq-pasca", "status-pasca", "inquiry-pln", "cek-saldo", "price-list", "deposit"}
CHANCE_SCALE = 2**64


@dataclass(frozen=True, slots=True)
class Queued:
    """A fault that waits for a request: of a `call` (any sale when empty) and of a `ref_id` (any when empty)."""

    fault: Fault
    call: str = ""
    ref_id: str = ""
    times: int = 1

    def fits(self, call: str, ref_id: str) -> bool:
        called = self.call in {call, "any"} if self.call else call in SALES
        return called and self.ref_id in {"", ref_id}


class FaultPlan:
    def __init__(self, *, rates: Mapping[str, float], seed: int) -> None:
        self.queue: list[Queued] = []
        self.rates: dict[str, float] = {}
        self.seed = seed
        self._drawn = 0
        self.set_rates(rates)

    def set_rates(self, rates: Mapping[str, object]) -> None:
        """Chance of each fault for each request, from 0 to 1, together at most 1. Raises ValueError."""
        read = {fault_named(name).name: _rate(name, rate) for name, rate in rates.items()}
        if sum(read.values()) > 1:
            raise ValueError("The rates add up to more than 1.")
        self.rates = read

    def enqueue(self, faults: Sequence[object]) -> None:
        """Add faults for requests to come: names, or objects of fault, call, ref_id and times. Raises ValueError."""
        self.queue += [_queued(item) for item in faults]

    def clear(self) -> None:
        self.queue, self.rates = [], {}

    def choose(self, call: str, ref_id: str, *, scripted: str = "none", nth: int = 1) -> Fault:
        """The fault of the nth request of this kind with this ref_id, whose number is scripted to bring one."""
        if queued := self._take(call, ref_id):
            return queued
        if drawn := self._draw(call, ref_id, nth):
            return drawn
        fault = fault_named(scripted)
        return fault if nth == 1 else fault.only_course()

    def _take(self, call: str, ref_id: str) -> Fault | None:
        for place, queued in enumerate(self.queue):
            if queued.fits(call, ref_id):
                left = [replace(queued, times=queued.times - 1)] if queued.times > 1 else []
                self.queue[place : place + 1] = left
                return queued.fault
        return None

    def _draw(self, call: str, ref_id: str, nth: int) -> Fault | None:
        self._drawn += 1
        # With a ref_id the draw depends on nothing else that is going on, so a run can be repeated.
        key = (ref_id, nth) if ref_id else (self._drawn,)
        chance = draw(self.seed, call, *key) / CHANCE_SCALE
        for name, rate in self.rates.items():
            if chance < rate:
                return fault_named(name)
            chance -= rate
        return None


def _rate(name: str, rate: object) -> float:
    if not isinstance(rate, (int, float)) or isinstance(rate, bool) or not 0 <= rate <= 1:
        raise ValueError(f"The rate of {name} is {rate!r}; it must lie between 0 and 1.")
    return float(rate)


def _queued(item: object) -> Queued:
    if not isinstance(item, Mapping):
        return Queued(fault_named(item))
    unknown = set(item) - {"fault", "call", "ref_id", "times"}
    if unknown:
        raise ValueError(f"A queued fault has no {sorted(unknown)}.")
    call, ref_id, times = item.get("call", ""), item.get("ref_id", ""), item.get("times", 1)
    if call not in CALLS | {"", "any"}:
        raise ValueError(f"There is no call {call!r}. There are: {', '.join(sorted(CALLS))}, any.")
    if not isinstance(ref_id, str) or not isinstance(times, int) or times < 1:
        raise ValueError("A queued fault's ref_id is a text and its times a number from 1.")
    return Queued(fault_named(item.get("fault")), call, ref_id, times)
