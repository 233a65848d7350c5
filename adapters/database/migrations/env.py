"""Alembic's way in. Run by the program with a connection; `migrations.run` says how."""

from __future__ import annotations

from alembic import context

from adapters.database.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # The one who gave the connection has begun a transaction and will commit it: SQLite undoes tables as it does rows.
    transactional_ddl=True,
)
context.run_migrations()
