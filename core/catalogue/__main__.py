"""`python -m core.catalogue [FOLDER]`: is a country's folder as it must be, and which routes are taken?"""

from __future__ import annotations

import sys
from pathlib import Path

from core.catalogue.counter_catalogue import CounterCatalogue
from core.catalogue.load import load
from core.catalogue.sheet import CatalogueError


def main(folder: str = "") -> int:
    try:
        catalogue = load(Path(folder).name, folder=Path(folder)) if folder else load()
    except CatalogueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.writelines(f"{line}\n" for line in report(catalogue))
    return 0


def report(catalogue: CounterCatalogue) -> list[str]:
    """A line a route, and a last one that counts."""
    products = sorted(catalogue.products.values(), key=lambda product: product.route)
    prices = sum(len(product.denominations) for product in products)
    return [
        *(f"{product.route:>5}  {product.product_id:<20} {product.biller.name}" for product in products),
        f"{len(catalogue.categories)} categories, {len(products)} products, {prices} prices: nothing is wrong",
    ]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
