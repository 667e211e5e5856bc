"""The first schema."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    """
CREATE TABLE bindings (
    hearing VARCHAR NOT NULL,
    client INTEGER NOT NULL,
    person VARCHAR NOT NULL,
    PRIMARY KEY (hearing, client)
)
 WITHOUT ROWID
    """,
    """
CREATE TABLE documents (
    id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (name)
)
    """,
    """
CREATE TABLE hearings (
    id VARCHAR NOT NULL,
    case_number VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    court VARCHAR NOT NULL,
    starts_at VARCHAR NOT NULL,
    options TEXT NOT NULL,
    PRIMARY KEY (id)
)
    """,
    """
CREATE TABLE people (
    id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    PRIMARY KEY (id)
)
    """,
    """
CREATE TABLE storage_probe (
    id INTEGER NOT NULL,
    filling BLOB NOT NULL,
    PRIMARY KEY (id)
)
    """,
    """
CREATE TABLE checkpoints (
    document INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    state BLOB NOT NULL,
    sha256 BLOB NOT NULL,
    PRIMARY KEY (document),
    FOREIGN KEY(document) REFERENCES documents (id)
)
    """,
    """
CREATE TABLE control_log (
    hearing VARCHAR NOT NULL,
    seq INTEGER NOT NULL,
    header TEXT NOT NULL,
    salt BLOB NOT NULL,
    payload TEXT NOT NULL,
    leaf BLOB NOT NULL,
    PRIMARY KEY (hearing, seq),
    FOREIGN KEY(hearing) REFERENCES hearings (id)
)
    """,
    """
CREATE TABLE exhibits (
    hearing VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    title VARCHAR NOT NULL,
    PRIMARY KEY (hearing, id),
    FOREIGN KEY(hearing) REFERENCES hearings (id)
)
    """,
    """
CREATE TABLE participants (
    hearing VARCHAR NOT NULL,
    person VARCHAR NOT NULL,
    position INTEGER DEFAULT '0' NOT NULL,
    role VARCHAR NOT NULL,
    label VARCHAR DEFAULT '' NOT NULL,
    represents VARCHAR DEFAULT '' NOT NULL,
    PRIMARY KEY (hearing, person),
    FOREIGN KEY(hearing) REFERENCES hearings (id),
    FOREIGN KEY(person) REFERENCES people (id)
)
    """,
    """
CREATE TABLE sessions (
    id VARCHAR NOT NULL,
    person VARCHAR NOT NULL,
    created_at VARCHAR NOT NULL,
    expires_at VARCHAR NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(person) REFERENCES people (id)
)
    """,
    """
CREATE TABLE updates (
    document INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    data BLOB NOT NULL,
    person VARCHAR NOT NULL,
    client INTEGER,
    at VARCHAR NOT NULL,
    head BLOB NOT NULL,
    line INTEGER,
    PRIMARY KEY (document, seq),
    FOREIGN KEY(document) REFERENCES documents (id)
)
 WITHOUT ROWID
    """,
    "CREATE UNIQUE INDEX updates_line ON updates (document, line) WHERE line IS NOT NULL",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the log of a hearing is never rewritten")
