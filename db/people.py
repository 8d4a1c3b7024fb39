"""The erasable register: persons, agents, and who is behind the reference of a loan."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, insert, select

from db.rows import person_row, person_value
from db.statements import AGENT, LINK, NOTE, PERSON, chunks, upsert
from fleet.persons import Person


class People:
    """The register within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_id(self, ids: Sequence[str]) -> dict[str, Person]:
        """Persons by id."""
        return {person.id: person for person in self._where_in("id", ids)}

    def by_code(self, code: str) -> Person | None:
        """The person whose card has this code."""
        return next(iter(self._where_in("code", [code])), None) if code else None

    def by_names(self, name_keys: Sequence[str]) -> dict[str, list[Person]]:
        """Persons by the folded key of their names."""
        found: dict[str, list[Person]] = {}
        for part in chunks(name_keys):
            statement = select(PERSON).where(PERSON.c.name_key.in_(part)).order_by(PERSON.c.mark)
            for row in self._connection.execute(statement).mappings():
                found.setdefault(row["name_key"], []).append(person_value(row))
        return found

    def of_school(self, school: str) -> list[Person]:
        """Everybody of a school, in the order of class lists."""
        statement = select(PERSON).where(PERSON.c.school == school).order_by(PERSON.c.sort_key)
        return [person_value(row) for row in self._connection.execute(statement).mappings()]

    def save(self, people: Iterable[Person]) -> None:
        """Write persons, new or changed."""
        upsert(self._connection, PERSON, [person_row(person) for person in people])

    def taken_codes(self, codes: Sequence[str]) -> set[str]:
        """Which of ``codes`` are on a card already."""
        return {person.code for person in self._where_in("code", codes)}

    def borrower(self, ref: str) -> Person | None:
        """The person behind the reference of a loan, while the link stands."""
        statement = select(PERSON).join(LINK, LINK.c.person == PERSON.c.id).where(LINK.c.ref == ref)
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else person_value(row)

    def link(self, ref: str, person_id: str) -> None:
        """Tie the reference of a loan to a person."""
        self._connection.execute(insert(LINK), {"ref": ref, "person": person_id})

    def save_note(self, operation: str, text: str) -> None:
        """Keep free text about an operation: erasable, and never in the ledger."""
        upsert(self._connection, NOTE, [{"operation": operation, "text": text}])

    def agent_id(self, name: str, new_id: str) -> str:
        """The id of the agent called ``name``, entered under ``new_id`` when not known yet."""
        known: str | None = self._connection.scalar(select(AGENT.c.id).where(AGENT.c.name == name))
        if known is None:
            self._connection.execute(insert(AGENT), {"id": new_id, "name": name})
        return known or new_id

    def agent_name(self, agent_id: str) -> str:
        """Name of an agent; the id itself where the register forgot."""
        name: str | None = self._connection.scalar(
            select(AGENT.c.name).where(AGENT.c.id == agent_id)
        )
        return name or agent_id

    def _where_in(self, column: str, values: Sequence[str]) -> list[Person]:
        people = []
        for part in chunks(values):
            statement = select(PERSON).where(PERSON.c[column].in_(part))
            people += [person_value(row) for row in self._connection.execute(statement).mappings()]
        return people
