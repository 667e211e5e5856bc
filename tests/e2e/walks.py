"""All walks through the page with the states they lead to, and the servers they may change."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.e2e import (
    states,
    walks_court,
    walks_desk,
    walks_exhibit,
    walks_media,
    walks_orders,
    walks_reading,
    walks_signing,
    walks_trouble,
)
from tests.e2e.states import State, Walk


@dataclass(frozen=True, slots=True)
class Journey:
    """`is_alone`: it changes a hearing's phase, or kills; it takes a server of its own."""

    walk: Walk
    states: Mapping[str, State]
    is_alone: bool = False


JOURNEYS = {
    "outside": Journey(walks_reading.outside, states.OUTSIDE),
    "reading": Journey(walks_reading.reading, states.READING),
    "stranger": Journey(walks_reading.stranger, states.STRANGER, is_alone=True),
    "login ends": Journey(walks_reading.login_ends, states.LOGIN_ENDS, is_alone=True),
    "judge": Journey(walks_court.judge, states.JUDGE),
    "before the session": Journey(walks_court.before_the_session, states.BEFORE),
    "session": Journey(walks_court.session, states.SESSION, is_alone=True),
    "waiting room": Journey(walks_orders.waiting_room, states.WAITING_ROOM, is_alone=True),
    "orders": Journey(walks_orders.orders, states.ORDERS, is_alone=True),
    "media": Journey(walks_media.media, states.MEDIA, is_alone=True),
    "exhibits": Journey(walks_exhibit.exhibits, states.EXHIBITS),
    "editor": Journey(walks_desk.editor, states.EDITOR),
    "words": Journey(walks_desk.words, states.WORDS),
    "lost": Journey(walks_trouble.lost, states.LOST, is_alone=True),
    "signing": Journey(walks_signing.signing, states.SIGNING, is_alone=True),
    "unfit": Journey(walks_signing.unfit, states.UNFIT, is_alone=True),
    "lying": Journey(walks_signing.lying, states.LYING, is_alone=True),
    "wire": Journey(walks_trouble.wire, states.WIRE),
}
