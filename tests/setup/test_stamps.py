"""A step counts as done only when it was finished with exactly what is there now."""

from pathlib import Path

from setup.stamps import digest, is_done, mark


def source(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def test_a_digest_changes_with_a_file_s_content_and_name(tmp_path: Path) -> None:
    first = digest(source(tmp_path / "a", one="1"))
    assert first == digest(source(tmp_path / "b", one="1"))
    assert first != digest(source(tmp_path / "c", one="2"))
    assert first != digest(source(tmp_path / "d", two="1"))


def test_a_digest_does_not_run_parts_together(tmp_path: Path) -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest(source(tmp_path / "a", x="1", y="2")) != digest(source(tmp_path / "b", x="12", y=""))


def test_what_tools_put_beside_the_source_does_not_count(tmp_path: Path) -> None:
    folder = source(tmp_path / "a", one="1")
    before = digest(folder)
    for made in ("node_modules", "dist", "__pycache__", ".dist"):
        source(folder / made, thing="x")
    assert digest(folder) == before


def test_a_step_is_done_once_it_is_marked_with_the_same_digest(tmp_path: Path) -> None:
    stamp = tmp_path / "deep" / "stamp"
    assert not is_done(stamp, "1")
    mark(stamp, "1")
    assert is_done(stamp, "1")
    assert not is_done(stamp, "2")


def test_a_step_whose_product_is_gone_is_not_done(tmp_path: Path) -> None:
    stamp, product = tmp_path / "stamp", tmp_path / "product"
    product.touch()
    mark(stamp, "1")
    assert is_done(stamp, "1", [product])
    product.unlink()
    assert not is_done(stamp, "1", [product])
