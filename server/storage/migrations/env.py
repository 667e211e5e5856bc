"""Alembic's entry point: runs the revisions on the connection that server.storage.engine.migrate() hands over."""

from alembic import context

from server.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
