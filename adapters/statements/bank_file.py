"""A bank's statement in whichever of the formats it is."""

from __future__ import annotations

from adapters.statements.camt053 import read_camt053
from adapters.statements.mt940 import read_mt940
from core.domain.bank_line import BankStatement

_BOM = b"\xef\xbb\xbf"


def read_bank_file(raw: bytes, *, bank: str) -> list[BankStatement]:
    """The statements of a file, in its order. XML is camt.053, anything else MT940. Raises `NotAStatement`."""
    read = read_camt053 if raw.removeprefix(_BOM).lstrip().startswith(b"<") else read_mt940
    return read(raw, bank=bank)
