"""The bounds of the media room, each beside its reason; knows no state."""

ROOMS = 200
"""Rooms of one engine: more than a court sits at once on one machine."""

PEERS = 64
"""Peers of one room: judges, parties, observers."""

LINES = 67
"""Media lines of one offer: 32 slots of each kind (what the server tells a page to ask for at most), and the three that
are sent; an offer of so many costs some 25 ms of processor."""

SDP_BYTES = 256 * 1024
"""An offer with all its lines; a browser spends about 1,500 bytes on each."""

CANDIDATES = 10
"""ICE candidates taken from a client on one connection: each costs connectivity checks towards an address it names."""

WANTS_PER_SECOND = 20
"""Changes of what a page wants to see; scrolling through a grid stays below."""

CONNECT_SECONDS = 30.0
"""From an answer to a finished DTLS handshake; then the connection is given up."""

REQUEST_BYTES = 1 << 20
"""One line on the link: an offer, or the routes of a full room."""

RING = 512
"""Packets of a stream kept for repair, a power of two: some three seconds of video at 600 kb/s."""

PACKET_BYTES = 1500
"""The longest RTP packet that is forwarded."""

KEYFRAME_SECONDS = 0.15
"""Least time between two requests for a key frame of one stream: for about that long one is on its way."""

WAITING_SECONDS = 0.25
"""A leg that still waits for its key frame asks again after this."""

REPORT_SECONDS = 1.0
"""Between two receiver reports to a publisher (RFC 3550 allows more at these rates; loss is to be seen soon)."""

QUALITY_SECONDS = 2.0
"""Between two notices of quality."""

UPSTREAM_BITS = 2_500_000
"""What a publisher is asked to keep to, in bits a second: both videos and the sound of a talking head."""

PACKETS_PER_SECOND = 1_500
"""Taken from one publisher: five times what sound and both pictures need; more would be carried to everybody."""

OCTETS_PER_SECOND = 375_000
"""Taken from one publisher, RTP headers included: 3 Mbit/s, a fifth above what it is asked to keep to; what it left of
one second it may have in the next. More would be carried to everybody and recorded, so: 1.35 GB an hour at most."""

REPAIRS_PER_SECOND = 1_500
"""Answered to one listener: a tenth of all packets of sixteen people, and more than that again."""
