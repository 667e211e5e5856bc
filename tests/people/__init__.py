"""Tests of sessions and credentials."""
