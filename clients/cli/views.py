"""Two ways to show a hearing that is watched: JSON lines for programs, a running text for people."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from unicodedata import category

from clients.cli import sentences, times
from clients.cli.changes import Change
from clients.cli.control_feed import Message
from clients.cli.live import Status
from clients.cli.output import Output, console

if TYPE_CHECKING:
    from rich.live import Live

    from crdt_docs.transcript import Turn

_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # not private use or unassigned: rare names are written with these
QUIET = 2.0  # seconds without a key, after which a turn is printed as it stands


class JsonView:
    """One object a line: `turn` (change, index, turn), `transcript` (cleared), `welcome`, `event`, `state`, `storage`,
    `connection` (which, connected, why).

    The steps of `turn` lines, played in order on an empty list, give the transcript (see changes.Change)."""

    def __init__(self, out: Output) -> None:
        self._out = out

    def changed(self, steps: Sequence[Change]) -> None:
        for step in steps:
            turn = asdict(step.turn)
            self._out.json({"type": "turn", "change": step.change, "index": step.index, "turn": turn})

    def cleared(self, isolated: bool) -> None:
        self._out.json({"type": "transcript", "change": "cleared", "isolated": isolated})

    def message(self, message: Message) -> None:
        self._out.json({**message, "type": message["type"].lower()})

    def connection(self, which: str, status: Status) -> None:
        self._out.json({"type": "connection", "which": which, "connected": status.connected, "why": status.why})

    def tick(self) -> None:
        """Everything is printed at once; there is nothing to wait for."""


@dataclass(slots=True)
class _Open:
    """A turn that somebody is typing, and when it last changed (running clock)."""

    turn: Turn
    index: int
    at: float


class TextView:
    """Turns are printed when they have come to rest; on a terminal those being typed stand below, moving."""

    def __init__(self, out: Output, *, last: int | None, after: int) -> None:
        self._out = out
        self._last = last
        self._after = after  # events up to here are old news; -1: all up to the first Welcome are
        self._console = console()
        self._live: Live | None = None
        self._open: dict[str, _Open] = {}
        self._printed: dict[str, str] = {}
        self._day = ""
        self._is_first = True
        self._is_isolated = False
        self._lost: dict[str, bool] = {}
        self._names: dict[str, str] = {}

    # ---- what the watch tells

    def changed(self, steps: Sequence[Change]) -> None:
        if self._is_first:
            self._say_released()
            self._print_beginning([step.turn for step in steps])
            return
        for step in steps:
            if step.change == "removed":
                self._removed(step.turn)
            else:
                self._open[step.turn.id] = _Open(step.turn, step.index, time.monotonic())

    def cleared(self, isolated: bool) -> None:
        """Nothing of the transcript stays here, nor on the terminal; after a release it is printed anew."""
        self._open.clear()
        self._printed.clear()
        self._is_first = True
        self._day = ""
        if self._out.is_terminal:
            self._show_open()
            self._out.wipe()
        self._is_isolated = isolated
        if isolated:
            self._mark(sentences.NOW_ISOLATED.say(self._out.lang))

    def message(self, message: Message) -> None:
        if message["type"] == "Welcome":
            self._welcome(message)
        elif message["type"] == "Event":
            self._event(message)
        elif message["type"] == "Storage":
            words = sentences.STORAGE_BACK if message["writable"] else sentences.STORAGE_STOPPED
            self._mark(words.say(self._out.lang))

    def connection(self, which: str, status: Status) -> None:
        """Losses and returns are told once, of the transcript alone; the first connection is no news."""
        was_lost = self._lost.get(which, False)
        self._lost[which] = not status.connected
        if which == "control" or was_lost == self._lost[which]:
            return
        words = sentences.RECONNECTED if status.connected else sentences.RECONNECTING
        if self._out.is_terminal:
            self._mark(words.say(self._out.lang))
        else:
            self._out.aside(words)

    def tick(self) -> None:
        now = time.monotonic()
        rested = [one for one in self._open.values() if now - one.at >= QUIET]
        for one in sorted(rested, key=lambda one: one.index):
            del self._open[one.turn.id]
            self._rest(one.turn)
        self._show_open()

    def close(self) -> None:
        """Prints what was still being typed and gives the terminal back."""
        for one in sorted(self._open.values(), key=lambda one: one.index):
            self._rest(one.turn)
        self._open.clear()
        if self._live is not None:
            self._live.stop()

    # ---- how it is shown

    def _say_released(self) -> None:
        if self._is_isolated:
            self._is_isolated = False
            self._mark(sentences.NOW_RELEASED.say(self._out.lang))

    def _print_beginning(self, turns: Sequence[Turn]) -> None:
        self._is_first = False
        left_out = max(0, len(turns) - self._last) if self._last is not None else 0
        if left_out:
            self._mark(sentences.EARLIER_LEFT_OUT.say(self._out.lang, count=left_out))
        for turn in turns[left_out:]:
            self._print_turn(turn, "")
        self._printed = {turn.id: turn.text for turn in turns}

    def _rest(self, turn: Turn) -> None:
        before = self._printed.get(turn.id)
        if before == turn.text:
            return
        self._printed[turn.id] = turn.text
        self._print_turn(turn, "" if before is None else sentences.REWRITTEN.say(self._out.lang))

    def _removed(self, turn: Turn) -> None:
        self._open.pop(turn.id, None)
        if self._printed.pop(turn.id, None) is not None:
            self._print_turn(turn, sentences.REMOVED.say(self._out.lang))

    def _welcome(self, message: Message) -> None:
        self._names = {one["person"]: one["name"] for one in message["roster"]}
        if self._after < 0:
            self._after = message["seq"]
            self._heading(message)

    def _heading(self, message: Message) -> None:
        hearing = message["hearing"]
        phase = sentences.named(sentences.PHASES, message["phase"], self._out.lang)
        starts = times.shown(hearing["starts_at"])
        self._mark(f"{hearing['case_number']} {hearing['title']} · {hearing['court']} · {starts} · {phase}")

    def _event(self, message: Message) -> None:
        header = message["header"]
        is_line = header["kind"] == "PrivateLine"  # shown to whoever is isolated from the start, who gets no Welcome
        if (self._after < 0 and not is_line) or header["seq"] <= self._after or header["kind"] == "HadSeen":
            return
        payload = message.get("payload") or {}
        concerned = payload.get("person", "")
        what = sentences.named(sentences.EVENTS, header["kind"], self._out.lang)
        withheld = "" if "payload" in message else sentences.WITHHELD.say(self._out.lang)
        name = self._names.get(concerned, concerned)
        self._mark(
            f"{times.shown(header['at'])} #{header['seq']} {what} {name}{withheld}{_said(header, payload)}".rstrip()
        )

    def _print_turn(self, turn: Turn, mark: str) -> None:
        day, clock = times.day_and_clock(turn.at)
        if day != self._day:
            self._day = day
            self._mark(f"{day} +08:00")
        self._console.print(self._styled(turn, f"{clock} " + (f"[{mark}] " if mark else "")))

    def _styled(self, turn: Turn, before: str) -> Any:
        from rich.text import Text

        style = {"heading": "bold", "procedure": "cyan", "note": "italic"}.get(turn.kind, "")
        speaker = (turn.role or self._names.get(turn.speaker, "")) if turn.kind == "speech" else ""
        text = Text(before, style="dim")
        text.append(f"{speaker}：" if speaker else "", style="bold")
        return text.append(_printable(turn.text), style=style)

    def _mark(self, text: str) -> None:
        from rich.text import Text

        self._console.print(Text(f"—— {_printable(text)}", style="dim"))

    def _show_open(self) -> None:
        if not self._out.is_terminal:
            return
        from rich.live import Live
        from rich.text import Text

        if self._live is None:
            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.start()
        typing = sentences.TYPING.say(self._out.lang)
        lines = [self._styled(one.turn, f"… {typing} ") for one in sorted(self._open.values(), key=lambda o: o.index)]
        self._live.update(Text("\n").join(lines), refresh=True)


def _said(header: Message, payload: Message) -> str:
    """The words of a private line; `>` those of the isolated person, `<` a clerk's to them."""
    if header["kind"] != "PrivateLine" or "text" not in payload:
        return ""
    mark = ">" if header["actor"] == payload["person"] else "<"
    return f" {mark} {payload['text']}"


def _printable(text: str) -> str:
    """Control and invisible formatting characters of a text written by others never reach the terminal."""
    return "".join("\N{REPLACEMENT CHARACTER}" if category(sign) in _UNSEEN else sign for sign in text)
