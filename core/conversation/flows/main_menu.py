"""Where everybody begins. The numbers are learnt by heart, so an entry is never moved; new ones go to the end."""

from __future__ import annotations

from core.conversation.steps import Choice, Flow, Go, Menu
from core.conversation.talk import Talk
from core.conversation.view import Option
from core.text import _


def _token(talk: Talk) -> Go:
    tokens = (one for one in talk.counter.catalogue.in_category("electricity") if one.gives_token)
    return Go("pay", {"product": next(tokens).product_id})


def _airtime(talk: Talk) -> Go:
    return Go("phone_credit", {"category": "airtime"})


MAIN_MENU = Flow(
    "main_menu",
    (
        Menu(
            name="wish",
            words=_("What do you want to do?"),
            choices={
                "token": Choice(Option("token", _("Electricity token"), "⚡"), _token),
                "airtime": Choice(Option("airtime", _("Airtime"), "📱"), _airtime),
                "bill": Choice(Option("bill", _("Pay a bill"), "🧾"), lambda talk: Go("pay_bill")),
                "again": Choice(Option("again", _("Pay again"), "🔁"), lambda talk: Go("pay_again")),
                "money": Choice(Option("money", _("My money"), "👛"), lambda talk: Go("my_money")),
                "top_up": Choice(Option("top_up", _("Top up"), "➕"), lambda talk: Go("top_up")),
                "wrong": Choice(Option("wrong", _("Something is wrong"), "🆘"), lambda talk: Go("something_wrong")),
                "settings": Choice(Option("settings", _("Settings"), "⚙️"), lambda talk: Go("settings")),
            },
        ),
    ),
)
