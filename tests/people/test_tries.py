"""Guessing: ten wrong tries and the address waits a minute."""

from server.people.tries import MOST_ADDRESSES, WRONG_TRIES_LOOPBACK, Tries


class Seconds:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def wrong(tries: Tries, address: str, times: int) -> None:
    for _ in range(times):
        tries.wrong(address)


def test_the_tenth_wrong_try_makes_the_address_wait_a_minute() -> None:
    clock = Seconds()
    tries = Tries(clock)
    wrong(tries, "192.0.2.7", 9)
    assert tries.wait("192.0.2.7") == 0
    wrong(tries, "192.0.2.7", 1)
    assert tries.wait("192.0.2.7") == 60
    assert tries.wait("192.0.2.8") == 0
    clock.now += 59
    assert tries.wait("192.0.2.7") == 1
    clock.now += 1
    assert tries.wait("192.0.2.7") == 0
    wrong(tries, "192.0.2.7", 9)
    assert tries.wait("192.0.2.7") == 0


def test_wrong_tries_far_apart_are_forgotten() -> None:
    clock = Seconds()
    tries = Tries(clock)
    for _ in range(30):
        wrong(tries, "192.0.2.7", 1)
        clock.now += 60
        assert tries.wait("192.0.2.7") == 0


def test_loopback_is_shared_and_may_err_two_thousand_times() -> None:
    tries = Tries(Seconds())
    for address in ("127.0.0.1", "::1"):
        wrong(tries, address, WRONG_TRIES_LOOPBACK - 1)
        assert tries.wait(address) == 0
        wrong(tries, address, 1)
        assert tries.wait(address) == 60


def test_an_ipv6_network_counts_as_one_client() -> None:
    tries = Tries(Seconds())
    for last in range(10):
        tries.wrong(f"2001:db8::{last:x}")
    assert tries.wait("2001:db8::ffff") == 60
    assert tries.wait("2001:db8:0:1::1") == 0


def test_what_is_remembered_is_bounded() -> None:
    tries = Tries(Seconds())
    wrong(tries, "192.0.2.7", 10)
    for number in range(MOST_ADDRESSES):
        tries.wrong(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert tries.wait("192.0.2.7") == 0


def test_an_address_that_is_none_is_counted_like_any_other() -> None:
    tries = Tries(Seconds())
    wrong(tries, "", 10)
    assert tries.wait("") == 60
