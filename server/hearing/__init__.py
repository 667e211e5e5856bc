"""The rules of the court: states, commands, events, rights. Pure values; no network, event loop, disk or clock."""
