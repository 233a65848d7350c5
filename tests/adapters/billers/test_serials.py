import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.billers.digiflazz.serials import read_serial, segment_and_power

TWENTY = "01234567890123456789"


@pytest.mark.parametrize(
    ("sn", "detail"),
    [
        ("0123-4567-8901-2345-6789/NAME/R1 /000001300/66.2", "R1/1300VA 66.2 kWh"),
        ("0123 4567 8901 2345 6789/NAME/R1M/900VA/32,10", "R1M/900VA 32.10 kWh"),
        ("01234567890123456789/NAME/R1/1300/65,7KWH", "R1/1300VA 65.7 kWh"),
        ("0123-4567-8901-2345-6789/H/SITI/R1/1300/7.0", "R1/1300VA 7.0 kWh"),
        ("0123-4567-8901-2345-6789", ""),
        ("0123-4567-8901-2345-6789/", ""),
        ("0123-4567-8901-2345-6789/NAME", ""),
        ("0123-4567-8901-2345-6789/NAME/R1/1300/many", ""),
    ],
)
def test_a_token_is_found_with_what_is_known_of_the_meter(sn: str, detail: str):
    serial = read_serial(sn)

    assert (serial.token, serial.detail) == (TWENTY, detail)
    assert "NAME" not in serial.number


@pytest.mark.parametrize(
    "sn", ["", "1234567890", TWENTY, "SEPTIAPAR/20190401214753214742", "VC123", f"{TWENTY}9/NAME", f"x{TWENTY}/NAME"]
)
def test_another_serial_number_is_no_token(sn: str):
    serial = read_serial(sn)

    assert (serial.number, serial.token, serial.detail) == (sn, "", "")


@given(st.text())
def test_a_token_has_twenty_digits_or_is_none(sn: str):
    token = read_serial(sn).token

    assert token == "" or (len(token) == 20 and token.isascii() and token.isdecimal())


@pytest.mark.parametrize("words", ["", "R1", "R1/", "/1300", "r1/1300", "R1/13A0", "R1 450/1300/7", "R1/１３００"])
def test_what_is_no_segment_and_power_is_left_out(words: str):
    assert segment_and_power(words) == ""
