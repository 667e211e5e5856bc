"""The child process that typesets: a template and a record as JSON on stdin, the PDF on stdout, nothing else touched.

Run alone (`python -I typesetting.py`), so it imports nothing of the server. The record reaches typst as data
(`sys.inputs`), never as markup; there is no file and no package that the template could read.
"""

import json
import os
import resource
import sys

ADDRESS_SPACE = 3 * 1024**3  # bytes; two fonts are mapped, typst's threads reserve stacks
CPU_SECONDS = 60
OPEN_FILES = 64


def limit() -> None:
    """What a hostile record could use at most."""
    for kind, most in (
        (resource.RLIMIT_AS, ADDRESS_SPACE),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def typeset(order: dict) -> bytes:
    """`order`: {"template", "record", "fonts": [folders], "root": for an empty folder, "at": seconds since 1970}."""
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=order["fonts"])
    os.mkdir(order["root"], 0o700)
    try:
        return typst.compile(
            order["template"].encode(),
            root=order["root"],
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs={"record": json.dumps(order["record"], ensure_ascii=False)},
            pdf_standards=["a-3b"],
            package_path=order["root"],
            package_cache_path=order["root"],
            timestamp=order["at"],
        )
    finally:
        os.rmdir(order["root"])


def main() -> int:
    limit()
    pdf = typeset(json.load(sys.stdin.buffer))
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
