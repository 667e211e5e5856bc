"""Tests of the gate and the shapes: rules, honest edits, mutants."""
