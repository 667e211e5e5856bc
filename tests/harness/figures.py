"""Where a test leaves a figure: printed always, kept in bench/results.json (key `soak`) when YUNTING_FIGURES is set.

It owns that one key of the file and changes nothing else in it.
"""

import json
import os
from pathlib import Path

RESULTS = Path(__file__).resolve().parents[2] / "bench" / "results.json"


def keep(name: str, figures: object) -> None:
    """One entry under `soak`."""
    print(f"{name}: {json.dumps(figures, ensure_ascii=False)}", flush=True)
    if not os.environ.get("YUNTING_FIGURES"):
        return
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    results.setdefault("soak", {})[name] = figures
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", "utf-8")
