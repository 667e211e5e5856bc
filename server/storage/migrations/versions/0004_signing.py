"""One-time codes and handwriting."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
CREATE TABLE codes (
    id VARCHAR NOT NULL,
    hearing VARCHAR NOT NULL,
    person VARCHAR NOT NULL,
    digest BLOB NOT NULL,
    sent_at VARCHAR NOT NULL,
    wrong INTEGER NOT NULL,
    spent BOOLEAN NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(hearing) REFERENCES hearings (id),
    FOREIGN KEY(person) REFERENCES people (id)
)
    """,
    "CREATE INDEX codes_person ON codes (person, sent_at)",
    """
CREATE TABLE handwriting (
    hearing VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (hearing, sha256),
    FOREIGN KEY(hearing) REFERENCES hearings (id)
)
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the log of a hearing is never rewritten")
