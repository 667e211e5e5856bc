"""The media room: its forwarding, its routes, its link, against real peers of aiortc."""
