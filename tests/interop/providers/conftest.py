"""Every test here leaves no socket open."""

import pytest


@pytest.fixture(autouse=True)
def _no_socket_left(sockets_dropped: None) -> None:
    """Asks for the fixture that drops them."""
