"""A payment as a slip: the receipt to keep, in a person's language. A channel draws it, or reads it out."""

from __future__ import annotations

from core.domain.biller import holder_masked
from core.domain.payment import Payment
from core.domain.slip import Slip
from core.services.counter import Counter
from core.services.prove import Marks, marks_of
from core.services.tell import CODE, bought, heading, in_groups
from core.text import Text, _, verbatim


async def receipt_slip(payment: Payment, counter: Counter, language: str) -> Slip:
    """A captured payment as a slip that proves itself, as far as the journal's tree has a key to be signed with."""
    return slip_of(payment, counter, language, await marks_of(counter, payment))


def slip_of(payment: Payment, counter: Counter, language: str, marks: Marks | None = None) -> Slip:
    """What the screen and the message say of a payment, as a thing."""
    product = counter.catalogue.product(payment.product_id)
    captured = payment.state == "captured"

    def said(text: Text) -> str:
        return counter.words.say(text, language)

    return Slip(
        heading=said(_("Paid") if captured else heading(payment, counter.catalogue)),
        product=said(bought(product, payment.denomination_id)),
        biller=product.biller.name,
        total=said(Text("{total}", {"total": payment.total})),
        lines=tuple((_begun_large(said(label)), said(value)) for label, value in _lines(payment, counter)),
        token=in_groups(payment.token),
        token_label=said(_("Token")) if payment.token else "",
        number=in_groups(payment.receipt, 3),
        number_label=said(_("Receipt")) if payment.receipt else "",
        icon=f"category/{product.category}",
        code=(marks and marks.line) or (_code(payment, product.biller.name, counter) if captured else ""),
        check=said(CODE.fill(code=marks.code)) if marks else "",
    )


def _lines(payment: Payment, counter: Counter) -> list[tuple[Text, Text]]:
    """What there is to say, a fact a line; a bill that has no fee has no line about it."""
    product = counter.catalogue.product(payment.product_id)
    lines = [(product.reference.name, verbatim(payment.reference))]
    if payment.holder:
        lines.append((_("Name"), verbatim(holder_masked(payment.holder))))
    if payment.fee:
        lines.append((_("Fee"), Text("{fee}", {"fee": payment.fee})))
    lines.append((_("Date"), verbatim(f"{payment.authorized_at.astimezone(counter.zone):%d/%m/%Y %H:%M}")))
    if payment.detail:
        lines.append((_("Details"), verbatim(payment.detail)))
    if payment.serial and not payment.token:
        lines.append((_("Serial number"), verbatim(payment.serial)))
    return lines


def _begun_large(label: str) -> str:
    """A catalogue names numbers as they stand inside a sentence."""
    return label[:1].upper() + label[1:]


def _code(payment: Payment, biller: str, counter: Counter) -> str:
    """A receipt without a proof in one line that any reader of QR codes shows, the same in every language."""
    day = counter.day(payment.authorized_at).isoformat()
    shown = f"***{payment.reference[-4:]}"
    return f"{payment.receipt} {day} {biller} {shown} {payment.total}"
