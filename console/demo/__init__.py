"""The demo: a counter with people, a provider and phones in a browser page, and nobody's money."""
