"""MT940 and camt.053 tell the same; what does not add up, or was written to do harm, is refused with a sentence."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.statements import camt053 as camt
from adapters.statements import mt940 as swift
from adapters.statements.bank_file import read_bank_file
from core.domain.bank_line import BankStatement, NotAStatement, minor_of, own_name
from tests.adapters.statements.files import MT940, camt053, mt940


def read(text: str, *, bank: str = "BCA") -> list[BankStatement]:
    return read_bank_file(text.encode(), bank=bank)


def only(text: str) -> BankStatement:
    [found] = read(text)
    return found


# ---- what is read


def test_an_mt940_tells_balances_and_lines():
    found = only(MT940)

    assert (found.account, found.number, found.currency) == ("1234567890", "00324/001", "IDR")
    assert (found.opened_on, found.opening_minor) == (date(2026, 11, 19), 1_200_000_000)
    assert (found.closed_on, found.closing_minor) == (date(2026, 11, 20), 204_388_334)
    assert [(line.evidence, line.minor) for line in found.lines] == [
        ("FT26324A001", 5_037_100),
        ("FT26324A002", -1_000_000_000),
        (found.lines[2].mark, -650_000),
        ("FT26324A004", 1_234),
    ]
    assert found.lines[1].reference == "DEPO-17"
    assert found.lines[0].note == "TRSF E-BANKING CR 2011/FTSCY/WS95031 ANI WIJAYA"
    assert "0123456789" in found.lines[1].words


@pytest.mark.parametrize("version", range(2, 9))
def test_every_version_of_camt053_tells_the_same(version: int):
    found = only(camt053(version))

    assert (found.account, found.number, found.currency) == ("1234567890", "324", "IDR")
    assert (found.opening_minor, found.closing_minor) == (1_200_000_000, 215_074_200)
    assert [(line.evidence, line.minor, line.counterparty) for line in found.lines] == [
        ("FT26324A001", 5_037_100, "ANI WIJAYA 777"),
        ("FT26324A005", 10_037_100, ""),
        ("FT26324A002", -1_000_000_000, "0123456789"),
    ]
    assert [line.reference for line in found.lines] == ["", "E2E-5", ""]
    assert found.lines[0].valued_on == date(2026, 11, 21)
    assert found.lines[2].valued_on == found.lines[2].booked_on == date(2026, 11, 20)


def test_both_formats_name_a_line_alike():
    assert only(MT940).lines[0].evidence == only(camt053()).lines[0].evidence


def test_a_batch_that_does_not_say_what_each_came_to_is_one_line():
    whole = camt053().replace('<Amt Ccy="IDR">100371.00</Amt></TxDtls>', "</TxDtls>")

    assert [line.evidence for line in only(whole).lines] == ["BATCH-1", "FT26324A002"]


def test_a_file_may_hold_several_days():
    text = mt940("C1,00 A x", opens="0,00", closes="1,00") + mt940(
        "C2,00 B y", opens="1,00", closes="3,00", day="261121"
    )

    first, second = read(text)

    assert (first.closing_minor, first.closed_on) == (second.opening_minor, date(2026, 11, 20))
    assert [line.evidence for line in (*first.lines, *second.lines)] == ["A", "B"]


def test_a_reversal_is_told_from_a_transfer():
    text = mt940("C5,00 A x", "RC5,00 B x", "RD2,00 C x", opens="0,00", closes="2,00")

    assert [(line.minor, line.reversal) for line in only(text).lines] == [(500, False), (-500, True), (200, True)]


# ---- how a line is named


def test_a_reference_that_several_lines_share_is_counted():
    found = only(mt940("D5000,00 FT9 transfer", "D10,00 FT9 fee", opens="6000,00", closes="990,00"))

    assert [line.evidence for line in found.lines] == ["FT9", "FT9/2"]


def test_lines_without_a_reference_are_named_by_what_they_say_and_the_same_again():
    text = mt940("C5,00 NONREF x", "C5,00 NONREF x", "C5,00 NONREF y", opens="0,00", closes="15,00")

    names = [line.evidence for line in only(text).lines]

    assert len(set(names)) == 3
    assert names == [line.evidence for line in only(text.replace("\n", "\r\n")).lines]
    assert names[1] == f"{names[0]}-2"


def test_a_name_can_be_typed_by_an_operator():
    assert own_name("ft:26#1 é") == "FT-26-1 -"
    assert own_name("  nonref ") == own_name("NotProvided") == own_name("") == own_name("///") == ""


# ---- amounts


@pytest.mark.parametrize(
    ("words", "currency", "minor"),
    [
        ("50371,00", "IDR", 5_037_100),
        ("50371,", "IDR", 5_037_100),
        ("0,5", "IDR", 50),
        ("50371.00000", "IDR", 5_037_100),
        ("7", "UGX", 7),
        ("7,00", "JPY", 7),
        ("1,234", "KWD", 1_234),
        ("1,5", "EUR", 150),
    ],
)
def test_amounts_are_whole_minor_units(words: str, currency: str, minor: int):
    assert minor_of(words, currency) == minor


@pytest.mark.parametrize(
    "words", ["", "-1", "+1", "1e3", "1.000,00", "1,001", "1 0", "٣", "9" * 16, "1_0", ",5", "NaN"]
)
def test_what_is_no_amount_is_refused(words: str):
    with pytest.raises(NotAStatement, match="is no amount of IDR"):
        minor_of(words, "IDR")


# ---- what is refused


@pytest.mark.parametrize("text", [MT940, camt053()], ids=["mt940", "camt053"])
def test_a_statement_that_does_not_add_up_is_refused(text: str):
    changed = text.replace("50371", "50372", 1) if text is MT940 else text.replace("2150742.00", "2150741.00")

    with pytest.raises(NotAStatement, match=r"does not add up: it opens with 12000000 IDR, its . lines come to"):
        read(changed)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (":62F:C261120IDR2043883,34", "", "no balance in :62F:"),
        (":60F:C261119IDR12000000,00", "", "no balance in :60F:"),
        (":25:1234567890", "", "does not name its account"),
        ("NTRFDEPO-17", "", "no transaction type, or is cut off"),
        (":61:2611201120C", ":61:2613451120C", "a date or an amount cannot be"),
        (":61:2611201120C", ":61:XX", "field :61: is not as it should be"),
        ("C50371,00", "C5,03,71", "a date or an amount cannot be"),
        (":62F:C261120IDR", ":62F:C261120USD", "opens in IDR and closes in USD"),
        (":60F:C261119", ":60F:C261219", "closes before it opens"),
        (":20:", ":2x:", "no line of it begins with :20:"),
        ("ANI", "\x00", "it is not text"),
    ],
)
def test_an_mt940_with_a_fault_is_refused_in_a_sentence(old: str, new: str, said: str):
    with pytest.raises(NotAStatement, match=said) as refused:
        read(MT940.replace(old, new, 1))

    assert "WIJAYA" not in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("camt.053.001.08", "camt.053.001.01", "no camt.053 of version 2 to 8"),
        ("camt.053.001.08", "pain.001.001.08", "no camt.053 of version 2 to 8"),
        ("</Document>", "", "no XML that can be read"),
        ("OPBD", "XPCD", "no balance OPBD or PRCD"),
        ("CLBD", "CLAV", "no balance CLBD"),
        ('<Amt Ccy="IDR">150742.00', "<Amt>150742.00", "an amount has no currency"),
        ('<Amt Ccy="IDR">150742.00', '<Amt Ccy="IDR">1,50742.00', "is no amount of IDR"),
        ('<Amt Ccy="IDR">10000000<', '<Amt Ccy="USD">10000000<', "An account in IDR has lines in USD"),
        ("<CdtDbtInd>DBIT", "<CdtDbtInd>BOTH", "no side"),
        ("<BookgDt><Dt>2026-11-20", "<BookgDt><Dt>2026-13-20", "a date is missing"),
        ("Stmt>", "Rpt>", "no statement in this camt.053"),
        ('encoding="UTF-8"', 'encoding="KLINGON"', "no XML that can be read"),
    ],
)
def test_a_camt053_with_a_fault_is_refused_in_a_sentence(old: str, new: str, said: str):
    with pytest.raises(NotAStatement, match=said):
        read(camt053().replace(old, new))


OUTSIDE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("harm", [OUTSIDE, LAUGHS, '<!DOCTYPE d SYSTEM "http://192.0.2.1/x.dtd">'])
def test_xml_that_was_written_to_do_harm_is_refused(harm: str):
    head, _, rest = camt053().partition("\n")

    with pytest.raises(NotAStatement, match="defines entities or a document type"):
        read(f"{head}\n{harm}\n{rest.replace('top up', '&x;&b;')}")


def test_xml_of_great_depth_is_refused_at_once():
    space = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
    deep = f'<Document xmlns="{space}">' + "<a>" * 200_000 + "</a>" * 200_000 + "</Document>"

    began = time.monotonic()
    with pytest.raises(NotAStatement, match="deeper than any statement"):
        read(deep)

    assert time.monotonic() - began < 5


@pytest.mark.parametrize("begin", [b"<", b":20:"])
def test_a_file_that_is_larger_than_any_statement_is_not_read(begin: bytes):
    with pytest.raises(NotAStatement, match="larger than 10 MB"):
        read_bank_file(begin + b" " * max(camt.LARGEST, swift.LARGEST), bank="BCA")


# ---- whatever comes


def _torn(text: str) -> st.SearchStrategy[bytes]:
    """A statement with a piece of it replaced by anything."""
    raw = text.encode()
    places = st.tuples(st.integers(0, len(raw)), st.integers(0, 30), st.binary(max_size=12))
    return places.map(lambda cut: raw[: cut[0]] + cut[2] + raw[cut[0] + cut[1] :])


LINES = st.lists(
    st.text(":0123456789CDRNTIDR,/-{}?+ \n\r", max_size=40) | st.sampled_from(MT940.splitlines()), max_size=14
)


@settings(max_examples=250, deadline=None)
@given(st.one_of(st.binary(max_size=200), _torn(MT940), _torn(camt053()), LINES.map("\n".join).map(str.encode)))
@example(b"")
@example(b"<")
@example(":20:x\n:25:1\n:60F:C261119IDR١,00\n:62F:C261119IDR1,00".encode())
def test_any_bytes_are_a_statement_that_adds_up_or_a_sentence(raw: bytes):
    found: list[BankStatement] = []
    with suppress(NotAStatement):
        found = read_bank_file(raw, bank="BCA")
    for one in found:
        assert one.opening_minor + sum(line.minor for line in one.lines) == one.closing_minor
        assert len({line.evidence for line in one.lines}) == len(one.lines)
