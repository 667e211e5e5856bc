"""Tests of annotations on paper: the exported PDF as independent readers see it."""
