"""Operators hear of trouble when it begins and when it is over, once each, and of nobody's name or number."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from core.domain.evidence import Break, Case
from core.domain.safeguarding import Safeguard
from core.ports import Figures, Later
from core.refusal import Fault
from core.services.alarms import Calls, Patience, Sight, Watch, standing
from tests.support.fakes import NOON, HandClock, Line

QUIET = Figures(payments={"captured": 7}, oldest_in_doubt=None, messages_waiting=0)
ALL_WELL = Sight(QUIET, {"digiflazz": Calls(made=40)})
BREAK = Break("b1", "p1", "callback_differs", "a callback for p1-1 names another number", NOON)
CASE = Case("123456", "w1", "p1", "no_token", NOON)


def seen(**figures: object) -> Sight:
    return replace(ALL_WELL, figures=replace(QUIET, **figures))  # type: ignore[arg-type]  # any field


def called(**calls: object) -> Sight:
    return replace(ALL_WELL, calls={"digiflazz": replace(Calls(), **calls)})  # type: ignore[arg-type]  # any field


def ago(**span: float) -> object:
    return NOON - timedelta(**span)


TROUBLES = {
    "LoketPaymentInDoubt": seen(oldest_in_doubt=ago(minutes=61)),
    "LoketPaymentInReview": seen(payments={"review": 2}),
    "LoketPaymentLate": seen(payments={"late": 1}),
    "LoketMessagesWait": seen(messages_waiting=1, oldest_message=ago(minutes=16)),
    "LoketChatsWait": seen(arrivals_waiting=1, oldest_arrival=ago(minutes=3)),
    "LoketHeadsNotTold": seen(oldest_untold_head=ago(minutes=16)),
    "LoketTrustShort": seen(short=Safeguard("2026-11-20", "IDR", 500_00, 450_00, None, 50_00, NOON)),
    "LoketBreakOpen": seen(open_breaks=1, newest_break=BREAK),
    "LoketCaseOpen": seen(open_cases=1, newest_case=CASE),
    "LoketDepositEmpty": called(made=9, deposit_empty=True),
    "LoketProviderRefusesUs": called(made=9, refused=True),
    "LoketProviderDoesNotAnswer": called(made=14, unanswered=3),
    "LoketRoundFails": replace(ALL_WELL, failing=["deliver"]),
    "LoketStrangers": replace(ALL_WELL, strangers={"hubtel": 10}),
    "LoketStoreLost": replace(ALL_WELL, figures=None),
}


@pytest.mark.parametrize(("name", "sight"), TROUBLES.items(), ids=TROUBLES)
def test_each_trouble_has_its_alarm(name: str, sight: Sight):
    assert {alarm.name for alarm in standing(sight, now=NOON, patience=Patience())} == {name}


@pytest.mark.parametrize(
    "sight",
    [
        ALL_WELL,
        seen(oldest_in_doubt=ago(minutes=60)),
        seen(messages_waiting=1, oldest_message=ago(minutes=15)),
        seen(arrivals_waiting=1, oldest_arrival=ago(minutes=2)),
        seen(oldest_untold_head=ago(minutes=15)),
        called(made=15, unanswered=3),
        called(made=2, unanswered=2),
        replace(ALL_WELL, strangers={"hubtel": 9}),
    ],
)
def test_what_may_be_is_no_alarm(sight: Sight):
    assert standing(sight, now=NOON, patience=Patience()) == set()


class Eyes:
    """What is seen is set by hand."""

    def __init__(self) -> None:
        self.sight = ALL_WELL
        self.clock, self.line = HandClock(), Line()
        self.watch = self.fresh()

    def fresh(self) -> Watch:
        return Watch(self.line, self._look, self.clock)

    async def _look(self) -> Sight:
        return self.sight

    async def sees(self, sight: Sight) -> list[str]:
        """What is said because of it."""
        before = len(self.line.said)
        self.sight = sight
        with capture_logs():
            await self.watch.round()
        return self.line.said[before:]


@pytest.fixture
def eyes() -> Eyes:
    return Eyes()


async def test_it_is_said_when_it_begins_and_when_it_is_over_and_not_in_between(eyes: Eyes):
    failing = replace(ALL_WELL, failing=["deliver"])

    assert await eyes.sees(ALL_WELL) == []
    assert await eyes.sees(failing) == [
        "ALARM LoketRoundFails: The round deliver fails. docs/operations.md#a-round-fails"
    ]
    assert await eyes.sees(failing) == []
    assert await eyes.sees(ALL_WELL) == ["OVER LoketRoundFails: The round deliver fails."]
    assert await eyes.sees(ALL_WELL) == []


async def test_what_comes_together_is_said_together(eyes: Eyes):
    [said] = await eyes.sees(replace(TROUBLES["LoketCaseOpen"], failing=["deliver", "remind"]))

    assert [line.split()[1] for line in said.splitlines()] == ["LoketCaseOpen:", "LoketRoundFails:", "LoketRoundFails:"]


async def test_one_case_more_is_said_again(eyes: Eyes):
    await eyes.sees(seen(open_cases=1, newest_case=CASE))

    [said] = await eyes.sees(seen(open_cases=2, newest_case=replace(CASE, number="123457")))

    assert said == (
        "ALARM LoketCaseOpen: Customers who wait for a call: 2. The newest: case 123457, no_token, payment p1. "
        "docs/operations.md#a-customer-waits-for-a-call"
    )


async def test_an_hour_more_in_doubt_is_no_news(eyes: Eyes):
    await eyes.sees(seen(oldest_in_doubt=ago(hours=2)))

    assert await eyes.sees(seen(oldest_in_doubt=ago(hours=3))) == []


async def test_after_a_restart_what_stands_is_said_once_more(eyes: Eyes):
    await eyes.sees(TROUBLES["LoketBreakOpen"])
    eyes.watch = eyes.fresh()

    assert len(await eyes.sees(TROUBLES["LoketBreakOpen"])) == 1
    assert await eyes.sees(TROUBLES["LoketBreakOpen"]) == []


async def test_a_line_that_failed_is_tried_at_the_next_look(eyes: Eyes):
    eyes.line.refuses = Fault("no network")
    assert await eyes.sees(TROUBLES["LoketBreakOpen"]) == []

    eyes.line.refuses = None

    assert len(await eyes.sees(TROUBLES["LoketBreakOpen"])) == 1


async def test_what_was_over_before_the_line_came_back_is_never_said(eyes: Eyes):
    eyes.line.refuses = Fault("no network")
    await eyes.sees(TROUBLES["LoketRoundFails"])

    eyes.line.refuses = None

    assert await eyes.sees(ALL_WELL) == []


async def test_a_line_that_asks_us_to_wait_is_waited_for(eyes: Eyes):
    eyes.line.refuses = Later(60)
    await eyes.sees(TROUBLES["LoketBreakOpen"])
    eyes.line.refuses = None

    eyes.clock.pass_by(seconds=59)
    assert await eyes.sees(TROUBLES["LoketBreakOpen"]) == []
    eyes.clock.pass_by(seconds=1)
    assert len(await eyes.sees(TROUBLES["LoketBreakOpen"])) == 1


def test_no_alarm_has_more_of_a_customer_than_a_payment_and_a_case():
    """A break's detail is written for the console; it stays there."""
    said = " ".join(
        alarm.sentence for sight in TROUBLES.values() for alarm in standing(sight, now=NOON, patience=Patience())
    )

    assert BREAK.detail not in said
    assert "w1" not in said.split()
