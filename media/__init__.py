"""The media room: forwards encoded RTP between the people of a room and records it. Knows rooms, peers and routes; no
court, no documents.
"""
