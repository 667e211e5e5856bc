"""As much of JSON Schema 2020-12 as the API's description uses; an unknown keyword is an error, never ignored."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}
TYPES |= {"null": type(None)}
KNOWN = {"$ref", "type", "enum", "oneOf", "properties", "required", "additionalProperties", "items", "pattern"}
KNOWN |= {"minimum", "maximum", "format"}


def faults(value: Any, schema: Mapping[str, Any], schemas: Mapping[str, Any], at: str = "$") -> Iterator[str]:
    """Every place where `value` is not what `schema` says."""
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        yield from faults(value, schemas[schema["$ref"].rpartition("/")[2]], schemas, at)
        return
    if "oneOf" in schema:
        fitting = [one for one in schema["oneOf"] if not list(faults(value, one, schemas, at))]
        if len(fitting) != 1:
            yield f"{at}: fits {len(fitting)} of the alternatives"
        return
    kinds = schema.get("type", [])
    if not any(_is(value, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
        yield f"{at}: {value!r} is no {kinds}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema['enum']}"
    if isinstance(value, str):
        yield from _text(value, schema, at)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from faults(item, schema["items"], schemas, f"{at}[{number}]")
    elif isinstance(value, dict):
        yield from _members(value, schema, schemas, at)
    elif isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{at}: {value} is out of range"


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, TYPES[kind]) and not (kind == "integer" and isinstance(value, bool))


def _text(value: str, schema: Mapping[str, Any], at: str) -> Iterator[str]:
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{at}: {value!r} does not match {schema['pattern']}"
    if schema.get("format") == "date-time":
        try:
            datetime.fromisoformat(value)
        except ValueError:
            yield f"{at}: {value!r} is no time"


def _members(value: Mapping[str, Any], schema: Mapping[str, Any], schemas: Mapping[str, Any], at: str) -> Iterator[str]:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name in schema.get("required", []):
        if name not in value:
            yield f"{at}: {name} is missing"
    for name, member in value.items():
        if name in properties:
            yield from faults(member, properties[name], schemas, f"{at}.{name}")
        elif others is False:
            yield f"{at}: {name} is not described"
        elif isinstance(others, dict):
            yield from faults(member, others, schemas, f"{at}.{name}")
