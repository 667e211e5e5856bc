"""Exhibits from the upload to what browsers get: the original is kept, a limited child makes a harmless copy."""
