"""Marks and their threads written into a PDF as real annotations with own appearances. Never touches the original.

Equal input gives equal bytes. The pages' content stays as it is, and so do annotations that the file already has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from crdt_docs.annotations import Annotation, Thread, answered, came_apart, threads
from crdt_docs.rfc3339 import parse
from server.evidence import drawing, lettering, writing
from server.evidence.drawing import Drawing, Pen, Rect
from server.evidence.lettering import Lettering

PRINTED = 4  # /F: shown and printed
QUIET = 30  # /F of a decision: no reader draws it
COURT_ZONE = timezone(timedelta(hours=8))
WRITTEN_OUT = frozenset({"freetext", "stamp"})
PAPER = 0.85  # how much of the page a sheet of paper on it hides
SUBTYPES = {
    "highlight": ("Highlight", "高亮"),
    "underline": ("Underline", "下划线"),
    "strikeout": ("StrikeOut", "删除线"),
    "square": ("Square", "方框"),
    "ellipse": ("Circle", "椭圆"),
    "line": ("Line", "直线"),
    "arrow": ("Line", "箭头"),
    "ink": ("Ink", "手绘"),
    "freetext": ("FreeText", "文字"),
    "stamp": ("Stamp", "图章"),
    "note": ("Text", "附注"),
}
DECISIONS = {
    "accepted": ("Accepted", "已接受"),
    "rejected": ("Rejected", "已拒绝"),
    "completed": ("Completed", "已完成"),
    "none": ("None", "未定"),
}
GONE = "（批注已删除）"


class FontMissing(Exception):
    """There is text to draw, but no font to draw it with."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the server says of the entries: person id -> printed name; entry -> when it came (RFC 3339)."""

    names: Mapping[str, str]
    received: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Written:
    """How many entries went into the file, and the ids of those for whose page it has no place."""

    count: int
    left_out: tuple[str, ...]


@dataclass(slots=True)
class _Sheet:
    """One page that gets annotations: its turn, its unit, where its upper left corner lies."""

    page: Any
    new: list[Any] = field(default_factory=list[Any])

    @property
    def turn(self) -> int:
        turn = int(_inherited(self.page, "/Rotate", 0)) % 360
        return turn if turn in drawing.TURNS else 0

    @property
    def unit(self) -> float:
        unit = float(self.page.get("/UserUnit", 1))
        return unit if unit > 0 else 1.0

    @property
    def visible(self) -> Rect:
        media = drawing.box([float(value) for value in _inherited(self.page, "/MediaBox", (0, 0, 612, 792))])
        crop = drawing.box([float(value) for value in _inherited(self.page, "/CropBox", media)])
        cut = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
        return cut if cut[0] < cut[2] and cut[1] < cut[3] else media


def _inherited(page: Any, key: str, missing: Any) -> Any:
    """A page's own value or that of the nearest node above it."""
    node, steps = page, 0
    while node is not None and steps < 64:
        if key in node:
            return node[key]
        node, steps = node.get("/Parent"), steps + 1
    return missing


def annotate(source: Path, target: Path, entries: Iterable[Annotation], told: Told, font: Path | None) -> Written:
    """Writes `source` with its marks to `target`. `font`: TrueType, for words that stand on the page. Raises
    FontMissing, and pikepdf.PdfError for a source that is no PDF.
    """
    found = threads(entries)
    with pikepdf.open(source) as pdf:
        letters, texts = _letters(found, font)
        annotator = _Annotator(pdf, told, texts, _embedded(pdf, letters) if letters else None, letters)
        for thread in found:
            annotator.add(thread)
        annotator.attach()
        pdf.save(target, deterministic_id=True)
    return Written(annotator.count, tuple(annotator.left_out))


def _letters(found: Sequence[Thread], font: Path | None) -> tuple[Lettering | None, dict[str, str]]:
    wanted = {t.mark.body or "" for t in found if t.mark.kind in WRITTEN_OUT and t.mark.is_living}
    if not wanted:
        return None, {}
    if font is None:
        raise FontMissing
    return lettering.lettering(font, sorted(wanted))


