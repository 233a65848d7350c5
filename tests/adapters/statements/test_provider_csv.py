"""A provider's CSV is read to the letter or refused with a place and a reason; nothing of it is lost silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from adapters.statements import provider_csv
from adapters.statements.csv_columns import Layout, layouts
from adapters.statements.provider_csv import read_provider_csv
from core.domain.statement import Says, StatementFile, UnreadableStatement

DIGIFLAZZ = layouts()["digiflazz"]
HEADING = "created_at,ref_id,buyer_sku_code,customer_no,price,status,rc,sn,amount,buyer_last_saldo"
SALE = "2026-11-20 12:00:00,p1-1,pln20,0812,20300,Sukses,00,SN-1,-20300,979700"
# As another provider might write it: semicolons, commas for decimals, points for thousands, a day that begins at 16:00.
EUROPEAN = Layout(
    source="warung",
    currency="KES",
    time_zone="Africa/Nairobi",
    day_begins=time(16),
    time_format="%d/%m/%Y %H.%M",
    delimiter=";",
    decimal=",",
    thousands=".",
    leaves_as="positive",
    columns={"at": "Zeit", "key": "Ref", "reference": "Nummer", "says": "Stand", "amount": "Betrag"},
    words={"OK": Says.PAID, "RÜCK": Says.GIVEN_BACK},
)


def read(*lines: str, layout: Layout = DIGIFLAZZ, heading: str = HEADING, encoding: str = "utf-8") -> StatementFile:
    return read_provider_csv("\n".join((heading, *lines)).encode(encoding), layout)


def test_a_line_is_what_the_provider_says_in_our_words():
    token = "1234-5678-9012-3456-7890/SITI/R1/1300/32.5"
    refund = "2026-11-20 13:00:00,p2-1,pln50,0813,50000,Refund,74,,50000,1029700"
    came = "2026-11-20 14:00:00,,,,1000000,Deposit,,,1000000,2029700"

    file = read(SALE.replace("SN-1", token), refund, came)

    sale, back, funded = file.lines
    assert (sale.at, sale.says, sale.key, sale.code) == (datetime(2026, 11, 20, 5, tzinfo=UTC), "paid", "p1-1", "pln20")
    assert (sale.reference, sale.took_minor, sale.currency) == ("0812", 2_030_000, "IDR")
    assert (sale.token, sale.detail) == ("12345678901234567890", "R1/1300VA 32.5 kWh")
    assert (back.says, back.took_minor, funded.says, funded.took_minor) == (
        "given_back",
        -5_000_000,
        "funded",
        -(10**8),
    )
    assert (file.opening_minor, file.closing_minor, file.took_minor) == (10**8, 202_970_000, -102_970_000)


def test_another_providers_columns_are_a_matter_of_data():
    file = read(
        "20/11/2026 15.59;a-1;7;OK;1.234,50",
        "20/11/2026 16.00;a-2;7;RÜCK;-99",
        layout=EUROPEAN,
        heading="Zeit;Ref;Nummer;Stand;Betrag",
    )

    assert [(one.key, one.took_minor, one.at.hour) for one in file.lines] == [("a-1", 123_450, 12), ("a-2", -9_900, 13)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_usual_encodings_are_read(encoding: str):
    [line] = read(
        "20/11/2026 15.59;a-1;7;RÜCK;-1", layout=EUROPEAN, heading="Zeit;Ref;Nummer;Stand;Betrag", encoding=encoding
    ).lines

    assert line.says is Says.GIVEN_BACK


def test_a_file_with_the_newest_line_first_is_turned_round():
    file = read(SALE.replace("12:00", "13:00").replace("979700", "959400"), SALE)

    assert (file.lines[0].number, file.closing_minor) == (3, 95_940_000)


def test_lines_that_say_the_same_are_two_lines_and_known_again_in_another_file():
    first, second = read(SALE, SALE).lines
    [again] = read(SALE).lines

    assert first.identity != second.identity
    assert again.identity == first.identity


@pytest.mark.parametrize(
    ("old", "new", "column", "why"),
    [
        ("2026-11-20 12:00:00", "20.11.2026", "created_at", "is no time as %Y-%m-%d %H:%M:%S"),
        ("2026-11-20 12:00:00", "2026-02-30 12:00:00", "created_at", "is no time"),
        ("Sukses", "Berhasil", "status", "is a word that nobody has explained to us"),
        ("-20300,", "20300,", "amount", "has the wrong sign for what is paid"),
        ("-20300,", "0,", "amount", "has the wrong sign"),
        ("-20300,", "-20.300,", "amount", "changes hands"),
        ("-20300,", "-2e4,", "amount", "is no amount"),
        ("-20300,", "-20_300,", "amount", "is no amount"),
        ("-20300,", "-٢٠,", "amount", "is no amount"),
        ("-20300,", "=1+1,", "amount", "is no amount"),
        ("-20300,", "-999999999999999,", "amount", "changes hands"),
        ("979700", "a lot", "buyer_last_saldo", "is no amount"),
        ("p1-1", " ", "ref_id", "is blank"),
        ("0812", "8" * 2_000, "customer_no", "is longer than 1000 signs"),
        (",SN-1", "", "", "has 9 cells, the heading has 10"),
    ],
)
def test_a_bad_cell_makes_its_own_line_a_bad_one_with_its_place(old: str, new: str, column: str, why: str):
    file = read(SALE, SALE.replace(old, new, 1), SALE)

    assert (len(file.lines), file.whole) == (2, False)
    [bad] = file.bad
    assert (bad.number, bad.column) == (3, column)
    assert why in bad.why


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "there is no column created_at, ref_id, customer_no, status, amount"),
        (b"one,two\n1,2\n", "This is no statement of digiflazz: there is no column"),
        (f"{HEADING},Status\n".encode(), "There is more than one column status"),
        (f"{HEADING}\n{SALE}\n".encode("utf-16"), "The file is not text"),
        (f"{HEADING}\n{SALE}\0\n".encode(), "The file is not text"),
        (f'{HEADING}\n"2026-11-20\n'.encode(), "Line 2 is no CSV: unexpected end of data"),
        (f"{HEADING}\n{SALE}\n{'9' * 200_000}\n".encode(), "Line 3 is no CSV: field larger than field limit"),
        (f"{HEADING}\n".encode(), "name its days with --from and --to"),
    ],
)
def test_a_doubtful_file_is_refused_whole(raw: bytes, why: str):
    with pytest.raises(UnreadableStatement, match=why.replace("--", "--")):
        read_provider_csv(raw, DIGIFLAZZ)


def test_too_much_of_anything_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(provider_csv, "MOST_LINES", 2)
    with pytest.raises(UnreadableStatement, match="more than 2 lines"):
        read(SALE, SALE, SALE)
    monkeypatch.setattr(provider_csv, "LARGEST", 10)
    with pytest.raises(UnreadableStatement, match="larger than 0 MB"):
        read(SALE)


def test_formulas_in_cells_are_text_and_nothing_else():
    [line] = read(SALE.replace("SN-1", '"=HYPERLINK(""http://x"")"')).lines

    assert line.serial == '=HYPERLINK("http://x")'


def test_an_interval_that_ends_before_it_begins_is_refused():
    noon = datetime(2026, 11, 20, tzinfo=UTC)
    with pytest.raises(UnreadableStatement, match="ends before it begins"):
        read_provider_csv(f"{HEADING}\n{SALE}".encode(), DIGIFLAZZ, since=noon, until=noon)


def test_every_layout_says_what_it_must():
    for source, layout in layouts().items():
        assert {"at", "key", "reference", "says", "amount"} <= set(layout.columns), source
        assert set(layout.words.values()) >= {Says.PAID, Says.FAILED}
        assert layout.zone.key == layout.time_zone
        assert replace(layout, source="x").leaves_as in ("negative", "positive")
