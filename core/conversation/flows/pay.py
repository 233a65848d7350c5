"""Pay one product: the number, what to buy or what is owed, name and amount read back, the PIN.

Begun with `product` answered, and `reference` when it is known already; `wanted` is a denomination that was named
before the number was. Everything that can refuse does so before the PIN is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from core.conversation.session import Answer, Answers
from core.conversation.steps import (
    YES,
    Ask,
    Choose,
    Confirm,
    Flow,
    Give,
    Go,
    Heeded,
    Home,
    Run,
    Tell,
    yes_no,
)
from core.conversation.talk import Talk
from core.conversation.view import Option
from core.domain.bill import Bill
from core.domain.biller import Denomination, NotSoldNow, Product, holder_masked
from core.domain.digits import only_digits
from core.domain.money import Money
from core.domain.msisdn import PHONE
from core.domain.payment import AlreadyBeingPaid, Payment
from core.domain.pricing import Quote
from core.domain.slip import Slip
from core.services.inquire import payment_of, priced
from core.services.next_bill import NextBill
from core.services.pay import Authorize, Authorized, Declined, same_bill
from core.services.save_payee import SavePayee
from core.services.slips import receipt_slip, slip_of
from core.services.tell import bought, outcome_lines
from core.text import Text, _, verbatim


async def ask_reference(talk: Talk) -> tuple[Text, ...]:
    product = talk.product
    return (
        verbatim(product.biller.name),
        _("Type the {reference_name}.").fill(reference_name=product.reference.name),
    )


async def find(talk: Talk, words: str) -> Heeded:
    """Read the number by the biller's own rule, and ask the biller whose it is."""
    reference = talk.product.reference.read(words, biller=talk.product.biller.name)
    return Give(reference, beside=await found(talk, talk.product, reference))


async def found(talk: Talk, product: Product, reference: str) -> dict[str, Answer]:
    """What is known once the number is: the payment's id, whose number it is, and for a bill its price.

    The id is minted here and kept: the inquiry's key is made from it, and so is the payment's.
    """
    if product.prepaid and not product.inquiry:
        payment_id = talk.counter.ids.new()
        return {"payment": payment_id, "holder": "", **await _wanted(talk, product, payment_id, reference, None)}
    bill = await talk.inquiries.ask(product, reference, asker=talk.session.wallet_id, within_s=talk.hurry_s)
    known: dict[str, Answer] = {"payment": payment_of(bill), "holder": bill.holder}
    if product.prepaid:
        return {**known, **await _wanted(talk, product, payment_of(bill), reference, bill)}
    return {**known, **await _offered(talk, product, payment_of(bill), reference, "", bill)}


async def _wanted(
    talk: Talk, product: Product, payment_id: str, reference: str, bill: Bill | None
) -> dict[str, Answer]:
    """The amount that was named beforehand, priced at once; nothing where it is not sold, so that it is asked."""
    wanted = talk.said("wanted")
    if wanted not in {one.denomination_id for one in product.denominations}:
        return {}
    try:
        return {"amount": wanted, **await _offered(talk, product, payment_id, reference, wanted, bill)}
    except NotSoldNow:
        return {}


async def _offered(
    talk: Talk, product: Product, payment_id: str, reference: str, denomination_id: str, bill: Bill | None
) -> dict[str, Answer]:
    """The quote, and whether the same was paid within a day: then *again?* is asked before the PIN."""
    offer = await priced(
        talk.counter,
        product,
        payment_id=payment_id,
        reference=reference,
        denomination_id=denomination_id,
        bill=bill,
    )
    earlier = await same_bill(talk.counter.store, talk.session.wallet_id, offer)
    if any(one.open for one in earlier):
        raise AlreadyBeingPaid(reference=offer.reference)
    twice = any(one.paid_within_a_day(offer.total, now=talk.now) for one in earlier)
    return {"quote": packed(offer), "twice": YES if twice else ""}


async def amounts(talk: Talk) -> Sequence[Option]:
    return [
        Option(one.denomination_id, _priced(one), "💵", picture=f"banknote/{(one.worth or one.price).major}")
        for one in talk.product.denominations
    ]


def _priced(one: Denomination) -> Text:
    """What arrives, and its price where that is another number."""
    if one.worth is None and not one.name:
        return one.words
    return _("{what}: {price}").fill(what=one.words, price=one.price)


def amount_typed(words: str) -> str:
    """Whole rupiah, `50000`, for the denomination of 50 thousand. Shorter numbers are numbers of the list.

    A dash, which is passed over in a phone number, may be a minus here.
    """
    digits = "" if "-" in words else only_digits(words) or ""
    return digits.removesuffix("000") if len(digits) > len("000") and digits.endswith("000") else ""


async def ask_amount(talk: Talk) -> tuple[Text, ...]:
    holder = talk.said("holder")
    whose = verbatim(holder_masked(holder)) if holder else verbatim(talk.said("reference"))
    return verbatim(talk.product.biller.name), whose, _("How much?")


