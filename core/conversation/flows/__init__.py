"""Every flow of the counter, by name."""

from __future__ import annotations

from core.conversation.flows.enroll import ENROLL, NEW_PIN, PIN_ON_PHONE
from core.conversation.flows.last_payment import LAST_PAYMENT
from core.conversation.flows.link import ALLOW_LINK, CHATS, CLOSED_HERE, LINK, PEOPLE
from core.conversation.flows.main_menu import MAIN_MENU
from core.conversation.flows.my_money import MY_MONEY, RECEIPT
from core.conversation.flows.pay import PAID, PAY
from core.conversation.flows.pay_again import PAY_AGAIN
from core.conversation.flows.pay_bill import PAY_BILL
from core.conversation.flows.phone_credit import PHONE_CREDIT
from core.conversation.flows.prove import NOT_PROVEN, PROVE
from core.conversation.flows.settings import CHANGE_LANGUAGE, CHANGE_PIN, SETTINGS
from core.conversation.flows.something_wrong import HELP_WITHOUT_WALLET, SOMETHING_WRONG
from core.conversation.flows.top_up import TOP_UP
from core.conversation.flows.which_product import WHICH_PRODUCT

FLOWS = {
    flow.name: flow
    for flow in (
        ENROLL,
        NEW_PIN,
        PIN_ON_PHONE,
        PROVE,
        NOT_PROVEN,
        MAIN_MENU,
        PAY_BILL,
        WHICH_PRODUCT,
        PAY,
        PAID,
        PHONE_CREDIT,
        PAY_AGAIN,
        MY_MONEY,
        RECEIPT,
        TOP_UP,
        SOMETHING_WRONG,
        HELP_WITHOUT_WALLET,
        SETTINGS,
        CHANGE_LANGUAGE,
        CHANGE_PIN,
        LAST_PAYMENT,
        LINK,
        PEOPLE,
        ALLOW_LINK,
        CHATS,
        CLOSED_HERE,
    )
}
