"""The page's own signing code in node, against the same in Python."""
