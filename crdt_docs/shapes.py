"""The shapes our documents may have, as the gate is told them; each makes the rules of one document."""

from collections.abc import Callable
from dataclasses import dataclass

from .annotation_rules import AnnotationRules
from .rules import Rules
from .transcript_rules import TranscriptRules


@dataclass(frozen=True, slots=True)
class Shape:
    """`make` is called once a document: rules keep what they count."""

    name: str
    make: Callable[[], Rules]


TRANSCRIPT = Shape("transcript", TranscriptRules)
ANNOTATIONS = Shape("annotations", AnnotationRules)


def notes(person: str) -> Shape:
    """Private notes: annotations that one person alone writes."""
    return Shape("notes", lambda: AnnotationRules(person))
