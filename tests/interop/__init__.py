"""Real Yjs, editors and providers from JavaScript against the gate and the server."""
