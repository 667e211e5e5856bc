"""Tests of signing: the printed record, keys, codes, statements, receipts."""
