"""Every test of the project; helpers shared by several parts stand in tests/harness."""
