"""Where a link, a command or a message's offer leads: a payment, a flow by its name, or something done at one tap."""

from __future__ import annotations

from core.catalogue import CounterCatalogue
from core.conversation.engine import HOME
from core.conversation.routes import Begun, linked
from core.conversation.session import Session
from core.conversation.steps import Home, Run
from core.domain.message import WHOSE, mark_of
from core.services.remind import QuietReminder
from core.text import _

GO_ON = "go"
# What is chosen on top of whatever is under way.
LANGUAGE = "language"
NO_MORE = _("Good. We will not remind you of it any more.")
NAMED = {
    "help": "something_wrong",
    "history": "my_money",
    "topup": "top_up",
    "settings": "settings",
}


# Where a stranger may go who has no wallet yet; everywhere else she is asked to open one first.
STRANGERS = {LANGUAGE: "enroll", "help": "help_without_wallet"}


def welcomed(link: str, session: Session) -> Session:
    """A stranger's session, at what she asked for if she may have it."""
    if session.wallet_id or link not in STRANGERS:
        return session
    return Session(session.language, flow=STRANGERS[link])


def led(link: str, session: Session, catalogue: CounterCatalogue) -> Begun | Run | None:
    """None for what leads nowhere else than where she stopped: no link, one to go on, and one that is not ours.

    An offer is hers only; it alone may change something at one tap, as anybody can make a link.
    """
    leads, offered, mark = link.partition(WHOSE)
    if offered and mark != mark_of(session.wallet_id):
        return None
    if leads == LANGUAGE:
        return Begun(session.into("change_language"))
    if leads in NAMED:
        return Begun(session.home(HOME).into(NAMED[leads]))
    if offered and (quiet := QuietReminder.offered(session.wallet_id, leads)):
        return Run(quiet, then=lambda reminder: Home(NO_MORE if reminder else None))
    return linked(leads, session, catalogue)
