"""The server: the only package that knows HTTP, WebSockets, disk and time."""
