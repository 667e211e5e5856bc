"""Tests of crdt_docs.signing."""
