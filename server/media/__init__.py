"""The server's side of the media room: its process, the line to it, and which hearing has a room there."""
