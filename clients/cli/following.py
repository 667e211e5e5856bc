"""The commands that stay connected: watch, append, tail --follow."""

from __future__ import annotations

import argparse
import asyncio
import sys
import uuid
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from clients.cli import sentences, times
from clients.cli.api import Api, hearing_path
from clients.cli.commands import log_entry, who
from clients.cli.outcomes import Exit, Failure
from clients.cli.output import Output
from clients.cli.profiles import Login

if TYPE_CHECKING:
    from clients.cli.append import Pen
    from crdt_docs.transcript import Turn


def watch(options: argparse.Namespace, out: Output) -> Exit:
    from clients.cli.views import JsonView, TextView

    after = options.after
    if out.as_json:
        asyncio.run(_watch(options, out, JsonView(out), after or 0))
        return Exit.OK
    view = TextView(out, last=options.last, after=-1 if after is None else after)
    try:
        asyncio.run(_watch(options, out, view, after or 0))
    except KeyboardInterrupt:
        return Exit.OK
    finally:
        view.close()
    return Exit.OK


async def _watch(options: argparse.Namespace, out: Output, view: Any, after: int) -> None:
    from clients.cli.watch import Watch

    login, path = who(options), hearing_path(options.hearing)

    async def is_isolated() -> bool:
        return await asyncio.to_thread(_is_isolated, login, out.lang, path)

    await Watch(login, options.hearing, view, after=after, is_isolated=is_isolated).run()


def _is_isolated(login: Login, lang: str, path: str) -> bool:
    """What the server says over HTTP; without a connection nothing is known, which is not a yes."""
    try:
        with Api(login, lang) as api:
            found = api.get(path)
    except Failure as failure:
        return failure.code == "isolated"
    return found["you"]["state"] == "ISOLATED"


def tail(options: argparse.Namespace, out: Output) -> Exit:
    asyncio.run(_tail(options, out))
    return Exit.OK


async def _tail(options: argparse.Namespace, out: Output) -> None:
    from clients.cli.control_feed import ControlFeed, Message
    from clients.cli.live import Ended, Status

    entries: asyncio.Queue[Message] = asyncio.Queue()

    def told(message: Message) -> None:
        if message["type"] == "Event":
            entries.put_nowait(message)

    def status(now: Status) -> None:
        if not now.connected:
            out.aside(sentences.RECONNECTING)

    feed = ControlFeed(who(options), options.hearing, after=options.after, told=told, status=status)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(feed.run())
            while True:
                log_entry(await entries.get(), out)
    except* Ended as ended:
        end = ended.exceptions[0]
        assert isinstance(end, Ended)
        words = sentences.verdict(end.code, end.reason)
        raise Failure(Exit.REFUSED, end.reason or str(end.code), words) from end


def append(options: argparse.Namespace, out: Output) -> Exit:
    asyncio.run(_append(options, out))
    return Exit.OK


async def _append(options: argparse.Namespace, out: Output) -> None:
    from clients.cli.append import Pen

    login = who(options)
    speaker, role = await asyncio.to_thread(_speaker, login, options, out.lang)
    kind = options.kind or ("speech" if speaker or role else "note")
    batches = _batches(options, out)
    first = await anext(batches, None)
    if first is None:
        raise Failure(Exit.USAGE, "nothing_to_append", sentences.NOTHING_TO_APPEND)
    async with Pen(login, options.hearing, patience=options.patience).open() as pen:
        await _save(pen, [_turn(line, kind, speaker, role) for line in first], out)
        async for lines in batches:
            await _save(pen, [_turn(line, kind, speaker, role) for line in lines], out)


def _speaker(login: Login, options: argparse.Namespace, lang: str) -> tuple[str, str]:
    """(person id, printed label). A speaker who is named is looked up in the roster, which also gives the label."""
    if not options.speaker:
        return "", options.role or ""
    with Api(login, lang) as api:
        roster = api.get(hearing_path(options.hearing))["roster"]
    for one in roster:
        if options.speaker in (one["person"], one["name"], one.get("label")):
            return one["person"], one.get("label") or "" if options.role is None else options.role
    known = ", ".join(f"{one.get('label') or one['role']} {one['name']} ({one['person']})" for one in roster)
    words = sentences.UNKNOWN_SPEAKER.fill(speaker=options.speaker, known=known)
    raise Failure(Exit.USAGE, "unknown_speaker", words)


async def _batches(options: argparse.Namespace, out: Output) -> AsyncIterator[list[str]]:
    from clients.cli.typed import batches, checked

    if options.text != "-":
        lines = [checked(line.strip()) for line in options.text.splitlines() if line.strip()]
        if lines:
            yield lines
        return
    if sys.stdin.isatty():
        out.aside(sentences.TYPE_LINES)
    async for lines in batches(sys.stdin):
        yield lines


def _turn(text: str, kind: str, speaker: str, role: str) -> Turn:
    from crdt_docs.transcript import Turn

    at = times.stamp(times.now())
    return Turn(id=uuid.uuid4().hex, kind=kind, speaker=speaker, role=role, at=at, origin="", text=text)


async def _save(pen: Pen, turns: Sequence[Turn], out: Output) -> None:
    try:
        await pen.save(turns)
    except (Failure, asyncio.CancelledError):  # refused, given up, or Ctrl-C: the words are not lost from sight
        for turn in turns:
            _report(turn, False, out)
        raise
    for turn in turns:
        _report(turn, True, out)


def _report(turn: Turn, saved: bool, out: Output) -> None:
    if out.as_json:
        out.json({"saved": saved, "turn": turn.id, "text": turn.text})
    else:
        out.line(f"{sentences.SAVED.say(out.lang) + ' ✓' if saved else '?'} {turn.text}")
