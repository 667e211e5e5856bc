"""Relay credentials: as coturn checks them, for one person, for a named time."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import time
from collections.abc import Iterator
from pathlib import Path

import aioice.turn
import pytest
from aioice import stun

from server.media.turn import CREDENTIAL_SECONDS, credentials, ice_servers
from tests.harness.relay import LIMIT, SECRET, coturn


def test_the_password_is_the_hmac_of_expiry_and_person() -> None:
    (relay,) = ice_servers(["turn:relay.example:3478"], SECRET, "p-1", 1_700_000_000)
    username = f"{1_700_000_000 + CREDENTIAL_SECONDS}:p-1"
    mac = hmac.new(SECRET.encode(), username.encode(), hashlib.sha1).digest()
    assert relay == {
        "urls": ["turn:relay.example:3478"],
        "username": username,
        "credential": base64.b64encode(mac).decode(),
    }


def test_a_stun_server_needs_no_credentials_and_none_is_told_without_urls() -> None:
    plain, relay = ice_servers(["stun:a", "turns:b"], SECRET, "p", 0)
    assert plain == {"urls": ["stun:a"]} and relay["urls"] == ["turns:b"]
    assert ice_servers([], SECRET, "p", 0) == []


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a coturn with our secret."""
    with coturn(tmp_path_factory.mktemp("coturn")) as port:
        yield port


class _Nothing(asyncio.DatagramProtocol):
    """Takes what comes through a relay."""


async def _allocated(port: int, username: str, password: str) -> bool:
    try:
        async with asyncio.timeout(LIMIT):
            transport, _ = await aioice.turn.create_turn_endpoint(
                _Nothing, server_addr=("127.0.0.1", port), username=username, password=password
            )
    except stun.TransactionFailed:
        return False
    relayed = transport.get_extra_info("sockname")
    transport.close()
    await asyncio.sleep(0.2)
    return relayed[0] == "127.0.0.1"


async def test_coturn_gives_a_relay_for_our_credentials(relay: int) -> None:
    assert await _allocated(relay, *credentials(SECRET, "p-judge", int(time.time()) + 600))


async def test_coturn_refuses_expired_credentials_and_those_of_another_secret(relay: int) -> None:
    assert not await _allocated(relay, *credentials(SECRET, "p-judge", int(time.time()) - 600))
    assert not await _allocated(relay, *credentials("another", "p-judge", int(time.time()) + 600))


def test_the_secret_stands_in_no_text_of_the_settings(tmp_path: Path) -> None:
    from server.settings import Settings

    env = {"YUNTING_TURN_URLS": "turn:relay.example", "YUNTING_TURN_SECRET": SECRET, "YUNTING_DATA": str(tmp_path)}
    settings = Settings.from_environment(env)
    assert settings.media.turn_secret == SECRET and SECRET not in repr(settings)
