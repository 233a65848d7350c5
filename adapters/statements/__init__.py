"""Statements as they come from outside: files that are read into the records of `core.domain`, or refused."""
