"""The commands that are one question and its answer: login, logout, hearings, control, tail without --follow."""

from __future__ import annotations

import argparse
import os
from typing import Any
from urllib.parse import urlsplit

from clients.cli import profiles, sentences, times
from clients.cli.api import Api, hearing_path
from clients.cli.outcomes import Exit, Failure
from clients.cli.output import Output
from clients.cli.profiles import Login, Profile

PAGE = 200  # log entries asked for at once


def who(options: argparse.Namespace) -> Login:
    return profiles.login(options.url, options.token, options.profile, os.environ)


def login(options: argparse.Namespace, out: Output) -> Exit:
    url, secret = _parts(options.link)
    with Api(Login(url, ""), out.lang) as api:
        answer = api.post("/api/login/link", {"secret": secret, "bearer": True})
    person = answer["person"]
    file = profiles.path(os.environ)
    made = Profile(url, answer["token"], person["id"], person["name"], answer["expires_at"])
    profiles.save(file, {**profiles.load(file), options.profile: made})
    if out.as_json:
        out.json({"url": url, "profile": options.profile, "person": person, "expires_at": made.expires_at})
    else:
        out.say(sentences.LOGGED_IN, name=made.name, url=url, until=times.shown(made.expires_at))
    return Exit.OK


def _parts(link: str) -> tuple[str, str]:
    parts = urlsplit(link)
    path = parts.path.rstrip("/")
    if parts.scheme not in {"http", "https"} or not parts.netloc or not parts.fragment or not path.endswith("/login"):
        raise Failure(Exit.USAGE, "bad_link_form", sentences.BAD_LINK)
    return f"{parts.scheme}://{parts.netloc}{path.removesuffix('/login')}", parts.fragment


def logout(options: argparse.Namespace, out: Output) -> Exit:
    """The token is deleted here in any case; only the server's word makes it a success."""
    file = profiles.path(os.environ)
    stored = profiles.load(file)
    found = who(options)
    kept = {name: one for name, one in stored.items() if one.token != found.token}
    try:
        with Api(found, out.lang) as api:
            api.post("/api/logout")
    except Failure as failure:
        if failure.status == Exit.NO_CONNECTION and len(kept) < len(stored):
            out.aside(sentences.FORGOTTEN)
        if failure.code != "unauthenticated":
            raise
    finally:
        if len(kept) < len(stored):
            profiles.save(file, kept)
    out.json({"logged_out": True}) if out.as_json else out.say(sentences.LOGGED_OUT)
    return Exit.OK


def hearings(options: argparse.Namespace, out: Output) -> Exit:
    with Api(who(options), out.lang) as api:
        answer = api.get("/api/hearings")
    if out.as_json:
        out.json(answer)
    elif answer["hearings"]:
        out.table(_HEADS, [_row(one, out.lang) for one in answer["hearings"]])
    else:
        out.say(sentences.NO_HEARINGS)
    return Exit.OK


_HEADS = (
    sentences.HEAD_HEARING,
    sentences.HEAD_STARTS,
    sentences.HEAD_PHASE,
    sentences.HEAD_ROLE,
    sentences.HEAD_STATE,
    sentences.HEAD_CASE,
    sentences.HEAD_TITLE,
)


def _row(one: dict[str, Any], lang: str) -> list[str]:
    return [
        one["id"],
        times.shown(one["starts_at"]),
        sentences.named(sentences.PHASES, one["phase"], lang),
        sentences.named(sentences.ROLES, one["role"], lang),
        sentences.named(sentences.STATES, one["state"], lang),
        one["case_number"],
        one["title"],
    ]


def control(options: argparse.Namespace, out: Output) -> Exit:
    body = {"command": options.action, **_given(options)}
    with Api(who(options), out.lang) as api:
        answer = api.post(hearing_path(options.hearing, "/commands"), body)
    done = {"seq": answer["seq"], "applied_seq": answer["applied_seq"]}
    if out.as_json:
        out.json(done)
        return Exit.OK
    out.say(sentences.CARRIED_OUT, seq=done["seq"])
    if done["applied_seq"] < done["seq"]:
        out.say(sentences.NOT_YET_IN_STEP, applied=done["applied_seq"])
    return Exit.OK


def line(options: argparse.Namespace, out: Output) -> Exit:
    """The command `line` of `control`, written like a message."""
    named = {name: None for name in (*_FIELDS, "until")} | {"person": options.person, "text": options.text}
    return control(argparse.Namespace(**{**vars(options), **named, "action": "line"}), out)


_PERSONAL = {
    *("isolate", "release", "record_refusal", "confirm_refusal", "mark_unreachable"),
    *("summon", "dismiss", "mute", "unmute", "floor", "remove"),
}
_FIELDS = ("person", "reason", "kind", "turn", "of", "decision", "code", "text")


def _given(options: argparse.Namespace) -> dict[str, str]:
    if options.action in _PERSONAL and not options.person:
        raise Failure(Exit.USAGE, "needs_person", sentences.NEEDS_PERSON.fill(command=options.action))
    given = {"until": _until(options.until), **{name: getattr(options, name) for name in _FIELDS}}
    return {name: value for name, value in given.items() if value is not None}


def _until(text: str | None) -> str | None:
    try:
        return None if text is None else times.until(text, times.now())
    except ValueError as error:
        raise Failure(Exit.USAGE, "bad_time", sentences.BAD_TIME.fill(text=text)) from error


def tail(options: argparse.Namespace, out: Output) -> Exit:
    after = options.after
    with Api(who(options), out.lang) as api:
        while True:
            answer = api.get(hearing_path(options.hearing, "/log"), after=after, limit=PAGE)
            for entry in answer["entries"]:
                log_entry(entry, out)
                after = entry["header"]["seq"]
            if not answer["entries"] or after >= answer["seq"]:
                return Exit.OK


def log_entry(entry: dict[str, Any], out: Output) -> None:
    """One entry of the log, from HTTP or from the control channel: the same line."""
    header, payload = entry["header"], entry.get("payload")
    if out.as_json:
        out.json({"header": header, "leaf": entry["leaf"], "salt": entry.get("salt"), "payload": payload})
        return
    what = sentences.named(sentences.EVENTS, header["kind"], out.lang)
    parts = [f"#{header['seq']}", times.shown(header["at"]), what, header["actor"]]
    out.line("  ".join([*parts, _payload(payload, out.lang)]))


def _payload(payload: dict[str, Any] | None, lang: str) -> str:
    import json

    return sentences.WITHHELD.say(lang) if payload is None else json.dumps(payload, ensure_ascii=False)
