"""The shapes our documents may have, as the gate is told them; each makes the rules of one document."""

from collections.abc import Callable
from dataclasses import dataclass

from .annotation_rules import AnnotationRules, Extent
from .rules import Rules
from .transcript_rules import TranscriptRules


@dataclass(frozen=True, slots=True)
class Shape:
    """`make` is called once a document: rules keep what they count."""

    name: str
    make: Callable[[], Rules]


TRANSCRIPT = Shape("transcript", TranscriptRules)
ANNOTATIONS = Shape("annotations", AnnotationRules)


def annotations(extent: Callable[[], Extent]) -> Shape:
    """Of an exhibit that has so much to be marked at the moment of asking."""
    return Shape("annotations", lambda: AnnotationRules(None, extent))


def notes(person: str, extent: Callable[[], Extent] = Extent) -> Shape:
    """Private notes: annotations that one person alone writes."""
    return Shape("notes", lambda: AnnotationRules(person, extent))
