"""The slip: the same facts as the screen and the message, in the words of a language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.domain.slip import Slip
from core.services.slips import receipt_slip, slip_of
from tests.services.till import BILL, Till
from tests.support.fakes import silence


async def slip(till: Till, language: str = "en") -> Slip:
    return slip_of(await till.payment(), till.at.counter, language)


async def test_a_token_is_the_largest_thing_on_it(till: Till):
    paid = await till.pay()

    assert await slip(till) == Slip(
        heading="Paid",
        product="Electricity token",
        biller="PLN",
        total="Rp22,500",
        lines=(
            ("Meter number", "12345678901"),
            ("Fee", "Rp2,500"),
            ("Date", "20/11/2026 12:00"),
        ),
        token=" ".join(paid.token[at : at + 4] for at in range(0, 20, 4)),
        token_label="Token",
        number="000 034",
        number_label="Receipt",
        icon="category/electricity",
        code="000034 2026-11-20 PLN ***8901 22500 IDR",
    )


async def test_it_speaks_the_language_of_its_owner(till: Till):
    await till.pay()

    said = await slip(till, "id")
    assert (said.heading, said.product, said.total) == ("Lunas", "Token listrik", "Rp22.500")
    assert [label for label, _ in said.lines] == ["Nomor meter", "Biaya admin", "Tanggal"]


@pytest.mark.parametrize("language", ["en", "id", "sw"])
async def test_its_code_is_the_same_in_every_language_and_does_not_tell_the_number(till: Till, language: str):
    await till.pay()

    said = await slip(till, language)
    assert said.code == "000034 2026-11-20 PLN ***8901 22500 IDR"
    assert "12345678901" not in said.code


async def test_a_bill_has_its_holder_masked_a_serial_and_no_token(till: Till):
    await till.pay(product=BILL)

    said = await slip(till)
    assert (said.token, said.token_label) == ("", "")
    assert dict(said.lines)["Name"] == "BUDI S***"
    assert dict(said.lines)["Serial number"] == "SN-1"


async def test_what_is_not_paid_says_so_and_has_no_number_and_no_code(till: Till):
    till.provider.on_submit = silence
    await till.pay()

    said = await slip(till)
    assert said.heading.startswith("We are paying")
    assert (said.number, said.number_label, said.code) == ("", "", "")


async def test_a_receipt_bears_its_code(till: Till):
    payment = await till.pay()

    said = await receipt_slip(payment, till.at.counter, "id")

    assert said.check.startswith("Kode ")
    assert replace(said, check="") == await slip(till, "id")
