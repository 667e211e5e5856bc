"""What people hear and see in a hearing on a real server: tones, cuts, coming back, the recording."""
