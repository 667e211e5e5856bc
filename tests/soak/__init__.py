"""Long forms of the fault tests, run by `make soak`; figures go to bench/results.json. Never part of `make test`."""
