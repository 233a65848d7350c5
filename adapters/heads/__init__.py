"""Places outside where signed tree heads are told."""
