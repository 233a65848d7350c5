"""How a bill looks, for each kind of biller: the months it names and the `desc` of the reply.

Wire format: developer.digiflazz.com/api/buyer/cek-tagihan. The values inside `detail` are strings; BPJS,
multifinance and gas show no amount there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from adapters.sandbox.chance import between, digits, one_of
from adapters.sandbox.people import address_of, segment_of
from adapters.sandbox.products import Product

MONTHS = ("JAN", "FEB", "MAR", "APR", "MEI", "JUN", "JUL", "AGU", "SEP", "OKT", "NOV", "DES")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One month of a bill, in whole rupiah."""

    year: int
    month: int
    amount: int
    fine: int
    meter_from: int
    meter_to: int


@dataclass(frozen=True, slots=True)
class Shape:
    """What bills of one family show; a sheet costs from `least` to `most` rupiah."""

    least: int
    most: int
    period: Callable[[Sheet], str]
    desc: Callable[[Product, str, list[Sheet]], dict[str, object]]


# ---- months


def _yyyymm(sheet: Sheet) -> str:
    return f"{sheet.year}{sheet.month:02d}"


def _month_year(sheet: Sheet) -> str:
    return f"{MONTHS[sheet.month - 1]} {sheet.year}"


def _mmyy(sheet: Sheet) -> str:
    return f"{sheet.month:02d}{sheet.year % 100:02d}"


def _ordinal(sheet: Sheet) -> str:
    return f"{sheet.month:03d}"


# ---- shapes of `desc`


def _electricity(product: Product, customer_no: str, sheets: list[Sheet]) -> dict[str, object]:
    tariff, power = segment_of(customer_no)
    rows = [
        {
            "periode": _yyyymm(sheet),
            "nilai_tagihan": str(sheet.amount),
            "admin": str(product.admin),
            "denda": str(sheet.fine),
            "meter_awal": f"{sheet.meter_from:08d}",
            "meter_akhir": f"{sheet.meter_to:08d}",
        }
        for sheet in sheets
    ]
    return {"tarif": tariff, "daya": power, "detail": rows}


def _water(product: Product, customer_no: str, sheets: list[Sheet]) -> dict[str, object]:
    rows = [
        {
            "periode": _yyyymm(sheet),
            "nilai_tagihan": str(sheet.amount),
            "denda": str(sheet.fine),
            "meter_awal": f"{sheet.meter_from:08d}",
            "meter_akhir": f"{sheet.meter_to:08d}",
            "biaya_lain": "0",
        }
        for sheet in sheets
    ]
    tariff = one_of(("2A", "2B", "3A"), "water", customer_no)
    return {"tarif": tariff, "alamat": address_of(customer_no), "jatuh_tempo": "1-20", "detail": rows}


def _health(_product: Product, customer_no: str, sheets: list[Sheet]) -> dict[str, object]:
    people = str(between(1, 5, "people", customer_no))
    rows = [{"periode": f"{len(sheets):02d}"}]
    return {"jumlah_peserta": people, "alamat": address_of(customer_no), "detail": rows}


def _line(product: Product, _customer_no: str, sheets: list[Sheet]) -> dict[str, object]:
    rows = [
        {"periode": _month_year(sheet), "nilai_tagihan": str(sheet.amount + sheet.fine), "admin": str(product.admin)}
        for sheet in sheets
    ]
    return {"detail": rows}


def _credit(_product: Product, customer_no: str, sheets: list[Sheet]) -> dict[str, object]:
    rows = [{"periode": _ordinal(sheet), "denda": str(sheet.fine), "biaya_lain": "0"} for sheet in sheets]
    return {
        "item_name": "MOTOR CONTOH 125",
        "no_rangka": f"CONTOH{digits(10, 'frame', customer_no)}",
        "no_pol": f"B{digits(4, 'plate', customer_no)}XXX",
        "tenor": "036",
        "detail": rows,
    }


def _television(_product: Product, customer_no: str, sheets: list[Sheet]) -> dict[str, object]:
    rows = [
        {
            "periode": _month_year(sheet),
            "nilai_tagihan": str(sheet.amount + sheet.fine),
            "no_ref": digits(4, "tv", customer_no, sheet.month),
        }
        for sheet in sheets
    ]
    return {"detail": rows}


def _gas(_product: Product, customer_no: str, sheets: list[Sheet]) -> dict[str, object]:
    rows = [
        {
            "periode": _mmyy(sheet),
            "meter_awal": f"{sheet.meter_from:06d}",
            "meter_akhir": f"{sheet.meter_to:06d}",
            "usage": str(sheet.meter_to - sheet.meter_from),
        }
        for sheet in sheets
    ]
    return {"alamat": address_of(customer_no), "detail": rows}


SHAPES: Mapping[str, Shape] = {
    "pln": Shape(60_000, 900_000, _yyyymm, _electricity),
    "pdam": Shape(25_000, 300_000, _yyyymm, _water),
    "bpjs": Shape(35_000, 450_000, _yyyymm, _health),
    "phone": Shape(40_000, 250_000, _month_year, _line),
    "internet": Shape(250_000, 650_000, _month_year, _line),
    "finance": Shape(450_000, 1_500_000, _ordinal, _credit),
    "tv": Shape(80_000, 300_000, _month_year, _television),
    "gas": Shape(30_000, 250_000, _mmyy, _gas),
}
