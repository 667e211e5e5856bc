"""One JSON message of a WebSocket: an object with a known type, or a frame that closes the socket 4400."""

from __future__ import annotations

import json
from collections.abc import Container
from typing import Any, cast


class Malformed(ValueError):
    """A frame that is no message of its protocol."""


def read_message(data: bytes, types: Container[str]) -> dict[str, Any]:
    """The JSON object of a frame whose `type` is one of these; raises Malformed."""
    try:
        message = json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise Malformed("no JSON") from error
    if not isinstance(message, dict):
        raise Malformed("no object")
    found = cast("dict[str, Any]", message)
    kind = found.get("type")
    if not isinstance(kind, str) or kind not in types:
        raise Malformed("unknown type")
    return found
