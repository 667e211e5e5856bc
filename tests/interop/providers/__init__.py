"""Unmodified providers of other projects on one document, through everything that happens to a connection."""
