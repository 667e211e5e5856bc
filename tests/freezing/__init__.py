"""Freezing: the version, its files, the comparison with a page, what comes too late."""
