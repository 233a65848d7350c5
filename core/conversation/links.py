"""Where a link, a command or a message's offer leads: a payment, a flow by its name, or something done at one tap."""

from __future__ import annotations

from core.catalogue import CounterCatalogue
from core.conversation.engine import HOME
from core.conversation.routes import Begun, linked
from core.conversation.session import Session
from core.conversation.steps import Home, Run
from core.services.remind import QuietReminder
from core.text import _

GO_ON = "go"
NAMED = {
    "help": "something_wrong",
    "language": "change_language",
    "history": "my_money",
    "topup": "top_up",
    "settings": "settings",
}


def led(link: str, session: Session, catalogue: CounterCatalogue) -> Begun | Run | None:
    """None for what leads nowhere else than where she stopped: no link, one to go on, and one that is not ours."""
    if link in NAMED:
        return Begun(session.home(HOME).into(NAMED[link]))
    if quiet := QuietReminder.offered(session.wallet_id, link):
        return Run(quiet, then=lambda done: Home(_("Good. We will not remind you of it any more.")))
    return linked(link, session, catalogue)
