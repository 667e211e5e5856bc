"""The test bench: a real server process, clients of both wires, recorders. It never imports the server's own code."""
