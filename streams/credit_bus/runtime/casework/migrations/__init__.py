"""The migrations of the schema `casework`: what alembic runs, one file a revision."""
