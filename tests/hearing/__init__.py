"""Tests of server.hearing: the rules of the court, pure."""
