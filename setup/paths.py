"""Owns where things lie in a checkout. Never touches the disk."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMPS = VENV / ".stamps"
WEB = ROOT / "clients" / "web"
INTEROP = ROOT / "tests" / "interop"
BENCH = ROOT / "bench"
FONTS = ROOT / "server" / "fonts"
