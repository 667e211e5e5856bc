"""A JPEG or PNG as a document of one page, upright and at its own size where it says one; keeps a JPEG's bytes."""

from __future__ import annotations

import io
from pathlib import Path

import pymupdf
from PIL import Image, ImageOps

from server.evidence import image_headers, limits
from server.evidence.verdicts import Refused

ORIENTATION = 274  # EXIF
UPRIGHT = 1
RESOLUTION = 150.0  # pixels an inch where a picture does not say, or says something unlikely
LIKELY = (60.0, 2_400.0)
LONGEST_SIDE = 1_684.0  # points: A2; a larger picture is shown smaller
SIZES = {"png": image_headers.png_size, "jpeg": image_headers.jpeg_size}


def as_document(content: bytes, kind: str, path: Path) -> None:
    """Writes the document to `path`; raises Refused."""
    size = SIZES[kind](content)
    if size is None or 0 in size:
        raise Refused("damaged")
    if size[0] * size[1] > limits.IMAGE_PIXELS:
        raise Refused("image_too_large")
    try:
        _write(content, path)
    except (OSError, RuntimeError, SyntaxError, ValueError) as error:
        raise Refused("damaged") from error


def _write(content: bytes, path: Path) -> None:
    Image.MAX_IMAGE_PIXELS = None  # asked above, from the header
    with Image.open(io.BytesIO(content)) as picture:
        picture.load()
        if picture.getexif().get(ORIENTATION, UPRIGHT) != UPRIGHT:
            content, picture = _turned(picture)
        width, height = _points(picture)
    with pymupdf.open() as document:
        document.new_page(width=width, height=height).insert_image((0, 0, width, height), stream=content)
        document.save(path, deflate=True)


def _turned(picture: Image.Image) -> tuple[bytes, Image.Image]:
    turned = ImageOps.exif_transpose(picture)
    out = io.BytesIO()
    turned.save(out, "JPEG" if picture.format == "JPEG" else "PNG", quality=95)
    return out.getvalue(), turned


def _points(picture: Image.Image) -> tuple[float, float]:
    stated = picture.info.get("dpi", (0, 0))
    sides = [
        pixels * 72.0 / (float(dpi) if LIKELY[0] <= float(dpi) <= LIKELY[1] else RESOLUTION)
        for pixels, dpi in zip(picture.size, stated, strict=True)
    ]
    scale = min(1.0, LONGEST_SIDE / max(sides))
    return max(1.0, sides[0] * scale), max(1.0, sides[1] * scale)
