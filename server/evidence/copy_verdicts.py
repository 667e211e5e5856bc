"""Why an annotated copy was not made, as codes of the API; the child and the server say the same words."""

FAILED = "export_failed"  # too complex, or not what it should be
NO_FONT = "fonts_missing"  # words stand on a page and there is nothing to print them with
BUSY = "exports_busy"  # too many at this moment
OF_A_CHILD = frozenset({FAILED, NO_FONT})
