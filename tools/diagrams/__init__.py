"""Pages of docs/ that are printed from the code, so that they cannot say anything else than it does."""
