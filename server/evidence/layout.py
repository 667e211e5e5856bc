"""Names of the files that intake makes of an exhibit, in a folder beside its original."""

SERVED = "served.pdf"  # what browsers get
PAGES = "pages.json"  # the page table, with the place of each page's glyph table
GLYPHS = "glyphs"  # glyph tables, each gzipped by itself
VERDICT = "verdict.json"  # written last
FORM = 1  # of all these; a new number has every exhibit taken in again
