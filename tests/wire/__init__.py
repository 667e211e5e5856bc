"""Tests of the two wires' encodings."""
