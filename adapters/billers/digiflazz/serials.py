"""Serial numbers. A prepaid meter's is `token/name/segment/power/kWh`, with or without dashes in the token."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Twenty bare digits alone are an operator's serial number as often as a token, so a token shows its groups or its rest.
_TOKEN = re.compile(r"\s*([0-9]{4}(?:[- ]?[0-9]{4}){4})\s*/|\s*([0-9]{4}(?:[- ][0-9]{4}){4})\s*")
_ENERGY = re.compile(r"([0-9]{1,5}(?:[.,][0-9]{1,3})?)\s*(?:kwh)?", re.IGNORECASE)
_POWER = re.compile(r"0*([0-9]{1,7})\s*(?:va)?", re.IGNORECASE)
_SEGMENT = re.compile(r"[A-Z][0-9A-Z]{0,3}")


@dataclass(frozen=True, slots=True)
class Serial:
    """`token` are twenty digits or nothing. `detail` says what meter it is for and what is in it, without a name."""

    number: str
    token: str = ""
    detail: str = ""


def read_serial(sn: str) -> Serial:
    found = _TOKEN.match(sn)
    if not found or not (found[1] or found.end() == len(sn)):
        return Serial(sn)
    written = found[1] or found[2]
    return Serial(written, token=re.sub(r"\D", "", written), detail=_energy(sn.split("/")[1:]))


def _energy(rest: list[str]) -> str:
    """`R1/1300VA 66.2 kWh`. Read from the end, because a name may hold a slash."""
    if len(rest) < 4:
        return ""
    meter = segment_and_power("/".join(rest[-3:-1]))
    energy = _ENERGY.fullmatch(rest[-1].strip())
    return " ".join([meter, f"{energy[1].replace(',', '.')} kWh"]) if meter and energy else ""


def segment_and_power(words: str) -> str:
    """`R1 /000001300` as `R1/1300VA`; empty when it is something else."""
    segment, slash, power = words.partition("/")
    number = _POWER.fullmatch(power.strip())
    if not slash or not number or not _SEGMENT.fullmatch(segment.strip()):
        return ""
    return f"{segment.strip()}/{number[1]}VA"
