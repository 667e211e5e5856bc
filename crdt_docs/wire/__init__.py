"""Frames of both wires, bytes <-> values: pure, no network. What a frame may do is decided elsewhere."""
