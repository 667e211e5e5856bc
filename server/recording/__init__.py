"""The recording as the court keeps it: which files there are, what is in the log of them, what is missing and why."""
