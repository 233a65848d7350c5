"""What one seed is going to do: which kinds of faults may happen in it (a random subset, so that each is seen alone and
beside any other), and its events in a row. Both can be cut down by hand to find out what a failure needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

# What may go wrong, by where. A kind that is not enabled in a seed does not happen in it.
FAULTS: Mapping[str, tuple[str, ...]] = {
    "calls to a provider": (
        "not_sent",
        "request_lost",
        "answer_lost",
        "slow",
        "server_error",
        "garbage",
        "truncated",
        "too_dear",
        "wrong_echo",
        "lags",
        "poison",
        "partition",
    ),
    "courses of a sale": (
        "fails",
        "pending",
        "late_success",
        "success_after_failure",
        "given_back",
        "refused",
        "refused_then_sold",
    ),
    "callbacks": ("callback_lost", "callback_twice", "callback_late", "callback_forged"),
    "gateways": ("delivery_repeated", "delivery_at_once", "delivery_after_end", "dropped_at_confirm", "reply_dropped"),
    "chats": ("update_twice", "update_at_once"),
    "messengers": ("sms_fails", "sms_ambiguous", "chat_gone", "chat_waits"),
    "people": ("confirmed_twice", "bill_twice", "wrong_pin", "quote_ran_out", "over_balance"),
    "operators": ("posted_twice", "taken_back_twice"),
    "processes": (
        "crash_step",
        "crash_before",
        "crash_after",
        "crash_commit",
        "crash_answer",
        "power_cut",
        "restart_storm",
        "orderly_restart",
        "frozen",
        "second_process",
    ),
    "disk": ("disk_full", "io_error", "commit_fails", "commit_unknown"),
    "clock": ("clock_back", "clock_ahead"),
}
KINDS = tuple(kind for kinds in FAULTS.values() for kind in kinds)

# Faults that come of themselves at a moment, rather than with a call or a delivery.
STRIKES = (*FAULTS["processes"], *FAULTS["disk"], *FAULTS["clock"], "partition")
# What people and operators do, and how often.
DEEDS = ("call",) * 4 + ("buy",) * 3 + ("update", "top_up", "top_up", "take_back", "wait", "wait")

SHORTEST, LONGEST = 6, 22
GAPS_S = (0, 0, 0, 0.2, 1, 5, 30)
WAITS_S = (60, 300, 1_000, 3_600, 90_000)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that begins `after_s` the one before it. `number` stays its own when others are left out."""

    number: int
    kind: str
    after_s: float
    seed: str

    def chance(self) -> Random:
        return Random(self.seed)


@dataclass(frozen=True, slots=True)
class Plan:
    """`in_order` leaves the event loop's own order."""

    seed: int
    kinds: frozenset[str]
    events: tuple[Event, ...]
    in_order: bool

    @classmethod
    def of(cls, seed: int) -> Plan:
        chance = Random(f"plan {seed}")
        share = chance.choice((0.0, 0.08, 0.15, 0.3, 0.5))
        kinds = frozenset(kind for kind in KINDS if chance.random() < share)
        kinds |= {chance.choice(KINDS)}
        strikes = [kind for kind in STRIKES if kind in kinds]
        events = []
        for number in range(chance.randint(SHORTEST, LONGEST)):
            kind = chance.choice(strikes) if strikes and chance.random() < 0.25 else chance.choice(DEEDS)
            after_s = chance.choice(WAITS_S) if kind == "wait" else chance.choice(GAPS_S) * chance.random()
            events.append(Event(number, kind, after_s, f"event {seed} {number}"))
        return cls(seed, kinds, tuple(events), in_order=chance.random() < 0.2)

    def only(self, *, kinds: frozenset[str] | None = None, events: frozenset[int] | None = None) -> Plan:
        """The same with less: these kinds of faults, and the events with these numbers."""
        kept = self.kinds if kinds is None else self.kinds & kinds
        some = tuple(one for one in self.events if events is None or one.number in events)
        return replace(
            self, kinds=kept, events=tuple(one for one in some if one.kind not in STRIKES or one.kind in kept)
        )

    @property
    def replayed_by(self) -> str:
        """The one line that does the same again."""
        whole = Plan.of(self.seed)
        words = [f"python -m tests.simulation --seed {self.seed}"]
        if self.kinds != whole.kinds:
            words.append(f"--kinds {','.join(sorted(self.kinds)) or '-'}")
        if self.events != whole.only(kinds=self.kinds).events:
            words.append(f"--events {','.join(str(one.number) for one in self.events) or '-'}")
        return " ".join(words)


# The list of failures that must each come out right, by what shows that it was met: any of these.
FELL = ("fell before the hold", "fell after the hold", "fell while sending", "fell after the answer")
ROWS: Mapping[str, tuple[str, ...]] = {
    "1 killed before the hold is committed": (FELL[0],),
    "2 killed between hold and sending": (FELL[1],),
    "3 killed while the provider is called": (FELL[2],),
    "4 killed after the answer, before the capture": (FELL[3],),
    "5 killed before the customer is told": ("fell before the message",),
    "6 killed before the message is marked as sent": ("fell before the message was marked",),
    "7 a time-out": ("request_lost", "answer_lost"),
    "7 an error, garbage, half an answer": ("server_error", "garbage", "truncated"),
    "7 another amount or number in the answer": ("too_dear", "wrong_echo"),
    "8 success twice": ("callback_twice",),
    "8 success after failure": ("success_after_failure", "refused_then_sold"),
    "8 failure after success": ("given_back",),
    "8 success after our void": ("arrived late",),
    "9 a status that lags": ("lags",),
    "10 the provider cannot be reached": ("partition",),
    "10 refused politely before any hold": ("refused before any hold",),
    "11 the answer to a commit is lost": ("commit_unknown", "crash_answer"),
    "12 the disk is full": ("disk_full",),
    "12 the disk fails": ("io_error", "commit_fails"),
    "13 the clock goes back": ("clock_back",),
    "13 the clock goes ahead": ("clock_ahead",),
    "14 two workers, one job": ("second_process",),
    "14 an old process wakes": ("frozen",),
    "15 the gateway repeats itself": ("delivery_repeated", "delivery_at_once", "delivery_after_end"),
    "16 she drops at the PIN": ("dropped_at_confirm",),
    "16 the session ends before the reply": ("reply_dropped",),
    "17 the chat's network delivers again": ("update_twice", "update_at_once"),
    "18 a payment that meets a bug": ("poison",),
    "19 the power fails": ("power_cut",),
    "20 a storm of restarts": ("restart_storm",),
}


def never_happened(counts: Mapping[str, int]) -> list[str]:
    """The kinds of faults and the rows that a run has not met."""
    return [kind for kind in KINDS if not counts.get(kind)] + [
        row for row, shown_by in ROWS.items() if not any(counts.get(one) for one in shown_by)
    ]
