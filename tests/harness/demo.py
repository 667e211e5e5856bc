"""What a data directory's demo.json says: people, tokens, documents. Read only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Person:
    role: str
    id: str
    name: str
    token: str
    link: str


@dataclass(frozen=True, slots=True)
class DemoHearing:
    id: str
    people: tuple[Person, ...]
    transcript: str
    annotations: tuple[str, ...]

    def all_of(self, role: str) -> list[Person]:
        return [person for person in self.people if person.role == role]

    def person(self, role: str, nth: int = 0) -> Person:
        """The nth person of a role; agents: the plaintiff's first."""
        return self.all_of(role)[nth]

    @property
    def judge(self) -> Person:
        return self.person("judge")

    @property
    def clerk(self) -> Person:
        return self.person("clerk")


@dataclass(frozen=True, slots=True)
class Demo:
    url: str
    hearing: DemoHearing
    scheduled: DemoHearing


def read_hearing(entry: Mapping[str, Any]) -> DemoHearing:
    people = tuple(Person(*(p[key] for key in ("role", "id", "name", "token", "link"))) for p in entry["people"])
    documents = entry["documents"]
    return DemoHearing(entry["hearing"], people, documents["transcript"], tuple(documents["annotations"]))


def read(data: Path) -> Demo:
    content = json.loads((data / "demo.json").read_text("utf-8"))
    return Demo(content["url"], read_hearing(content), read_hearing(content["scheduled"]))
