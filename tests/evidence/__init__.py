"""Exhibits: what is taken in, what is refused, what reaches a browser."""
