"""Tests of the demo hearings."""
