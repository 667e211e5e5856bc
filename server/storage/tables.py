"""The tables, as SQLAlchemy Core objects: one place for names and columns; makes no connection.

Times are RFC 3339 strings with milliseconds in UTC. `updates` and `control_log` are evidence: rows are
inserted, never changed.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

hearings = Table(
    "hearings",
    metadata,
    Column("id", String, primary_key=True),
    Column("case_number", String, nullable=False),
    Column("title", String, nullable=False),
    Column("court", String, nullable=False),
    Column("starts_at", String, nullable=False),
    Column("options", Text, nullable=False),  # JSON object
)

people = Table(
    "people",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
)

participants = Table(
    "participants",
    metadata,
    Column("hearing", String, ForeignKey("hearings.id"), primary_key=True),
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("position", Integer, nullable=False, server_default="0"),  # order of the list of participants
    Column("role", String, nullable=False),
    Column("label", String, nullable=False, server_default=""),  # what is printed: 审, 原代 …
    Column("represents", String, nullable=False, server_default=""),  # person id of the party an agent speaks for
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String, primary_key=True),
    Column("person", String, ForeignKey("people.id"), nullable=False),
    Column("created_at", String, nullable=False),
    Column("expires_at", String, nullable=False),
)

exhibits = Table(
    "exhibits",
    metadata,
    Column("hearing", String, ForeignKey("hearings.id"), primary_key=True),
    Column("id", String, primary_key=True),
    Column("number", Integer, nullable=False),  # 1..n without holes; 0 when refused
    Column("title", String, nullable=False),
    Column("purpose", String, nullable=False, server_default=""),  # 证明目的
    Column("offered_by", String, nullable=False, server_default=""),  # person id of the party
    Column("name", String, nullable=False, server_default=""),  # of the file as uploaded
    Column("uploaded_by", String, nullable=False, server_default=""),
    Column("uploaded_at", String, nullable=False, server_default=""),
    Column("size", Integer, nullable=False, server_default="0"),  # bytes of the original
    Column("sha256", String, nullable=False, server_default=""),  # of the original, hex; names its file
    Column("pages", Integer, nullable=False, server_default="0"),
    Column("state", String, nullable=False, server_default="listed"),
    Column("code", String, nullable=False, server_default=""),  # why it was refused
    Column("warnings", Text, nullable=False, server_default="[]"),  # JSON: codes
)

control_log = Table(
    "control_log",
    metadata,
    Column("hearing", String, ForeignKey("hearings.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("header", Text, nullable=False),  # JCS
    Column("salt", LargeBinary, nullable=False),
    Column("payload", Text, nullable=False),  # JCS
    Column("leaf", LargeBinary, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
)

updates = Table(
    "updates",
    metadata,
    Column("document", Integer, ForeignKey("documents.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
    Column("person", String, nullable=False),
    Column("client", Integer, nullable=True),  # client id of the first struct block, NULL when the update only deletes
    Column("at", String, nullable=False),
    Column("head", LargeBinary, nullable=False),  # hash chain over this document's updates
    # seq of the control event whose procedure line this update writes; -n: the n-th piece of a seeded text; each once
    Column("line", Integer, nullable=True),
    Index("updates_line", "document", "line", unique=True, sqlite_where=Column("line").isnot(None)),
    sqlite_with_rowid=False,
)

bindings = Table(
    "bindings",
    metadata,
    Column("hearing", String, primary_key=True),
    Column("client", Integer, primary_key=True, autoincrement=False),
    Column("person", String, nullable=False),
    sqlite_with_rowid=False,
)

late_edits = Table(
    "late_edits",  # updates that came after the freeze: never part of a document
    metadata,
    Column("document", String, primary_key=True),
    Column("sha256", String, primary_key=True),
    Column("hearing", String, ForeignKey("hearings.id"), nullable=False),
    Column("person", String, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("at", String, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("document", Integer, ForeignKey("documents.id"), primary_key=True),
    Column("seq", Integer, nullable=False),  # last update merged into `state`
    Column("state", LargeBinary, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
)

storage_probe = Table(
    "storage_probe",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("filling", LargeBinary, nullable=False),  # rewritten to find out whether the disk takes writes again
)

codes = Table(
    "codes",
    metadata,
    Column("id", String, primary_key=True),
    Column("hearing", String, ForeignKey("hearings.id"), nullable=False),
    Column("person", String, ForeignKey("people.id"), nullable=False),
    Column("digest", LargeBinary, nullable=False),  # HMAC by the server's key; the code itself is nowhere
    Column("sent_at", String, nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("spent", Boolean, nullable=False),
    Index("codes_person", "person", "sent_at"),
)

handwriting = Table(
    "handwriting",
    metadata,
    Column("hearing", String, ForeignKey("hearings.id"), primary_key=True),
    Column("sha256", String, primary_key=True),
    Column("data", LargeBinary, nullable=False),  # PNG
)

device_tests = Table(
    "device_tests",
    metadata,
    Column("hearing", String, ForeignKey("hearings.id"), primary_key=True),
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("at", String, nullable=False),
    Column("result", Text, nullable=False),  # JSON: what was measured and answered
    Column("verdict", String, nullable=False),
)
