"""The steps of the schema, run by Alembic from `netralitas.store.schema`."""
