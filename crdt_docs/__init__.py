"""What a document of a hearing is, what may enter it and what it reads as.

Pure: values in, values out; no network, disk or clock.
"""
