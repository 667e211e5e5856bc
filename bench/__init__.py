"""Benchmarks against real peers (`make bench`).

They start every server themselves, speak only to 127.0.0.1 and judge nothing: no test passes or fails by them.
"""
