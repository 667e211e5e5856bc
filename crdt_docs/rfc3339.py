"""Times as RFC 3339 writes them, strictly: capital T and Z, an offset, no leap second."""

import re
from datetime import datetime

_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)


def parse(text: str) -> datetime | None:
    """The moment, with its offset; None when the text is no RFC 3339 time."""
    if not _FORM.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