class _Annotator:
    def __init__(
        self,
        pdf: pikepdf.Pdf,
        told: Told,
        texts: Mapping[str, str],
        font: Any | None,
        letters: Lettering | None,
    ) -> None:
        self._pdf, self._told, self._texts, self._font, self._letters = pdf, told, texts, font, letters
        self._sheets: dict[int, _Sheet] = {}
        self.count = 0
        self.left_out: list[str] = []

    def add(self, thread: Thread) -> None:
        number = thread.mark.page or 0
        if number >= len(self._pdf.pages):
            self.left_out += [entry.id for entry in (thread.mark, *thread.answers) if entry.is_living]
            return
        sheet = self._sheets.setdefault(number, _Sheet(self._pdf.pages[number].obj))
        mark = self._mark(thread.mark, sheet)
        made = {thread.mark.id: mark}
        for entry in (*thread.replies, *thread.statuses):
            made[entry.id] = self._answer(entry, made, answered(entry, thread).id, sheet, mark)

    def attach(self) -> None:
        """The page's own list is written anew: one list may be shared by several pages."""
        for sheet in self._sheets.values():
            kept = sheet.page.get("/Annots", Array())
            sheet.page["/Annots"] = Array([*kept, *sheet.new] if isinstance(kept, Array) else sheet.new)

    def _mark(self, entry: Annotation, sheet: _Sheet) -> Any:
        pen, subtype = drawing.pen(entry), SUBTYPES.get(entry.kind, SUBTYPES["note"])
        drawn = self._drawn(entry, pen, sheet)
        if drawn is None:
            drawn, subtype = self._in_the_corner(sheet, pen), SUBTYPES["note"]
        values = self._common(entry, sheet, subtype[0], drawn.bounds) | {"/Subj": String(subtype[1])}
        values |= {
            "/C": Array(pen.colour),
            "/CA": pen.opacity,
            "/AP": Dictionary(N=self._appearance(entry, drawn, pen)),
        }
        if subtype[0] == _subtype(entry):
            values |= _GEOMETRY.get(entry.kind, _nothing)(entry, pen)
        mark = self._put(sheet, values)
        if subtype[0] == "Text":
            mark["/Name"], mark["/Open"] = Name.Comment, False
            self._pop_up(mark, sheet, drawn.bounds)
        self.count += entry.is_living
        return mark

    def _drawn(self, entry: Annotation, pen: Pen, sheet: _Sheet) -> Drawing | None:
        if not entry.is_living or not drawing.is_drawable(entry):
            return None
        if entry.kind == "note":
            return drawing.note(entry, pen, sheet.unit)
        if entry.kind in WRITTEN_OUT and self._letters is not None:
            turn = sheet.turn if entry.rot is None else entry.rot
            return writing.written(entry, pen, self._texts[entry.body or ""], self._letters, turn)
        return drawing.SHAPES[entry.kind](entry, pen)

    def _in_the_corner(self, sheet: _Sheet, pen: Pen) -> Drawing:
        """For what has no place of its own, or had one: nobody's words are lost."""
        (x, y), side = writing.corner(sheet.visible, sheet.turn), drawing.NOTE_SIDE / sheet.unit
        along, up = drawing.TURNS[sheet.turn]
        middle = (x + (along[0] - up[0]) * side, y + (along[1] - up[1]) * side)
        return drawing.sheet(middle, side, pen)

    def _answer(self, entry: Annotation, made: Mapping[str, Any], target: str, sheet: _Sheet, mark: Any) -> Any:
        bounds = tuple(float(value) for value in mark["/Rect"])
        values = self._common(entry, sheet, "Text", bounds)
        values |= {"/IRT": made.get(target, mark), "/RT": Name.R, "/AP": Dictionary(N=self._empty(bounds))}
        if entry.kind == "status":
            state, words = DECISIONS.get(entry.body or "", DECISIONS["none"])
            said = f"{words}：{self._name(entry.author)}{self._came(entry)}"
            values |= {"/State": String(state), "/StateModel": String("Review"), "/F": QUIET, "/Contents": String(said)}
        self.count += 1
        return self._put(sheet, values)

    def _common(self, entry: Annotation, sheet: _Sheet, subtype: str, bounds: Sequence[float]) -> dict[str, Any]:
        made, changed = _moment(entry.created), _moment(entry.modified or entry.created)
        return {
            "/Type": Name.Annot,
            "/Subtype": Name(f"/{subtype}"),
            "/Rect": _array(bounds),
            "/P": sheet.page,
            "/F": PRINTED,
            "/NM": String(entry.id),
            "/T": String(self._name(entry.author)),
            "/Contents": String(((entry.body or "") if entry.is_living else GONE) + self._came(entry)),
            "/CreationDate": String(made),
            "/M": String(changed),
        }

    def _came(self, entry: Annotation) -> str:
        """The server's time where it is not the author's: a mark may have been made without a line, or dated back."""
        received = self._told.received.get(entry.id, "")
        moment = parse(received)
        if moment is None or not came_apart(entry, received):
            return ""
        return f"\n〔服务器收到：{moment.astimezone(COURT_ZONE):%Y-%m-%d %H:%M:%S}〕"

    def _name(self, person: str) -> str:
        return self._told.names.get(person, person)

    def _put(self, sheet: _Sheet, values: Mapping[str, Any]) -> Any:
        made = self._pdf.make_indirect(Dictionary(values))
        sheet.new.append(made)
        return made

    def _pop_up(self, mark: Any, sheet: _Sheet, bounds: Rect) -> None:
        wide, high = 200 / sheet.unit, 100 / sheet.unit
        rect = (bounds[2], bounds[3] - high, bounds[2] + wide, bounds[3])
        values = {"/Type": Name.Annot, "/Subtype": Name.Popup, "/Rect": _array(rect), "/Parent": mark}
        mark["/Popup"] = self._put(sheet, {**values, "/P": sheet.page, "/F": PRINTED, "/Open": False})

    def _appearance(self, entry: Annotation, drawn: Drawing, pen: Pen) -> Any:
        """Highlights darken what lies below like a felt pen: black letters stay black."""
        state = Dictionary(Type=Name.ExtGState, CA=pen.opacity, ca=pen.opacity)
        if entry.kind == "highlight":
            state["/BM"] = Name.Multiply
        resources = Dictionary(ExtGState=Dictionary(G=state))
        if entry.kind in WRITTEN_OUT and self._font is not None:
            resources["/Font"] = Dictionary({writing.FONT: self._font})
            paper = Dictionary(Type=Name.ExtGState, ca=round(pen.opacity * PAPER, 3))
            resources["/ExtGState"][writing.PAPER] = paper
        return self._form(f"/G gs\n{drawn.content}\n", drawn.bounds, resources)

    def _empty(self, bounds: Sequence[float]) -> Any:
        return self._form(" ", bounds, Dictionary())

    def _form(self, content: str, bounds: Sequence[float], resources: Any) -> Any:
        form = self._pdf.make_stream(content.encode("ascii"))
        form["/Type"], form["/Subtype"], form["/FormType"] = Name.XObject, Name.Form, 1
        form["/BBox"], form["/Resources"] = _array(bounds), resources
        return form


