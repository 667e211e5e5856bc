"""What becomes of a copy that cannot be made: a code, no file left behind, and the next one is made all the same."""

import asyncio
import shutil
from contextlib import AsyncExitStack
from hashlib import sha256
from pathlib import Path

import pytest
from pycrdt import Doc

from server.evidence.copy_verdicts import BUSY, FAILED
from server.evidence.export import MOST_OF_ONE, ExportFailed, Exporting, Marks
from server.evidence.files import ExhibitFiles
from server.storage.commit_thread import StorageUnavailable
from tests.annotated.marks import OPEN
from tests.harness.writing import add_annotation, annotations

PLAIN = (OPEN / "plain-cjk.pdf").read_bytes()
DIGEST = sha256(PLAIN).hexdigest()
MISSING = "0" * 64


@pytest.fixture
def files(tmp_path: Path) -> ExhibitFiles:
    """One exhibit whose shown copy is the corpus' plain file."""
    made = ExhibitFiles(tmp_path)
    made.served(DIGEST).parent.mkdir()
    made.served(DIGEST).write_bytes(PLAIN)
    return made


def update(count: int = 1) -> bytes:
    doc: Doc = Doc()
    for _ in range(count):
        add_annotation(doc, "anna", "见附件", kind="note", page=0.0, rect=[50.0, 50.0, 60.0, 60.0])
    assert len(annotations(doc)) == count
    return doc.get_update()


NONE = Marks(update(), {}, {})


def left_behind(files: ExhibitFiles) -> list[str]:
    return [path.name for path in files.folder.iterdir() if path.name.startswith(".")]


async def test_a_copy_is_there_as_long_as_it_is_used(files: ExhibitFiles) -> None:
    exporting = Exporting(files)
    async with exporting.copy("anna", DIGEST, len(PLAIN), Marks(update(3), {"anna": "张三"}, {})) as made:
        assert (made.count, made.left_out) == (3, 0)
        assert made.path.read_bytes().startswith(b"%PDF-")
    assert not made.path.exists()
    assert left_behind(files) == []


def test_where_no_folder_can_be_made_the_storage_is_said_to_be_gone(files: ExhibitFiles) -> None:
    shutil.rmtree(files.folder)
    with pytest.raises(StorageUnavailable):
        files.work_folder()


@pytest.mark.parametrize(("digest", "content"), [(MISSING, update()), (DIGEST, b"no update"), (DIGEST, b"\xff" * 999)])
async def test_what_cannot_be_made_is_refused_and_leaves_nothing(
    files: ExhibitFiles, digest: str, content: bytes
) -> None:
    exporting = Exporting(files)
    with pytest.raises(ExportFailed) as failed:
        async with exporting.copy("anna", digest, len(PLAIN), Marks(content, {}, {})):
            pytest.fail("nothing was made")
    assert failed.value.code == FAILED
    assert left_behind(files) == []
    async with exporting.copy("anna", DIGEST, len(PLAIN), NONE) as made:
        assert made.count == 1


async def test_one_person_holds_few_copies_at_once_and_another_has_their_own(files: ExhibitFiles) -> None:
    exporting = Exporting(files)
    async with AsyncExitStack() as held:
        for _ in range(MOST_OF_ONE):
            await held.enter_async_context(exporting.copy("anna", DIGEST, len(PLAIN), NONE))
        with pytest.raises(ExportFailed) as failed:
            await held.enter_async_context(exporting.copy("anna", DIGEST, len(PLAIN), NONE))
        assert failed.value.code == BUSY
        await held.enter_async_context(exporting.copy("bert", DIGEST, len(PLAIN), NONE))
    async with exporting.copy("anna", DIGEST, len(PLAIN), NONE) as made:
        assert made.count == 1


async def test_whoever_gives_up_waiting_leaves_the_place_to_others(files: ExhibitFiles) -> None:
    exporting = Exporting(files)

    async def use() -> None:
        async with exporting.copy("anna", DIGEST, len(PLAIN), NONE):
            await asyncio.Event().wait()

    waiting = [asyncio.create_task(use()) for _ in range(MOST_OF_ONE)]
    await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert left_behind(files) == []
    async with exporting.copy("anna", DIGEST, len(PLAIN), NONE) as made:
        assert made.count == 1
