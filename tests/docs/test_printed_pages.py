"""What docs/ has from the code is what the code says today."""

from pathlib import Path

import pytest

from core.conversation.flows import FLOWS
from tools.diagrams.__main__ import printed
from tools.diagrams.flow_map import led_to

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("place", printed())
def test_a_printed_page_is_current(place: str):
    words = (ROOT / place).read_text("utf-8")

    assert words == printed()[place], "run `make diagrams`"


def test_nothing_else_stands_among_the_diagrams():
    there = {f"docs/diagrams/{path.name}" for path in (ROOT / "docs" / "diagrams").iterdir()}

    assert there <= printed().keys()


def test_the_map_follows_a_flow_through_the_functions_it_calls():
    assert led_to(FLOWS["phone_credit"]) & FLOWS.keys() == {"pay"}
    assert led_to(FLOWS["pay"]) & FLOWS.keys() == {"paid"}
    assert led_to(FLOWS["top_up"]) & FLOWS.keys() == set()
