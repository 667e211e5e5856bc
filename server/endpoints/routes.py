"""The HTTP routes: one table, from which the application's router and the OpenAPI document are both made."""

from __future__ import annotations

from starlette.routing import Route

from server.endpoints import annotated, device_tests, exhibits, extract, health, hearings, login, openapi
from server.endpoints.api_route import ApiRoute
from server.endpoints.pages import Pages
from server.endpoints.recording_routes import RECORDING_ROUTES
from server.endpoints.schemas import ID, NUMBER, TEXT
from server.endpoints.signing_routes import SIGNING_ROUTES
from server.hearing.guards import GUARDS

_HEARING = {"hearing": ID}
GUARD_CODES = tuple(dict.fromkeys(guard.code for guard in GUARDS))
_HIDDEN = ("isolated", "not_found")

_EXHIBIT = {**_HEARING, "exhibit": ID}
_UNREADABLE = ("role_may_not_read", "observers_not_admitted", "not_let_in", "wrong_phase", *_HIDDEN)

EXHIBITS: tuple[ApiRoute, ...] = (
    ApiRoute(
        "GET",
        "/api/hearings/{hearing}/exhibits",
        exhibits.list_exhibits,
        "The exhibits that I may see, by number",
        "Exhibits",
        refusals=_UNREADABLE,
        place=_HEARING,
    ),
    ApiRoute(
        "POST",
        "/api/hearings/{hearing}/exhibits",
        exhibits.hand_in,
        "Hand in an exhibit: the file is the body; answered when it is on disk, intake goes on by itself",
        "ExhibitEntry",
        202,
        upload="application/octet-stream",
        refusals=(
            *(
                "role_may_not_hand_in",
                "offered_for_another",
                "hearing_closed",
                "too_many_exhibits",
                "own_exhibits_used_up",
                "too_large",
            ),
            *("malformed", "cross_site", "storage_unavailable", *_HIDDEN),
        ),
        query={"title": TEXT, "purpose": TEXT, "offered_by": ID, "name": TEXT},
        place=_HEARING,
    ),
    ApiRoute(
        "GET",
        "/api/hearings/{hearing}/exhibits/{exhibit}",
        exhibits.one_exhibit,
        "One exhibit with the table of its pages",
        "ExhibitWithPages",
        refusals=_UNREADABLE,
        place=_EXHIBIT,
    ),
    ApiRoute(
        "PATCH",
        "/api/hearings/{hearing}/exhibits/{exhibit}",
        exhibits.change_exhibit,
        "A clerk names an exhibit or moves it to another number",
        "ExhibitEntry",
        body="ExhibitChange",
        refusals=(
            *("forbidden", "frozen", "exhibit_withdrawn", "not_ready"),
            *("cross_site", "storage_unavailable", *_UNREADABLE),
        ),
        place=_EXHIBIT,
    ),
    ApiRoute(
        "POST",
        "/api/hearings/{hearing}/exhibits/{exhibit}/withdraw",
        exhibits.withdraw_exhibit,
        "Withdraw an exhibit that one's side offers, or as a clerk; its file and its annotations stay",
        "ExhibitEntry",
        body="ExhibitWithdrawal",
        refusals=(
            *("not_your_exhibit", "hearing_closed", "frozen", "exhibit_withdrawn", "not_ready", "reason_missing"),
            *("cross_site", "storage_unavailable", *_UNREADABLE),
        ),
        place=_EXHIBIT,
    ),
    ApiRoute(
        "GET",
        "/api/hearings/{hearing}/exhibits/{exhibit}/served",
        exhibits.served_copy,
        "The copy that is shown (PDF); with Range and ETag",
        None,
        refusals=("not_ready", "range_not_satisfiable", *_UNREADABLE),
        media_type="application/pdf",
        place=_EXHIBIT,
    ),
    ApiRoute(
        "GET",
        "/api/hearings/{hearing}/exhibits/{exhibit}/original",
        exhibits.original,
        "The very bytes that were handed in, as an attachment; with Range and ETag",
        None,
        refusals=("not_ready", "exhibit_withdrawn", "range_not_satisfiable", *_UNREADABLE),
        media_type="application/octet-stream",
        place=_EXHIBIT,
    ),
    ApiRoute(
        "GET",
        "/api/hearings/{hearing}/exhibits/{exhibit}/pages/{page}/glyphs",
        exhibits.page_glyphs,
        "The words of one page (from 0) with the place of each character",
        "Glyphs",
        refusals=("not_ready", *_UNREADABLE),
        place={**_EXHIBIT, "page": NUMBER},
    ),
    ApiRoute(
        "GET",
        "/api/hearings/{hearing}/exhibits/{exhibit}/annotations",
        annotated.entries,
        "Every annotation of an exhibit with all its values, tombstones too",
        "Annotations",
        refusals=("not_ready", *_UNREADABLE),
        place=_EXHIBIT,
    ),
    ApiRoute(
        "GET",
        "/api/hearings/{hearing}/exhibits/{exhibit}/annotated",
        annotated.annotated_copy,
        "The copy that is shown with its annotations in it (PDF), made anew at each request",
        None,
        refusals=("not_ready", "exports_busy", "export_failed", "fonts_missing", *_UNREADABLE),
        media_type="application/pdf",
        place=_EXHIBIT,
    ),
)

