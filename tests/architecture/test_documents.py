"""The documents do not lie: what the program can say stands in PROTOCOL, and what PROTOCOL names is there."""

import ast
import re
from pathlib import Path

import pytest

from clients.cli.outcomes import Exit
from crdt_docs.annotation_rules import FORMS
from crdt_docs.annotation_rules import KINDS as KINDS_OF_ANNOTATIONS
from crdt_docs.transcript import ATTRIBUTES
from server import metrics
from server.endpoints.errors import ERRORS, problem_of
from server.endpoints.routes import TABLE
from server.hearing.commands import NAMES
from server.hearing.events import KINDS
from server.hearing.reasons import REASONS
from server.hearing.state import ParticipantState, Phase, RecessKind, Role
from server.storage.tables import metadata
from server.sync.peer import CLOSE_CODES
from tests.architecture.checkout import ROOT, code, name_of, python, text_files, tree
from tests.architecture.vocabulary import (
    CONTROL,
    NOTICES,
    SETTING,
    closings,
    first_cells,
    gate_codes,
    message_types,
    quoted,
    section,
    server_closings,
    settings,
    tables,
    websocket_paths,
)

PROTOCOL = (ROOT / "PROTOCOL.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAPPED = ("crdt_docs", "server", "media", "clients/cli", "setup", "bench")
ROUTE = re.compile(r"(?:GET|POST|PUT|PATCH|DELETE) /\S*")


def test_every_setting_stands_in_the_protocol_and_in_the_readme_where_an_operator_sets_it() -> None:
    assert settings([*python("server"), *python("clients/cli")]) - quoted(section(PROTOCOL, "13")) == set()
    assert settings(python("server")) - quoted(README) == set()


def test_every_setting_that_is_described_is_read() -> None:
    described = set(SETTING.findall(PROTOCOL)) | set(SETTING.findall(README))
    assert described - settings([*python("server"), *python("clients/cli")]) == set()


def test_every_http_route_is_described_and_no_other() -> None:
    routes = {f"{route.method} {route.path}" for route in TABLE} | {"GET /{path}"}
    described = {name for name in first_cells(section(PROTOCOL, "3")) if ROUTE.fullmatch(name)}
    assert described == routes


def test_every_websocket_path_is_described_and_no_other() -> None:
    described = first_cells(section(PROTOCOL, "4"))
    assert {re.sub(r"\{\w+\}$", "", path) for path in described} == websocket_paths()


def test_every_control_message_is_described_and_no_other() -> None:
    spoken = {name for path in [*CONTROL, *NOTICES] for name in message_types(tree(path)) if name[0].isupper()}
    described = {row[0].strip("`") for row in tables(section(PROTOCOL, "6")) if row[1] in {"client", "server"}}
    assert described == spoken - set(KINDS)


def test_every_notice_beside_a_document_is_described() -> None:
    spoken = {name for path in NOTICES for name in message_types(tree(path))}
    described = set(re.findall(r'"type": "(\w+)"', section(PROTOCOL, "5.1")))
    assert described == {name for name in spoken if name[0].islower()}


def test_every_command_and_every_event_is_described_and_no_other() -> None:
    assert first_cells(section(PROTOCOL, "6.1")) == set(NAMES)
    assert first_cells(section(PROTOCOL, "6.2")) == set(KINDS)


def test_every_close_code_with_its_reason_is_described_and_no_other() -> None:
    rows = [row for row in tables(section(PROTOCOL, "8")) if row[0].isdecimal()]
    described = {(int(row[0]), reason) for row in rows for reason in quoted(row[1])}
    spoken = server_closings() | {(code, reason) for reason, code in CLOSE_CODES.items()}
    assert described == spoken


def test_every_error_code_is_described_with_its_status_and_no_other() -> None:
    described = {row[0].strip("`"): int(row[1]) for row in tables(section(PROTOCOL, "9")) if row[1].isdecimal()}
    assert set(described) == set(ERRORS) | set(REASONS)
    assert described == {name: problem_of(name).status for name in described}


def test_every_verdict_of_the_gate_is_described() -> None:
    assert gate_codes() - quoted(PROTOCOL) == set()


@pytest.mark.parametrize("nouns", [Role, Phase, ParticipantState, RecessKind])
def test_every_role_phase_state_and_kind_is_described(nouns: type[Role]) -> None:
    assert {noun.value for noun in nouns} - quoted(PROTOCOL) == set()


def test_every_attribute_of_a_turn_and_every_key_of_an_annotation_is_described() -> None:
    shapes = section(PROTOCOL, "5.4")
    assert set(ATTRIBUTES) - quoted(shapes) == set()
    assert first_cells(shapes) >= set(FORMS)
    assert KINDS_OF_ANNOTATIONS - quoted(shapes) == set()


def test_every_table_of_the_database_is_described() -> None:
    assert set(metadata.tables) - quoted(section(PROTOCOL, "11")) == set()


def test_every_metric_is_described_and_no_other() -> None:
    counted = {family.name for family in metrics.REGISTRY.collect() if family.name.startswith("yunting_")}
    assert {name for name in quoted(section(PROTOCOL, "12"))} == counted


def test_every_exit_status_of_the_command_line_is_described() -> None:
    described = {int(number) for number in re.findall(r"(?:^|· )(\d+) ", section(PROTOCOL, "14"), re.MULTILINE)}
    assert described == {status.value for status in Exit}


def test_the_map_names_every_module_and_no_other() -> None:
    """`python -m setup.map` draws it anew."""
    plan = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    mapped = {name for row in tables(plan) for name in quoted(row[0])}
    modules = [path for package in MAPPED for path in python(package) if "versions" not in path.parts]
    assert mapped == {_place(path) for path in modules}


def _place(path: Path) -> str:
    """A module's path, a package's folder."""
    return f"{name_of(path.parent)}/" if path.name == "__init__.py" else name_of(path)


def test_every_link_between_documents_leads_to_a_file() -> None:
    documents = [path for path, _ in text_files() if path.suffix == ".md"]
    links = [(path, target) for path in documents for target in re.findall(r"\]\(([^)#:]+)[^):]*\)", path.read_text())]
    assert links
    assert [f"{path}: {target}" for path, target in links if not (path.parent / target).exists()] == []


def test_decisions_are_numbered_without_doubles() -> None:
    numbers = [path.name[:4] for path in (ROOT / "decisions").glob("[0-9]*.md")]
    assert sorted(numbers) == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_words_taken_from_source_are_found() -> None:
    said = 'send({"type": "Ack", "id": 1})\nif kind == "Hello": socket.close(4403, "not_found")\n'
    module = ast.parse(said + 'SLOW = (1013, "too_slow")\n')
    assert message_types(module) == {"Ack", "Hello"}
    assert set(closings(module)) == {(4403, "not_found"), (1013, "too_slow")}


def test_settings_are_found_in_source(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('env.get("YUNTING_NEW_ONE", "")')
    assert settings([module]) == {"YUNTING_NEW_ONE"}


def test_there_is_code_to_look_at() -> None:
    assert len(code()) > 50
