"""Tests of the checkout itself: sizes, names, imports, locks, and that the documents say what the code does."""
