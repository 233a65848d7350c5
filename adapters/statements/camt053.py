"""ISO 20022 camt.053, the statement as XML, in versions 2 to 8 (what differs between them is read in either way).

A file from outside may be written to do harm: what defines entities or a document type is refused, and so is what is
larger than any statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]  # it says nothing of its types
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]  # nor here

from core.domain.bank_line import BankLine, BankStatement, NotAStatement, minor_of, read_line, statement

LARGEST = 10_000_000
VERSIONS = range(2, 9)
# Elements within elements: the format needs some fifteen.
DEEPEST = 40

_SPACE = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(\d\d)\}Document")
# An opening balance is what the day before closed with, where the bank says that instead.
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_SIGN = {"CRDT": 1, "DBIT": -1}


def read_camt053(raw: bytes, *, bank: str) -> list[BankStatement]:
    """The statements of a file, in its order. Raises `NotAStatement`."""
    if len(raw) > LARGEST:
        raise NotAStatement(f"The file is larger than {LARGEST // 1_000_000} MB, which no statement is.")
    root = _plain(_parsed(raw))
    found = [_statement(one, bank) for one in root.findall("BkToCstmrStmt/Stmt")]
    if not found:
        raise NotAStatement("There is no statement in this camt.053.")
    return found


def _parsed(raw: bytes) -> Element:
    try:
        root: Element = fromstring(raw, forbid_dtd=True)
    except DefusedXmlException:
        raise NotAStatement("This XML defines entities or a document type, which no statement does.") from None
    except (ParseError, ValueError, LookupError):
        raise NotAStatement("This is no XML that can be read.") from None
    version = _SPACE.fullmatch(root.tag)
    if version is None or int(version[1]) not in VERSIONS:
        raise NotAStatement("This XML is no camt.053 of version 2 to 8.")
    return root


def _plain(root: Element) -> Element:
    """The same elements by their names alone. Goes down without recursion, and only so far."""
    level = [root]
    for _ in range(DEEPEST):
        for element in level:
            element.tag = element.tag.rpartition("}")[2]
        level = [child for element in level for child in element]
        if not level:
            return root
    raise NotAStatement("This XML is deeper than any statement.")


def _statement(said: Element, bank: str) -> BankStatement:
    (currency, opened), (closing_currency, closed) = _balance(said, _OPENING), _balance(said, _CLOSING)
    if currency != closing_currency:
        raise NotAStatement(f"A statement opens in {currency} and closes in {closing_currency}.")
    return statement(
        bank=bank,
        account=_text(said, "Acct/Id/IBAN", "Acct/Id/Othr/Id"),
        number=_text(said, "ElctrncSeqNb", "LglSeqNb", "Id"),
        currency=currency,
        opening=opened,
        closing=closed,
        lines=[line for entry in said.findall("Ntry") if _booked(entry) for line in _lines(entry)],
    )


def _balance(said: Element, codes: tuple[str, ...]) -> tuple[str, tuple[date, int]]:
    balances = {_text(one, "Tp/CdOrPrtry/Cd"): one for one in reversed(said.findall("Bal"))}
    found = next((balances[code] for code in codes if code in balances), None)
    if found is None:
        raise NotAStatement(f"A statement in this camt.053 has no balance {' or '.join(codes)}.")
    currency, minor = _money(found, found)
    return currency, (_day(found, "Dt"), minor)


def _booked(entry: Element) -> bool:
    """What is only announced is in no balance, and comes again once it is booked."""
    return _text(entry, "Sts/Cd", "Sts") == "BOOK"


def _lines(entry: Element) -> Iterator[BankLine]:
    """An entry; of one that was booked for many transfers together, each, where the bank says what each came to."""
    details = entry.findall("NtryDtls/TxDtls")
    currency, whole = _money(entry, entry)
    parts = [_part(one, entry) for one in details]
    split = len(parts) > 1 and None not in parts and sum(part[1] for part in parts if part) == whole
    if split and all(part and part[0] == currency for part in parts):
        for detail, part in zip(details, parts, strict=True):
            assert part is not None
            yield _line(entry, detail, *part)
    else:
        yield _line(entry, details[0] if len(details) == 1 else None, currency, whole)


def _part(detail: Element, entry: Element) -> tuple[str, int] | None:
    """What one transfer of an entry came to; it has the entry's side where it names none."""
    if detail.find("Amt") is None:
        inner = detail.find("AmtDtls/TxAmt")
        return None if inner is None or inner.find("Amt") is None else _money(inner, entry)
    return _money(detail, detail if detail.find("CdtDbtInd") is not None else entry)


def _line(entry: Element, detail: Element | None, currency: str, minor: int) -> BankLine:
    told = entry if detail is None else detail
    booked = _day(entry, "BookgDt")
    party = "Dbtr" if minor > 0 else "Cdtr"
    who = [
        _text(told, f"RltdPties/{party}/Pty/Nm", f"RltdPties/{party}/Nm"),
        _text(told, f"RltdPties/{party}Acct/Id/IBAN", f"RltdPties/{party}Acct/Id/Othr/Id"),
    ]
    notes = [
        *(_own(one) for one in told.findall("RmtInf/Ustrd")),
        _text(told, "RmtInf/Strd/CdtrRefInf/Ref"),
        _text(told, "AddtlTxInf"),
        _text(entry, "AddtlNtryInf"),
    ]
    reference = _text(told, "Refs/EndToEndId")
    return read_line(
        booked_on=booked,
        valued_on=_day(entry, "ValDt") if entry.find("ValDt") is not None else booked,
        minor=minor,
        currency=currency,
        own_name=_text(told, "Refs/AcctSvcrRef", "Refs/TxId") or _text(entry, "AcctSvcrRef", "NtryRef"),
        reversal=_text(entry, "RvslInd") in ("true", "1"),
        counterparty=" ".join(filter(None, who)),
        reference="" if reference == "NOTPROVIDED" else reference,
        note=" ".join(filter(None, notes)),
    )


def _money(amount: Element, side: Element) -> tuple[str, int]:
    """The currency, and the amount with its sign."""
    said, sign = amount.find("Amt"), _SIGN.get(_text(side, "CdtDbtInd"))
    currency = "" if said is None else said.get("Ccy", "")
    if said is None or sign is None or not re.fullmatch("[A-Z]{3}", currency):
        raise NotAStatement("In this camt.053 an amount has no currency, or no side.")
    return currency, sign * minor_of(_own(said), currency)


def _day(said: Element, name: str) -> date:
    words = _text(said, f"{name}/Dt", f"{name}/DtTm")
    try:
        return date.fromisoformat(words[:10])
    except ValueError:
        raise NotAStatement("In this camt.053 a date is missing, or cannot be.") from None


def _text(said: Element, *paths: str) -> str:
    """What stands at the first of these places that is not blank."""
    return next((words for path in paths if (words := _own(said.find(path)))), "")


def _own(element: Element | None) -> str:
    return " ".join((element.text or "").split()) if element is not None else ""
