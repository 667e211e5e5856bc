"""Owns how a checkout becomes a working place: environment, node, page, checks, tests.

Standard library only; never imported by the server.
"""
