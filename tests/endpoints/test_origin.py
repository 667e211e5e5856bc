"""Whose page is asking, and from which address."""

import pytest
from starlette.requests import Request

from server.endpoints.origin import client_address, origin_is_ours, page_is_ours
from server.settings import BadSetting, Settings

PLAIN = Settings()
PUBLIC = Settings(public_url="https://court.example")


@pytest.mark.parametrize(
    ("settings", "host", "origin", "ours"),
    [
        (PLAIN, "127.0.0.1:8000", "http://127.0.0.1:8000", True),
        (PLAIN, "localhost:8000", "http://localhost:8000", True),
        (PLAIN, "LOCALHOST:8000", "http://localhost:8000", True),
        (PLAIN, "court.example", "https://court.example", True),
        (PLAIN, "court.example", "https://court.example:443", True),
        (PLAIN, "127.0.0.1:8000", "http://127.0.0.1:9000", False),
        (PLAIN, "127.0.0.1:8000", "http://localhost:8000", False),
        (PLAIN, "127.0.0.1:8000", "http://evil.example", False),
        (PLAIN, "127.0.0.1:8000", "http://127.0.0.1:8000@evil.example", False),
        (PLAIN, "127.0.0.1:8000", "null", False),
        (PLAIN, "127.0.0.1:8000", "", False),
        (PLAIN, "", "http://", False),
        (PLAIN, "127.0.0.1:8000", "http://127.0.0.1:99999", False),
        (PLAIN, "127.0.0.1:8000", "http://[broken", False),
        (PLAIN, "127.0.0.1:8000", "file://127.0.0.1:8000", False),
        (PUBLIC, "10.0.0.5:8000", "https://court.example", True),
        (PUBLIC, "10.0.0.5:8000", "http://court.example", False),
        (PUBLIC, "10.0.0.5:8000", "http://10.0.0.5:8000", False),
        (PUBLIC, "10.0.0.5:8000", "https://court.example.evil.example", False),
    ],
)
def test_an_origin_is_ours_when_it_names_the_public_url_or_else_the_host(
    settings: Settings, host: str, origin: str, ours: bool
) -> None:
    assert origin_is_ours({"host": host, "origin": origin}, settings) is ours


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"origin": "http://a:1"}, True),
        ({"origin": "http://b:1"}, False),
        ({"origin": "http://b:1", "sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({}, False),
    ],
)
def test_an_unsafe_request_by_cookie_must_show_that_it_comes_from_our_page(headers: dict[str, str], ours: bool) -> None:
    assert page_is_ours({"host": "a:1", **headers}, PLAIN) is ours


def request_from(peer: str, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return Request({"type": "http", "client": (peer, 1), "headers": headers})


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "address"),
    [
        ((), "127.0.0.1", ["192.0.2.1"], "127.0.0.1"),
        (("10.0.0.0/8",), "192.0.2.9", ["192.0.2.1"], "192.0.2.9"),
        (("10.0.0.0/8",), "10.0.0.1", ["192.0.2.1"], "192.0.2.1"),
        (("10.0.0.0/8",), "10.0.0.1", ["203.0.113.1, 192.0.2.1"], "192.0.2.1"),
        (("10.0.0.0/8",), "10.0.0.1", ["203.0.113.1, 192.0.2.1, 10.0.0.2"], "192.0.2.1"),
        (("10.0.0.0/8",), "10.0.0.1", ["203.0.113.1", "192.0.2.1"], "192.0.2.1"),
        (("10.0.0.0/8",), "10.0.0.1", ["nonsense"], "10.0.0.1"),
        (("10.0.0.0/8",), "10.0.0.1", [], "10.0.0.1"),
        (("::1", "127.0.0.1"), "::1", ["2001:db8::1"], "2001:db8::1"),
    ],
)
def test_a_forwarded_address_counts_only_from_a_trusted_proxy_and_nearest_first(
    proxies: tuple[str, ...], peer: str, forwarded: list[str], address: str
) -> None:
    assert client_address(request_from(peer, *forwarded), Settings(trusted_proxies=proxies)) == address


def test_a_proxy_that_is_no_address_is_named_at_the_start() -> None:
    good = Settings.from_environment({"YUNTING_TRUSTED_PROXIES": "10.0.0.0/8, ::1"})
    assert good.trusted_proxies == ("10.0.0.0/8", "::1")
    with pytest.raises(BadSetting, match=r"YUNTING_TRUSTED_PROXIES.*proxy\.example"):
        Settings.from_environment({"YUNTING_TRUSTED_PROXIES": "10.0.0.1,proxy.example"})
