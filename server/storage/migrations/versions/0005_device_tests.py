"""Device tests before the hearing."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
CREATE TABLE device_tests (
    hearing VARCHAR NOT NULL,
    person VARCHAR NOT NULL,
    at VARCHAR NOT NULL,
    result TEXT NOT NULL,
    verdict VARCHAR NOT NULL,
    PRIMARY KEY (hearing, person),
    FOREIGN KEY(hearing) REFERENCES hearings (id),
    FOREIGN KEY(person) REFERENCES people (id)
)
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the log of a hearing is never rewritten")
