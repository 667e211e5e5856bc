"""What a signature and the hearing's log stand on: digests, encodings, proofs. Pure; holds no keys."""
