"""An offer is good for the wallet it was made to; what anybody can make, a link, changes nothing."""

from __future__ import annotations

import pytest

from core.catalogue import load
from core.conversation.links import NO_MORE, led
from core.conversation.routes import Begun
from core.conversation.session import Session
from core.conversation.steps import Home, Run
from core.domain.message import Offer
from core.domain.reminder import Reminder
from core.services.remind import QuietReminder

INDONESIA = load("id")
MINE, HERS = "01jd3k5x7m9q2r4t6v8w", "01jd3k5x7m0000000000"
SESSION = Session("en", MINE, "main_menu")
PAY, QUIET = "pay-pln-bill-530000000001", "quiet-pln-bill-530000000001"


def offered(leads: str, wallet_id: str = MINE) -> str:
    return Offer(leads, "").marked(wallet_id).leads


@pytest.mark.parametrize("leads", [PAY, "history", "language", "settings"])
def test_an_offer_leads_where_a_link_does(leads: str):
    assert isinstance(led(offered(leads), SESSION, INDONESIA), Begun)
    assert led(offered(leads), SESSION, INDONESIA) == led(leads, SESSION, INDONESIA)


@pytest.mark.parametrize("leads", [PAY, QUIET, "history", "language", "go"])
def test_an_offer_made_to_somebody_else_leads_nowhere(leads: str):
    assert led(offered(leads, HERS), SESSION, INDONESIA) is None


def test_no_more_reminders_are_had_by_an_offer():
    run = led(offered(QUIET), SESSION, INDONESIA)

    assert isinstance(run, Run)
    assert run.command == QuietReminder(MINE, "pln-bill", "530000000001")


@pytest.mark.parametrize("link", [QUIET, f"{QUIET}~", f"{QUIET}~~", f"~{QUIET}"])
def test_a_link_quiets_nothing(link: str):
    assert led(link, SESSION, INDONESIA) is None


def test_it_is_promised_only_where_there_was_a_reminder():
    run = led(offered(QUIET), SESSION, INDONESIA)
    assert isinstance(run, Run)

    assert run.then(Reminder(MINE, "pln-bill", "530000000001", None, unwanted=True)) == Home(NO_MORE)
    assert run.then(None) == Home(None)
