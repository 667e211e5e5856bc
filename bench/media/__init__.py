"""Media rooms side by side: ours, Janus' videoroom and aiortc's MediaRelay, under the same load peers."""
