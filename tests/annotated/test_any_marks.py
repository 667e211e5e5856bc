"""Whatever the gate admits can be exported: no geometry, style, time or thread keeps the others from paper."""

from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crdt_docs.annotation_rules import FORMS, KINDS
from crdt_docs.annotations import Annotation, from_json, threads
from server.evidence.annotating import Told, annotate
from server.fonts import fonts
from tests.annotated.marks import OPEN, entry, exported, key
from tests.annotated.readers import READERS

PAGES = 3
SOURCE = OPEN / "plain-cjk.pdf"

numbers = st.one_of(
    st.integers(-600, 900),
    st.floats(-1e3, 1e3),
    st.sampled_from([0.0, -0.0, 1e-9, 1e300, -1e300, 5e-324, 2.0**52]),
)
pairs = st.tuples(numbers, numbers).map(list)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    ["", "\n\n", "借款（三）：\t金额，", "𪚥"]
)
styles = st.fixed_dictionaries(
    {},
    optional={"color": st.sampled_from(["#ff0000", "red", "", ") rg"]), "width": numbers, "opacity": numbers},
)
times = st.sampled_from(["2026-03-02T10:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999-14:00"])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "page": st.integers(0, PAGES) | st.just(2**52),
    "quads": st.lists(st.lists(numbers, min_size=8, max_size=8), max_size=3),
    "rect": st.lists(numbers, min_size=4, max_size=4),
    "paths": st.lists(st.lists(pairs, max_size=4) | st.lists(numbers, max_size=3).map(lambda n: n + n), max_size=3),
    "rot": st.sampled_from([0, 90, 180, 270]),
    "quote": st.just({"exact": "借款"}),
    "style": styles,
    "body": texts | st.sampled_from(["accepted", "rejected", "none"]),
    "modified": times,
    "reply_to": st.integers(0, 8).map(key),
    "deleted": st.just({"by": "anna", "at": "2026-03-02T10:00:00Z"}),
}


@st.composite
def many(draw: st.DrawFn) -> list[Annotation]:
    common = {"kind": st.sampled_from(sorted(KINDS)), "created": times, "author": st.just("anna")}
    drawn = draw(st.lists(st.fixed_dictionaries(common, optional=VALUES), max_size=8))
    return [from_json({"id": key(number), **values}) for number, values in enumerate(drawn)]


def test_every_key_that_an_entry_may_have_is_drawn() -> None:
    assert {"id", "kind", "created", "author", "v", "doc"} | set(VALUES) == set(FORMS)


@given(marks=many())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_whatever_is_admitted_is_exported_and_counted(marks: list[Annotation], tmp_path: Path) -> None:
    target = tmp_path / "out.pdf"
    done = annotate(SOURCE, target, marks, Told({"anna": "张三"}), fonts().regular)
    living = {each.id for each in marks if each.is_living}
    assert done.count + len(done.left_out) == len(living)
    with pikepdf.open(target) as pdf:
        assert pdf.check_pdf_syntax() == []
        written = {str(each["/NM"]) for page in pdf.pages for each in page.obj.get("/Annots", []) if "/NM" in each}
    heads = {thread.mark.id for thread in threads(marks)}
    assert living - set(done.left_out) <= written <= living | heads


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@given(marks=many())
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_every_reader_opens_and_draws_it(reader: Any, marks: list[Annotation], tmp_path: Path) -> None:
    path = exported(SOURCE, tmp_path, *marks)
    for page in range(PAGES):
        assert reader.picture(path, page).image.width > 0
        assert all(seen.id for seen in reader.annotations(path, page))


def test_a_time_at_the_edge_of_the_calendar_keeps_nothing_from_paper(tmp_path: Path) -> None:
    first = entry(1, "note", page=0, rect=[1, 1, 2, 2], created="0001-01-01T00:00:00+14:00", body="见")
    early = entry(2, "note", page=0, rect=[1, 1, 2, 2], created="0099-01-02T00:00:00+08:00")
    with pikepdf.open(exported(SOURCE, tmp_path, first, early)) as pdf:
        dates = {str(each["/NM"]): str(each["/M"]) for each in pdf.pages[0].obj["/Annots"] if "/NM" in each}
    assert dates == {key(1): "", key(2): "D:00990102000000+08'00'"}
