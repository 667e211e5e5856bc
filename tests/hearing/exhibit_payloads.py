"""Facts of the exhibits with the payloads that the log keeps of them."""

from __future__ import annotations

from server.hearing.exhibit_events import (
    ExhibitDescribed,
    ExhibitFact,
    ExhibitOffered,
    ExhibitRefused,
    ExhibitWithdrawn,
)

EXHIBITS: list[tuple[ExhibitFact, dict[str, object]]] = [
    (
        ExhibitOffered("e1", 2, "借条", "ab" * 32, 7, "证明借款", "p-plaintiff", "借条.pdf"),
        {
            "exhibit": "e1",
            "number": 2,
            "title": "借条",
            "sha256": "ab" * 32,
            "bytes": 7,
            "purpose": "证明借款",
            "offered_by": "p-plaintiff",
            "name": "借条.pdf",
        },
    ),
    (
        ExhibitOffered("e1", 1, "借条", "ab" * 32, 7),
        {"exhibit": "e1", "number": 1, "title": "借条", "sha256": "ab" * 32, "bytes": 7},
    ),
    (ExhibitRefused("e1", "damaged"), {"exhibit": "e1", "code": "damaged"}),
    (
        ExhibitDescribed("e1", {"title": "借据", "purpose": "", "number": 3}),
        {"exhibit": "e1", "changed": {"title": "借据", "purpose": "", "number": 3}},
    ),
    (ExhibitWithdrawn("e1", "重复提交"), {"exhibit": "e1", "reason": "重复提交"}),
]
