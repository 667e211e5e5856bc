"""What the server counts about itself, for `/metrics`; holds no name, no id and no word of anybody.

Modules import the objects below and count where the thing happens; `exposition()` is the Prometheus text of them all.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

REGISTRY = CollectorRegistry(auto_describe=True)
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

connections = Gauge(
    "yunting_connections", "Open WebSocket connections", ["wire"], registry=REGISTRY
)  # wire: collab | yjs | control | media: inc() at accept, dec() at the end

closed = Counter(
    "yunting_closed", "WebSocket connections closed by the server", ["code"], registry=REGISTRY
)  # code: 1006 (no sign of life) | 1009 | 1012 | 1013 | 4400 | 4401 | 4403 | 4409 | 4429

rooms_open = Gauge("yunting_rooms_open", "Documents held in memory", registry=REGISTRY)

admitted = Counter(
    "yunting_updates_admitted", "Document updates that are on disk and were sent on", ["wire"], registry=REGISTRY
)

refusals = Counter(
    "yunting_updates_refused", "Document frames refused by the gate or for want of a right", ["code"], registry=REGISTRY
)  # code: malformed | forbidden | conflict | stale | read_only | storage_unavailable

commands = Counter(
    "yunting_commands", "Commands given to hearings", ["command", "outcome"], registry=REGISTRY
)  # outcome: ack | refused

commit_seconds = Histogram(
    "yunting_commit_seconds",
    "One transaction of the commit thread, its fsync included",
    buckets=(0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0),
    registry=REGISTRY,
)

batch_size = Histogram(
    "yunting_commit_batch",
    "Writes in one transaction",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024),
    registry=REGISTRY,
)

event_loop_lag = Gauge(
    "yunting_event_loop_lag_seconds", "How late the event loop woke up at the last look", registry=REGISTRY
)

recording_downloads = Counter(
    "yunting_recording_downloads", "Downloads of recordings that were begun", ["what"], registry=REGISTRY
)  # what: segment | archive | clip

login_tries = Counter(
    "yunting_login_tries", "Tries to log in by link", ["outcome"], registry=REGISTRY
)  # outcome: ok | wrong | limited


media_processes = Counter(
    "yunting_media_processes", "Media processes that answered, each a new one after a death", registry=REGISTRY
)

media_people = Gauge("yunting_media_people", "Sockets of the media room", ["mode"], registry=REGISTRY)  # room | echo

cut_seconds = Histogram(
    "yunting_cut_seconds",
    "From a command's arrival until the media room has carried it out, its fsync included",
    buckets=(0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0),
    registry=REGISTRY,
)


def exposition() -> bytes:
    """Every metric in Prometheus' text form."""
    return generate_latest(REGISTRY)
