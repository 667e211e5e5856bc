"""The server and its media process in step: cuts proven in the log, deaths survived, the signalling socket."""
