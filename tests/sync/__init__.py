"""Tests of rooms, peers and awareness, without sockets."""
