"""Updates that came after a freeze."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
CREATE TABLE late_edits (
    document VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    hearing VARCHAR NOT NULL,
    person VARCHAR NOT NULL,
    data BLOB NOT NULL,
    at VARCHAR NOT NULL,
    PRIMARY KEY (document, sha256),
    FOREIGN KEY(hearing) REFERENCES hearings (id)
)
        """
    )


def downgrade() -> None:
    raise NotImplementedError("what came late is kept")
