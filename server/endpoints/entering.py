"""The way into a hearing over HTTP: the hearing of the path, for those who are part of it. Decides nothing else."""

from __future__ import annotations

from starlette.requests import Request

from server.control import HearingControl, UnknownHearing
from server.endpoints.admission import require_session, sessions_of
from server.endpoints.errors import ApiError


async def control_of(request: Request, person: str) -> HearingControl:
    """The hearing of the path, if the person is part of it; whoever is not learns nothing, not even that it exists.
    Another login of theirs ends (replacing.py)."""
    session = require_session(request)
    try:
        control: HearingControl = await request.app.state.hearings.get(request.path_params["hearing"])
    except UnknownHearing:
        raise ApiError("not_found") from None
    if person not in control.state.participants:
        raise ApiError("not_found")
    await request.app.state.replaced_sessions.came(control.hearing, session)
    if not sessions_of(request.app).alive(session.id):
        raise ApiError("unauthenticated")
    return control


async def entered(request: Request) -> tuple[HearingControl, str]:
    """The same for reading: whoever is isolated, released or removed is told so and nothing else."""
    person = require_session(request).person
    control = await control_of(request, person)
    participant = control.state.participants[person]
    if participant.barred:
        raise ApiError(participant.state.value.lower())
    return control, person
