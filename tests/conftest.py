"""Fixtures for all tests."""

pytest_plugins = ["tests.harness.fixtures"]
