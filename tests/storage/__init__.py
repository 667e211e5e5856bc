"""Tests of the database, the commit thread and the update log."""
