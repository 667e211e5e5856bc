"""Every role, document, action and phase over both wires, from the permission table."""
