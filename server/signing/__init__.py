"""Signing 签名: the printed record, the court's key, one-time codes, statements taken in, receipts, the bundle's files.

Holds no rule of who may sign (server/hearing/signing.py) and no encoding (crdt_docs/signing).
"""
