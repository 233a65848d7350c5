"""What the counter sells, read from TOML once and never changed. docs/catalogue.md tells how to add to it."""

from core.catalogue.counter_catalogue import Category, CounterCatalogue
from core.catalogue.load import load
from core.catalogue.messages import messages
from core.catalogue.sheet import CatalogueError

__all__ = ["CatalogueError", "Category", "CounterCatalogue", "load", "messages"]