def _subtype(entry: Annotation) -> str:
    return SUBTYPES.get(entry.kind, SUBTYPES["note"])[0]


def _array(values: Iterable[float]) -> Any:
    return Array([round(value, 3) for value in values])


def _moment(text: str) -> str:
    """RFC 3339 -> a date of PDF, in the court's zone; empty for the first and last hours that a calendar has."""
    moment = parse(text)
    try:
        shown = moment.astimezone(COURT_ZONE) if moment else None
    except OverflowError:
        return ""
    return f"D:{shown.year:04}{shown:%m%d%H%M%S}+08'00'" if shown else ""


def _nothing(entry: Annotation, pen: Pen) -> dict[str, Any]:
    return {}


def _quad_points(entry: Annotation, pen: Pen) -> dict[str, Any]:
    return {"/QuadPoints": _array(drawing.flat(entry.corners))}


def _border(entry: Annotation, pen: Pen) -> dict[str, Any]:
    return {"/BS": Dictionary(Type=Name.Border, W=pen.width, S=Name.S)}


def _line(entry: Annotation, pen: Pen) -> dict[str, Any]:
    ends = [value for point in drawing.ends(entry) or () for value in point]
    head = Name.OpenArrow if entry.kind == "arrow" else Name("/None")
    return {"/L": _array(ends), "/LE": Array([Name("/None"), head]), **_border(entry, pen)}


def _ink(entry: Annotation, pen: Pen) -> dict[str, Any]:
    strokes = [_array([value for point in stroke for value in point]) for stroke in entry.strokes if stroke]
    return {"/InkList": Array(strokes), **_border(entry, pen)}


def _free_text(entry: Annotation, pen: Pen) -> dict[str, Any]:
    """/DA and /C are what an editor starts from; what is seen is the appearance. /C would be a background here."""
    said = f"{drawing.numbers(pen.colour)} rg {writing.FONT} {drawing.number(writing.SIZE)} Tf"
    return {"/DA": String(said), "/Q": 0, "/C": Array(), "/BS": Dictionary(Type=Name.Border, W=0, S=Name.S)}


_GEOMETRY: dict[str, Callable[[Annotation, Pen], dict[str, Any]]] = {
    "highlight": _quad_points,
    "underline": _quad_points,
    "strikeout": _quad_points,
    "square": _border,
    "ellipse": _border,
    "line": _line,
    "arrow": _line,
    "ink": _ink,
    "freetext": _free_text,
}


def _embedded(pdf: pikepdf.Pdf, letters: Lettering) -> Any:
    """The subset as a composite font whose codes are its glyph numbers."""
    file = pdf.make_stream(letters.file)
    file["/Length1"] = len(letters.file)
    name = Name(f"/{letters.name}")
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=6,  # serifs; characters outside Latin
        FontBBox=Array(letters.box),
        ItalicAngle=0,
        Ascent=lettering.ASCENT,
        Descent=lettering.DESCENT,
        CapHeight=733,
        StemV=80,
        FontFile2=file,
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=1000,
        W=Array([part for glyph, width in sorted(letters.widths.items()) for part in (glyph, Array([width]))]),
        CIDToGIDMap=Name.Identity,
    )
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=name,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
        ToUnicode=pdf.make_stream(lettering.unicode_map(letters)),
    )
    return pdf.make_indirect(font)
