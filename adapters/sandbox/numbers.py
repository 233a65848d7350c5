"""Numbers that make the sandbox behave on purpose; every other valid number is an ordinary customer.

Documented by Digiflazz: xld10 to 0878000012xx and the bills of 53000000000x (…/api/buyer/test-case). The bills of
other billers follow IAK's series, which means the same by the same last digit. Prepaid electricity has no documented
test number anywhere; its series is ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from adapters.sandbox.products import Product

EIGHT = 8


@dataclass(frozen=True, slots=True)
class Script:
    """What happens to an inquiry and to a sale; both name a row of the fault table. `sheets` are months of a bill."""

    story: str
    check: str = "none"
    sale: str = "none"
    sheets: int = 1


METERS: Mapping[str, Script] = {
    "01": Script("a token at once"),
    "02": Script("wrong number, when checked and when bought", check="wrong_destination", sale="wrong_destination"),
    "03": Script("pending, then success", sale="pending_success"),
    "04": Script("pending, then failure", sale="pending_failure"),
    "05": Script("answers slowly", sale="slow"),
    "06": Script("sold, then never answers", sale="no_answer_after"),
    "07": Script("HTTP 500, nothing sold; the next try sells", sale="error_before"),
    "08": Script("sold, then HTTP 500", sale="error_after"),
    "09": Script("sold, then garbage", sale="garbage"),
    "10": Script("fails: product disturbed", sale="disturbed"),
    "11": Script("never answers, nothing sold", sale="no_answer_before"),
    "12": Script("sold, then JSON that stops in the middle", sale="truncated"),
    "13": Script("sold, then a dropped connection", sale="reset_after"),
    "14": Script("sold, the answer shows 1,000 more", sale="wrong_amount"),
    "15": Script("sold, the answer names another number", sale="wrong_number"),
    "16": Script("failure first, success later", sale="late_success"),
    "17": Script("sold, the answer has an undocumented code", sale="unmapped_rc"),
    "18": Script("sold, but its status lags behind", sale="lagging_status"),
    "19": Script("every callback comes twice", sale="callback_twice"),
    "20": Script("callbacks come in the wrong order", sale="callback_disordered"),
    "21": Script("a callback with a wrong signature", sale="callback_forged"),
    "22": Script("fails: more energy than the meter may take", sale="kwh_limit"),
    "23": Script("fails: the biller is in its cut-off", sale="cut_off"),
    "24": Script("the check of the meter is slow", check="slow"),
    "25": Script("the check of the meter never answers", check="no_answer_before"),
    "26": Script("success, refunded later", sale="refunded_later"),
    "27": Script("sold, then a maintenance page", sale="html_after"),
    "28": Script("sold, then an answer of many megabytes", sale="huge"),
    "29": Script("sold, but the answer says the ref_id is not unique", sale="not_unique_after"),
    "30": Script("no callback ever comes", sale="callback_missing"),
    "31": Script("sold, the answer shows ten times the price", sale="tenfold_amount"),
}

PHONES: Mapping[str, Script] = {
    "30": Script("success (documented)"),
    "32": Script("failure (documented)", sale="fails"),
    "33": Script("pending, then success (documented)", sale="pending_success"),
    "34": Script("pending, then failure (documented)", sale="pending_failure"),
}

BILLS: Mapping[str, Script] = {
    "1": Script("one bill, paid at once"),
    "2": Script("eight bills", sheets=EIGHT),
    "3": Script("the inquiry times out (01)", check="times_out"),
    "4": Script("already paid (60)", check="no_bill"),
    "5": Script("wrong number (54)", check="wrong_destination"),
    "6": Script("a bill whose payment fails", sale="fails"),
    "7": Script("a bill whose payment is pending, then succeeds", sale="pending_success"),
    "8": Script("biller error (55)", check="disturbed"),
    "9": Script("a bill whose payment is pending, then fails (ours)", sale="pending_failure"),
    "0": Script("a bill that is paid, then HTTP 500 (ours)", sale="error_after"),
}


@dataclass(frozen=True, slots=True)
class Series:
    """Test numbers of one product family: a fixed beginning, then the ending that says what happens."""

    what: str
    families: frozenset[str]
    beginning: str
    endings: Mapping[str, Script]


SERIES = (
    Series("prepaid meter", frozenset({"pln-token"}), "123456789", METERS),
    Series("XL phone", frozenset({"airtime", "data", "e-money"}), "0878000012", PHONES),
    Series("pln", frozenset({"pln"}), "53000000000", BILLS),
    Series("pdam-…", frozenset({"pdam"}), "1020200", BILLS),
    Series("bpjs", frozenset({"bpjs"}), "880123456000", BILLS),
    Series("fif, adira", frozenset({"finance"}), "639160120", BILLS),
    Series("telkom", frozenset({"phone"}), "021555010", BILLS),
    Series("indihome", frozenset({"internet"}), "12213000010", BILLS),
    Series("tv-…", frozenset({"tv"}), "12724650010", BILLS),
    Series("pgn", frozenset({"gas"}), "011001460", BILLS),
)


def script_of(product: Product, customer_no: str) -> Script | None:
    """What a number is documented to do at this product; None for an ordinary customer."""
    for series in SERIES:
        if product.family in series.families and customer_no.startswith(series.beginning):
            return series.endings.get(customer_no.removeprefix(series.beginning))
    return None


def script_table() -> Iterator[tuple[str, str, str]]:
    """Every test number: what it is for, the number, what happens."""
    for series in SERIES:
        for ending, script in series.endings.items():
            yield series.what, series.beginning + ending, script.story
