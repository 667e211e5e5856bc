"""More people than the demo has: agents of the plaintiff, on the roster of a hearing that has not begun.

Writes into the database of a server that does not run; everything else they do like anybody.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, insert

from server.people.credentials import Use, credential, load_key
from server.people.tokens import stamp, utc_now
from server.storage.engine import open_engine
from server.storage.people import PersonRecord, SessionRecord, add_people, add_session
from server.storage.tables import participants
from tests.harness.demo import DemoHearing, Person
from tests.harness.server import ServerProcess


def agent_id(number: int) -> str:
    return f"p-more-{number}"


def with_agents(server: ServerProcess, hearing: DemoHearing, count: int) -> DemoHearing:
    """The hearing with so many agents more, each logged in; the server is stopped for it and started again."""
    server.stop()
    added = [_agent(server, number) for number in range(count)]
    engine = open_engine(f"sqlite:///{server.data / 'yunting.sqlite3'}")
    with engine.begin() as connection:
        _keep(connection, hearing, added)
    engine.dispose()
    server.start()
    return replace(hearing, people=(*hearing.people, *added))


def _agent(server: ServerProcess, number: int) -> Person:
    session = secrets.token_hex(12)
    token = credential(load_key(server.data), Use.TOKEN, session)
    return Person("agent", agent_id(number), f"代理人{number}", token, "")


def _keep(connection: Connection, hearing: DemoHearing, added: Sequence[Person]) -> None:
    now = utc_now()
    add_people(PersonRecord(each.id, each.name) for each in added)(connection)
    for position, each in enumerate(added, 100):
        place = {"person": each.id, "role": each.role, "label": "原代", "represents": hearing.person("plaintiff").id}
        connection.execute(insert(participants), {"hearing": hearing.id, "position": position, **place})
        session = each.token.partition(".")[0]
        add_session(SessionRecord(session, each.id, stamp(now), stamp(now + timedelta(hours=24))))(connection)
