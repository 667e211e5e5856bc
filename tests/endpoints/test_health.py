"""Health and metrics: open to machines, and free of anybody's name."""

from pathlib import Path
from types import SimpleNamespace

import httpx
from starlette.applications import Starlette

from server import metrics
from server.demo import cast
from server.endpoints.routes import http_routes
from tests.endpoints.serving import HEARING, Serving


async def test_a_server_that_can_write_is_well(server: Serving) -> None:
    answer = await server.client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["cache-control"] == "no-store"


async def test_a_server_that_cannot_write_says_so(tmp_path: Path) -> None:
    app = Starlette(routes=http_routes())
    app.state.commit_thread = SimpleNamespace(healthy=False)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
        answer = await client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "reason": "storage_unavailable"}


async def test_metrics_count_commands_and_tell_nobodys_name(server: Serving) -> None:
    await server.open_session()
    answer = await server.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    counted = [line for line in answer.text.splitlines() if line.startswith("yunting_commands_total{")]
    assert any('command="open"' in line and 'outcome="ack"' in line for line in counted)
    for name in ("yunting_commit_seconds_bucket", "yunting_rooms_open", "process_resident_memory_bytes"):
        assert name in answer.text
    for secret in (HEARING, *(part.id for part in cast.CAST), *(part.name for part in cast.CAST)):
        assert secret not in answer.text


def test_every_metric_has_a_help_text() -> None:
    families = [each for each in metrics.REGISTRY.collect() if each.name.startswith("yunting_")]
    assert len(families) >= 9
    assert all(each.documentation for each in families)
