"""Exhibits with files: what was uploaded, by whom, and what intake found."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COLUMNS = (
    "purpose VARCHAR DEFAULT '' NOT NULL",
    "offered_by VARCHAR DEFAULT '' NOT NULL",
    "name VARCHAR DEFAULT '' NOT NULL",
    "uploaded_by VARCHAR DEFAULT '' NOT NULL",
    "uploaded_at VARCHAR DEFAULT '' NOT NULL",
    "size INTEGER DEFAULT '0' NOT NULL",
    "sha256 VARCHAR DEFAULT '' NOT NULL",
    "pages INTEGER DEFAULT '0' NOT NULL",
    "state VARCHAR DEFAULT 'listed' NOT NULL",
    "code VARCHAR DEFAULT '' NOT NULL",
    "warnings TEXT DEFAULT '[]' NOT NULL",
)


def upgrade() -> None:
    for column in COLUMNS:
        op.execute(f"ALTER TABLE exhibits ADD COLUMN {column}")


def downgrade() -> None:
    raise NotImplementedError("what was handed in as evidence is never forgotten")
