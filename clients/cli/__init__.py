"""The command-line client `yunting`: an outside client like any other; it never imports the server."""
