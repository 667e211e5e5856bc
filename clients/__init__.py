"""Owns what people and their machines use to reach the server; never imported by it."""
