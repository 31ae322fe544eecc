"""Alembic runs on the connection it is handed (community.db.migrate); it makes none itself."""

from alembic import context
from sqlalchemy import text

from community.db.models import Base

connection = context.config.attributes["connection"]
if connection.dialect.name == "postgresql":  # never queue the whole town behind a lock
    connection.execute(text("SET LOCAL lock_timeout = '5s'"))
    connection.execute(text("SET LOCAL statement_timeout = '60s'"))
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
