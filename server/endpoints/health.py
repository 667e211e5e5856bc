"""Whether the server works and what it counts; for machines, without login, tells nothing of any hearing."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server import metrics

FRESH = {"Cache-Control": "no-store"}


async def healthz(request: Request) -> Response:
    """GET /healthz: 200 while writes reach the disk, else 503 with the reason."""
    if request.app.state.commit_thread.healthy:
        return JSONResponse({"status": "ok"}, headers=FRESH)
    return JSONResponse({"status": "unavailable", "reason": "storage_unavailable"}, 503, FRESH)


async def metrics_text(request: Request) -> Response:
    """GET /metrics: Prometheus text."""
    return Response(metrics.exposition(), headers={"Content-Type": metrics.CONTENT_TYPE, **FRESH})
