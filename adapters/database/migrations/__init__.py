"""How a store's tables come to be those of this version. Each migration stays as it was when it was released."""

# The newest migration, known without loading Alembic.
HEAD = "0009"
