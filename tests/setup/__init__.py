"""Tests of the set-up itself. What needs a network is shown by the fresh machine that runs them."""
