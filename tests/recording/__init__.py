"""Recordings: what is written, kept, told, given out and checked, against files that are decoded again."""
