"""Every arrow of both life cycles, and every one that is not there."""

from __future__ import annotations

import pytest

from core.domain.lifecycle import Forbidden, Lifecycle
from core.domain.payment import HOLDING, KEPT, OPEN, PAYMENT, TOLD
from core.domain.wallet import WALLET

LIFECYCLES = (PAYMENT, WALLET)
PAIRS = [(cycle, state, event) for cycle in LIFECYCLES for state in cycle.states for event in cycle.events]
ARROWS = {(cycle.name, state, event): target for cycle in LIFECYCLES for event, state, target in cycle.arrows}


@pytest.mark.parametrize(("cycle", "state", "event"), PAIRS, ids=lambda part: getattr(part, "name", part))
def test_an_event_leads_where_the_table_says_and_nowhere_else(cycle: Lifecycle, state: str, event: str):
    target = ARROWS.get((cycle.name, state, event))

    assert cycle.allows(state, event) == (target is not None)
    if target is None:
        with pytest.raises(Forbidden):
            cycle.after(state, event)
    else:
        assert cycle.after(state, event) == target


@pytest.mark.parametrize("cycle", LIFECYCLES, ids=lambda cycle: cycle.name)
def test_one_event_leads_from_one_state_to_one_other(cycle: Lifecycle):
    assert len({row[:2] for row in cycle.arrows}) == len(cycle.arrows)


@pytest.mark.parametrize("cycle", LIFECYCLES, ids=lambda cycle: cycle.name)
def test_every_state_can_be_reached(cycle: Lifecycle):
    reached = {cycle.start}
    while more := {target for _, source, target in cycle.arrows if source in reached} - reached:
        reached |= more

    assert reached == set(cycle.states)


@pytest.mark.parametrize("word", ["", "captured ", "Captured", "_fire", "trigger", "to_captured"])
def test_a_word_that_is_no_event_is_forbidden(word: str):
    with pytest.raises(Forbidden):
        PAYMENT.after("submitted", word)


def test_a_word_that_is_no_state_is_forbidden():
    with pytest.raises(Forbidden):
        PAYMENT.after("lost", "capture")


def test_a_forbidden_event_leaves_no_trace():
    with pytest.raises(Forbidden):
        PAYMENT.after("captured", "capture")

    assert PAYMENT.after("submitted", "capture") == "captured"


def test_what_is_unknown_has_no_arrow_to_a_refund():
    # A payment in doubt becomes known, or goes to people; time alone never gives money back.
    assert {event for event, source, _ in PAYMENT.arrows if source in ("in_doubt", "review")} == {
        "capture",
        "void",
        "escalate",
        "attempt_late",
    }


def test_nothing_leads_out_of_an_end():
    assert PAYMENT.final == {"declined", "written_off", "refunded"}
    assert WALLET.final == {"closed"}


@pytest.mark.parametrize("states", [HOLDING, OPEN, KEPT, TOLD], ids=["holding", "open", "kept", "told"])
def test_groups_of_states_name_states_that_are_there(states: frozenset[str]):
    assert states <= set(PAYMENT.states)


def test_no_money_is_held_where_the_provider_kept_it():
    assert not HOLDING & KEPT


def test_a_diagram_shows_every_arrow():
    drawn = PAYMENT.mermaid()

    for event, source, target in PAYMENT.arrows:
        (line,) = [line for line in drawn.splitlines() if line.strip().startswith(f"{source} --> {target}:")]
        assert event in line.partition(": ")[2].split(", ")
