"""Phone numbers: as gateways send them, as people type them, as they may be shown."""

from __future__ import annotations

import pytest

from core.domain.msisdn import Msisdn, e164, local_number, masked, national


@pytest.mark.parametrize("sent", ["+6281234567890", "6281234567890"])
def test_a_gateway_may_leave_out_the_plus(sent: str):
    assert e164(sent) == "+6281234567890"


HOSTILE = ["", "+", "+62 812", "+6281234567890\n", "+62812\x00345678", "+٦٢٨١٢٣٤٥٦٧٨٩٠"]
HOSTILE += "+0812 081234567890 +62-812-345 ++6281234567890 +1234567 +1234567890123456 +628123456789x tel:+62812".split()


@pytest.mark.parametrize("sent", HOSTILE)
def test_what_is_not_e164_is_refused(sent: str):
    with pytest.raises(ValueError, match="not an E"):
        e164(sent)


@pytest.mark.parametrize(
    "typed", ["081234567890", "0812-3456-7890", "+6281234567890", "6281234567890", "٠٨١٢٣٤٥٦٧٨٩٠", " 0812 3456 7890 "]
)
def test_people_type_numbers_in_many_ways(typed: str):
    assert local_number(typed, "ID") == "+6281234567890"


@pytest.mark.parametrize("typed", ["", "abc", "12", "0812" * 10, "0812345٦7890", "💡", "0812\x0034567890" * 2])
def test_what_cannot_be_a_number_is_none(typed: str):
    assert local_number(typed, "ID") is None


def test_providers_get_the_number_as_it_is_dialled_at_home():
    assert national(Msisdn("+6281234567890")) == "081234567890"


def test_a_masked_number_shows_its_owner_enough():
    assert masked("+6281234567890") == "+62812••••••90"


@pytest.mark.parametrize("short", ["", "1", "12345678"])
def test_a_short_number_is_hidden_whole(short: str):
    assert masked(short) == "•" * len(short)
