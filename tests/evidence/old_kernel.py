"""`python -m tests.evidence.old_kernel`: a child on a system that knows nothing of Landlock."""

from server.evidence import inside, landlock

NO_SYSTEM_CALL = 100_000

if __name__ == "__main__":
    landlock.CREATE_RULESET = NO_SYSTEM_CALL
    inside.serve(lambda request, _report: {"done": True})
