"""What can be decided about what. A kind of subject is a row here, and a file with its actions."""

from __future__ import annotations

from collections.abc import Mapping

from core.services.approve import Table
from core.services.decide_break import OF_BREAKS
from core.services.decide_case import OF_CASES
from core.services.decide_payment import OF_PAYMENTS
from core.services.decide_wallet import OF_WALLETS
from core.services.employ import OF_OPERATORS
from core.services.reconcile.actions import OF_DIFFERENCES
from core.services.reconcile.book_line import OF_BANK_LINES

VERDICTS: Mapping[str, Table] = {
    "payment": OF_PAYMENTS,
    "break": {**OF_BREAKS, **OF_BANK_LINES, **OF_DIFFERENCES},
    "wallet": OF_WALLETS,
    "case": OF_CASES,
    "operator": OF_OPERATORS,
}
