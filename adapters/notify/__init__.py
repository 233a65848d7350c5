"""Ways to a phone: bulk SMS, and the demo's own phones."""
