"""The rules of the invariants, as an operator reads them behind a finding of `loket check`."""

from __future__ import annotations

from core.domain.invariants import RULES

HEAD = """\
# What must always be true

Printed by `make diagrams` from `core/domain/invariants/rules.py`.

Whatever crashed, came twice or came too late: at any moment, and after any entry of the journal, all of this holds.
`loket check` goes through a whole store, beside the running counter, and names the rule and the rows that break it.
Tests bend a sound store in every way they can think of and expect the rule that notices.

| rule | says |
|---|---|
"""


def rules_page() -> str:
    return HEAD + "".join(f"| `{name}` | {words} |\n" for name, words in RULES.items())
