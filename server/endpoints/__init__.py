"""One thin file per noun: bytes and headers in, calls to the layers below, bytes out. No rule of the court."""
