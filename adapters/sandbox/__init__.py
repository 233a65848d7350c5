"""A sandbox provider: the Digiflazz buyer API over HTTP, written from its public documentation alone.

It shares no code with the client of the same API, so that the two can disagree.
"""

from adapters.sandbox.app import make_app, running, serve
from adapters.sandbox.book import UnusableBook
from adapters.sandbox.faults import FAULTS
from adapters.sandbox.numbers import script_table
from adapters.sandbox.options import SandboxOptions

__all__ = ["FAULTS", "SandboxOptions", "UnusableBook", "make_app", "running", "script_table", "serve"]
