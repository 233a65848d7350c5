"""Print the life cycles, the map of flows, the ledger's rules and the invariants from the code into docs/.

python -m tools.diagrams
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.conversation.flows import FLOWS
from core.domain.payment import PAYMENT
from core.domain.wallet import WALLET
from tools.diagrams.flow_map import flow_map
from tools.diagrams.ledger_page import ledger_page
from tools.diagrams.rules_page import rules_page

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    for place, words in printed().items():
        path = ROOT / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words, "utf-8")
        print(place)


def printed() -> Mapping[str, str]:
    """Every printed page, by its place in the repository."""
    return {
        "docs/diagrams/payment.mmd": PAYMENT.mermaid(),
        "docs/diagrams/wallet.mmd": WALLET.mermaid(),
        "docs/diagrams/flows.mmd": flow_map(FLOWS),
        "docs/chart-of-accounts.md": ledger_page(),
        "docs/invariants.md": rules_page(),
    }


if __name__ == "__main__":
    main()
