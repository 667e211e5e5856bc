"""Owns the first step on a machine: finds a Python new enough and hands over to setup.steps.

Written so that an old Python can read it far enough to say what is missing.
"""

import os
import shutil
import sys

NEEDED = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def newer_python():
    """Path of another Python on this machine that is new enough, or None."""
    names = [f"python3.{minor}" for minor in range(NEEDED[1], NEEDED[1] + 5)]
    return next((path for path in map(shutil.which, names) if path), None)


def main():
    if sys.version_info < NEEDED:
        found = newer_python()
        if found is None:
            sys.exit(f"需要 Python 3.11 或更高版本。Python 3.11 or newer is needed (here: {sys.version.split()[0]}).")
        os.execv(found, [found, *sys.argv])
    sys.path[0] = ROOT
    from setup.steps import main as steps

    sys.exit(steps(sys.argv[1:]))


if __name__ == "__main__":
    main()
