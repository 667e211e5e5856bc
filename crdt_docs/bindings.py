"""Which person each client id of a hearing belongs to. Bound at first sight and for good; never unbound."""

MOST_CLIENTS = 1_000  # a person and hearing: a page load is one; the court's own writer is not counted


class Bindings:
    def __init__(self) -> None:
        self._persons: dict[int, str] = {}
        self._counts: dict[str, int] = {}

    def person_of(self, client: int) -> str | None:
        return self._persons.get(client)

    def bind(self, client: int, person: str) -> None:
        """Raises ValueError when the client id belongs to somebody else."""
        owner = self._persons.get(client)
        if owner is None:
            self._persons[client] = person
            self._counts[person] = self._counts.get(person, 0) + 1
        elif owner != person:
            raise ValueError(f"client {client} belongs to somebody else")

    def count(self, person: str) -> int:
        return self._counts.get(person, 0)
