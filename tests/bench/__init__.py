"""Tests of what the bench makes of its figures; the servers themselves are measured, never tested, by it."""