async def price(talk: Talk, denomination_id: str) -> Heeded:
    holder, reference = talk.said("holder"), talk.said("reference")
    bill = Bill(reference, holder, asked_with="") if holder else None
    payment_id = talk.said("payment")
    offer = await _offered(talk, talk.product, payment_id, reference, denomination_id, bill)
    return Give(denomination_id, beside={**offer, "wanted": ""})


async def again_or_home(talk: Talk, option: str) -> Heeded:
    return Give(option) if option == YES else Home()


async def read_back(talk: Talk) -> tuple[Text, ...]:
    """Whose number, what, the fee and the total: the last look before money is promised."""
    offer = unpacked(talk.answers)
    what = bought(talk.product, offer.denomination_id)
    lines = [_("{product} {reference}").fill(product=what, reference=offer.reference)]
    if offer.holder:
        lines.append(verbatim(holder_masked(offer.holder)))
    if offer.fee:
        lines.append(_("{amount} + fee {fee}").fill(amount=offer.amount, fee=offer.fee))
    return (*lines, _("Total {total}").fill(total=offer.total), _("To pay, type your PIN."))


async def authorize(talk: Talk) -> Run:
    offer = unpacked(talk.answers)
    earlier = await same_bill(talk.counter.store, talk.session.wallet_id, offer)
    command = Authorize(
        quote=offer,
        wallet_id=talk.session.wallet_id,
        kind=talk.product.kind.value,
        channel=talk.channel,
        now=talk.now,
        day=talk.counter.day(talk.now),
        again=talk.said("again") == YES,
        earlier=tuple(one.payment_id for one in earlier),
        link_address=talk.address if talk.linked else "",
    )
    return Run(command, then=_after)


def _after(outcome: Any) -> Go | Home:
    match outcome:
        case Authorized(payment):
            return Go("paid", {"payment": payment.payment_id}, afresh=True)
        case Declined(_, refusal):
            return Home(refusal.words)
        case _:
            raise AssertionError(f"not an outcome of authorize: {outcome!r}")


def packed(offer: Quote) -> dict[str, str]:
    """A quote as the session keeps it: words only."""
    plain = asdict(offer)
    money = {name: f"{plain[name]['minor']} {plain[name]['currency']}" for name in ("amount", "fee", "most")}
    return {**plain, **money, "good_until": offer.good_until.isoformat()}


def unpacked(answers: Answers) -> Quote:
    kept = answers["quote"]
    assert isinstance(kept, dict)
    return Quote(
        payment_id=kept["payment_id"],
        product_id=kept["product_id"],
        denomination_id=kept["denomination_id"],
        reference=kept["reference"],
        holder=kept["holder"],
        amount=_money(kept["amount"]),
        fee=_money(kept["fee"]),
        most=_money(kept["most"]),
        provider=kept["provider"],
        code=kept["code"],
        good_until=datetime.fromisoformat(kept["good_until"]),
    )


def _money(words: str) -> Money:
    minor, currency = words.split()
    return Money(int(minor), currency)


PAY = Flow(
    "pay",
    (
        Ask(name="reference", words=ask_reference, read=find),
        Choose(
            name="amount",
            words=ask_amount,
            among=amounts,
            typed=amount_typed,
            then=price,
            unless=lambda talk: not talk.product.prepaid,
        ),
        Choose(
            name="again",
            words=_("You paid the same less than a day ago. Pay it again?"),
            among=yes_no,
            then=again_or_home,
            unless=lambda talk: not talk.said("twice"),
        ),
        Confirm(name="pin", words=read_back, then=authorize),
    ),
)


async def outcome(talk: Talk) -> tuple[Text, ...]:
    """What became of the payment by now; while it is on its way, the promise of a message."""
    payment = await paid(talk)
    return outcome_lines(payment, talk.counter.catalogue)


async def paid(talk: Talk) -> Payment:
    payment = await talk.counter.store.read(Payment, talk.said("payment"))
    assert payment is not None, f"no payment {talk.said('payment')}"
    return payment


async def slip(talk: Talk) -> Slip | None:
    """The receipt of what was bought, as a thing to keep; none while there is nothing to show for the money."""
    payment = await paid(talk)
    if payment.state != "captured":
        return None
    language = talk.session.language
    if talk.channel == PHONE:
        return slip_of(payment, talk.counter, language)  # nobody waits for a proof that is not shown
    return await receipt_slip(payment, talk.counter, language)


SAVE = "save"


async def save_or_not(talk: Talk) -> Sequence[Option]:
    return (Option(SAVE, _("Keep this number"), "⭐", primary=True),)


async def save(talk: Talk, option: str) -> Heeded:
    payment = await paid(talk)
    next_bill = NextBill.after(payment, talk.counter, paid_at=payment.changed_at)
    command = SavePayee(payment.wallet_id, payment.product_id, payment.reference, next_bill)
    return Run(command, then=lambda payee: Home(_("Kept. You find it under Pay again.")))


# After the PIN. `offer` is set by `listen` when the payment went through and its number is not kept yet.
PAID = Flow(
    "paid",
    (
        Choose(
            name="save",
            words=outcome,
            thing=slip,
            among=save_or_not,
            then=save,
            unless=lambda talk: not talk.said("offer"),
        ),
        Tell(name="outcome", words=outcome, thing=slip, final=True),
    ),
    resumes=False,
)
