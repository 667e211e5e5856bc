"""Documents over the wire: rooms, their peers, awareness. Rules of the court and SQL are elsewhere."""