DEVICE_TESTS: tuple[ApiRoute, ...] = (
    ApiRoute(
        "PUT",
        "/api/hearings/{hearing}/device-test",
        device_tests.keep_own_device_test,
        "Keep what the test of my devices and my line has found, judged; in place of an earlier one",
        "DeviceTest",
        body="DeviceResult",
        refusals=("cross_site", "storage_unavailable", "released", "removed", *_HIDDEN),
        place=_HEARING,
    ),
    ApiRoute(
        "GET",
        "/api/hearings/{hearing}/device-tests",
        device_tests.device_tests,
        "The latest device test of everybody for the court, my own for anybody else",
        "DeviceTests",
        refusals=("released", "removed", *_HIDDEN),
        place=_HEARING,
    ),
)

TABLE: tuple[ApiRoute, ...] = (
    ApiRoute(
        "POST",
        "/api/login/link",
        login.login_by_link,
        "Log in with the secret of a personal link",
        "Login",
        body="LinkLogin",
        open=True,
        refusals=("bad_link", "cross_site", "too_many_tries"),
    ),
    ApiRoute("GET", "/api/session", login.own_session, "Who am I", "Session"),
    ApiRoute(
        "POST",
        "/api/logout",
        login.logout,
        "End this session on every device",
        None,
        204,
        refusals=("cross_site", "storage_unavailable"),
    ),
    ApiRoute("GET", "/api/hearings", hearings.own_hearings, "My hearings, today's first", "OwnHearings"),
    ApiRoute(
        "GET",
        "/api/hearings/{hearing}",
        hearings.one_hearing,
        "One hearing as I may see it now",
        "Hearing",
        refusals=_HIDDEN,
        place=_HEARING,
    ),
    ApiRoute(
        "GET",
        "/api/hearings/{hearing}/log",
        hearings.log,
        "The hearing's numbered log; what I may not see is withheld, its leaf hash stays",
        "Log",
        refusals=("malformed", *_HIDDEN),
        query={"after": NUMBER, "limit": {"type": "integer", "minimum": 1, "maximum": hearings.MOST_ENTRIES}},
        place=_HEARING,
    ),
    ApiRoute(
        "POST",
        "/api/hearings/{hearing}/commands",
        hearings.command,
        "Give a command; answered when it is on disk and carried out",
        "Ack",
        body="Command",
        refusals=("cross_site", "invalid_command", *GUARD_CODES, "storage_unavailable", "not_found"),
        place=_HEARING,
    ),
    ApiRoute(
        "GET",
        "/api/hearings/{hearing}/extract",
        extract.own_extract,
        "What I, a witness or an expert in court, said and was asked, and the court's lines about me",
        "Transcript",
        refusals=("role_may_not_read", "not_let_in", "released", "removed", *_HIDDEN),
        place=_HEARING,
    ),
    ApiRoute(
        "GET",
        "/api/hearings/{hearing}/transcript",
        hearings.transcript,
        "The transcript's turns at this moment",
        "Transcript",
        refusals=("role_may_not_read", "observers_not_admitted", "not_let_in", "wrong_phase", *_HIDDEN),
        place=_HEARING,
    ),
    *SIGNING_ROUTES,
    *EXHIBITS,
    *DEVICE_TESTS,
    *RECORDING_ROUTES,
    ApiRoute("GET", "/api/openapi.json", openapi.document, "This description", "OpenApi", open=True),
    ApiRoute(
        "GET", "/healthz", health.healthz, "Whether writes reach the disk", "Health", open=True, unavailable="Health"
    ),
    ApiRoute("GET", "/metrics", health.metrics_text, "Prometheus text", None, open=True, media_type="text/plain"),
)


def http_routes(pages: Pages | None = None) -> list[Route]:
    """Every HTTP route, the built page last: it takes whatever path is left."""
    api = [Route(each.path, each.endpoint, methods=[each.method]) for each in TABLE]
    return [*api, Route("/{path:path}", (pages or Pages()).serve, methods=["GET"])]
