"""Catalogues of translations, kept in step with the texts in the source. docs/languages.md tells how they are used."""
