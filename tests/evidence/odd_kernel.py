"""`python -m tests.evidence.odd_kernel`: a child on a system that has Landlock and takes no rule of it."""

from server.evidence import inside, landlock
from tests.evidence.old_kernel import NO_SYSTEM_CALL

if __name__ == "__main__":
    landlock.ADD_RULE = NO_SYSTEM_CALL
    inside.serve(lambda request, _report: {"done": True})
