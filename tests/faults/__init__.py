"""Fault tests: kills, full disks, hostile peers, against a real server process."""
