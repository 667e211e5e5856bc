"""Tests of the control log's one writer, its audience and its wire."""
