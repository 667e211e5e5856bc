"""Checks of the file itself: the archive's form, the manifest, and the court's signature over it."""

from __future__ import annotations

from collections.abc import Mapping

from . import bundle, checkpoint
from .container import Fault
from .keys import BadKey
from .verify_case import COURT_KEY, Case
from .verify_findings import Finding, Findings, lacking, note, wrong

_FAULTS: Mapping[str, tuple[str, str]] = {
    "contents": ("{file} 的内容被改动（始于第 {at} 字节）", "the contents of {file} were changed (from byte {at} on)"),
    "header": ("{file} 的文件头在第 {at} 字节处被改动", "the header of {file} was changed at byte {at}"),
    "directory": ("文件包的目录在第 {at} 字节处被改动", "the archive's directory was changed at byte {at}"),
    "order": ("{file} 不在应有的次序（第 {at} 字节）", "{file} is not in its place (byte {at})"),
    "cut_off": ("第 {at} 字节处的文件不完整（在 {file} 之后）", "the file at byte {at}, after {file}, is cut off"),
    "no_entry": ("第 {at} 字节处应有下一个文件（在 {file} 之后）", "a file should begin at byte {at}, after {file}"),
}  # fmt: skip


def archive(faults: tuple[Fault, ...]) -> Findings:
    """Created again from its files the archive has the same bytes."""
    for fault in faults:
        zh, en = _FAULTS[fault.what]
        yield wrong(zh, en, file=fault.file or "–", at=fault.at)


def readable(found: list[Finding]) -> Findings:
    """Every file that the checks use has its form."""
    yield from found


def manifest(case: Case) -> Findings:
    """The manifest names exactly the files that are there, with their sizes and digests."""
    stated = case.json(bundle.MANIFEST)
    if stated["schema"] != bundle.SCHEMA:
        yield wrong("清单的格式不是 {schema}", "the manifest is not {schema}", schema=bundle.SCHEMA)
    if stated["hearing"] != case.id:
        yield wrong(
            "清单属于另一庭审 {hearing}", "the manifest is that of hearing {hearing}", hearing=stated["hearing"]
        )
    listed = stated["files"]
    there = {name: content for name, content in case.files.items() if name not in (bundle.MANIFEST, bundle.SIGNATURE)}
    for name in sorted(there.keys() - listed.keys()):
        yield wrong("{name} 不在清单中", "{name} is not in the manifest", name=name)
    for name in sorted(listed.keys() - there.keys()):
        yield wrong("清单中的 {name} 不在包内", "{name} is in the manifest and not in the bundle", name=name)
    for name in sorted(there.keys() & listed.keys()):
        if listed[name] != {"size": len(there[name]), "sha256": bundle.sha256(there[name])}:
            yield wrong("{name} 与清单的摘要不符", "{name} is not the file that the manifest names", name=name)
    if case.withheld:
        count = len(case.withheld)
        yield note("有 {count} 个文件未提供给持有人", "{count} files are withheld from this copy", count=count)


def manifest_signature(case: Case) -> Findings:
    """The court's key has signed this manifest."""
    signed = case.file(bundle.SIGNATURE).decode()
    expected = bundle.manifest_note(case.id, case.file(bundle.MANIFEST))
    try:
        text = checkpoint.open_note(signed, case.court_key)
    except (checkpoint.BadNote, BadKey) as error:
        yield wrong("清单的法院签名无效：{why}", "the court's signature of the manifest is not valid: {why}", why=error)
        return
    if text != expected or signed.count("\n— ") != 1:
        yield wrong("法院签署的是另一份清单", "the court has signed another manifest than this one")


def court_key(case: Case, given: str | None) -> Findings:
    """The key inside is the court's, as known from elsewhere."""
    inside = case.file(COURT_KEY).decode()
    if inside != f"{inside.strip()}\n":
        yield wrong("{path} 格式有误", "{path} is not one line", path=COURT_KEY)
    if given is None:
        yield lacking(
            "未给出法院公钥，无从比对；包内公钥为 {key}",
            "no key was given to compare with; the one inside is {key}",
            key=inside.strip(),
        )
    elif inside.strip() != given:
        yield wrong("包内的公钥不是所给的法院公钥", "the key inside is not the court's key that was given")
