"""Device tests over HTTP: one's own result is kept, the court sees everybody's latest. Decides nothing."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.endpoints.bodies import json_object
from server.endpoints.entering import entered
from server.endpoints.errors import ApiError
from server.endpoints.headers import PRIVATE
from server.hearing import device_check
from server.hearing.state import STAFF, Role
from server.people.tokens import stamp, utc_now
from server.storage.device_tests import DeviceTestRecord, device_tests_of, keep_device_test

Json = dict[str, Any]
_MEMBERS = {"camera": str, "microphone": str, "speaker": str, "line": str, "figures": object}


async def keep_own_device_test(request: Request) -> Response:
    """PUT /api/hearings/{hearing}/device-test: judged here, kept in place of an earlier one, answered when on disk."""
    control, person = await entered(request)
    body = await json_object(request, _MEMBERS, frozenset(_MEMBERS))
    try:
        result = device_check.read(body)
    except device_check.BadResult as error:
        raise ApiError("malformed", str(error)) from None
    role = control.state.participants[person].role
    judged = device_check.verdict(result, watches_only=role is Role.OBSERVER)
    kept = DeviceTestRecord(control.hearing, person, stamp(utc_now()), device_check.written(result), judged)
    await request.app.state.commit_thread.commit(keep_device_test(kept))
    return JSONResponse(_shown(kept, role), headers=PRIVATE)


async def device_tests(request: Request) -> Response:
    """GET /api/hearings/{hearing}/device-tests: everybody's latest for the court, one's own for anybody else."""
    control, person = await entered(request)
    wanted = None if control.state.participants[person].role in STAFF else person
    hearing = control.hearing
    kept = await request.app.state.commit_thread.read(lambda connection: device_tests_of(connection, hearing, wanted))
    people = control.state.participants
    shown = [_shown(each, people[each.person].role) for each in kept if each.person in people]
    return JSONResponse({"tests": shown}, headers=PRIVATE)


def _shown(kept: DeviceTestRecord, role: Role) -> Json:
    result = device_check.read(kept.result)
    found = device_check.findings(result, watches_only=role is Role.OBSERVER)
    return {
        "person": kept.person,
        "at": kept.at,
        "verdict": kept.verdict,
        "result": kept.result,
        "findings": [
            {
                "code": each.code,
                "verdict": each.verdict.value,
                "advice_zh": device_check.ADVICE[each.code].zh,
                "advice_en": device_check.ADVICE[each.code].en,
            }
            for each in found
        ],
    }
