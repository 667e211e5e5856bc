"""Pure modules of the page in node, asked by tests in Python."""
