"""Class lists into the erasable register of persons.

Three laptops that import one list make each pupil once, and next year's list with other classes
makes nobody twice: an id is a keyed digest of the folded names and the birth date, where the file
has one. A birth date is used here and forgotten.
"""

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import count, islice

from fleet.ids import person_id
from fleet.imports.person_row import PersonRow
from fleet.imports.rows import Parsed, Rejected
from fleet.imports.staging import Difference, Staging
from fleet.kinds import PersonKind
from fleet.names import person_key
from fleet.persons import Person
from fleet.ports import Work
from fleet.usecases.importing.report import ImportReport, Progress, Tally, batches
from fleet.usecases.tagging import draw_free_person_code

_MOST_HOMONYMS = 9
_SHOWN = ("family_name", "given_name", "kind", "school", "class_name", "level", "guardian", "left")


def import_people(
    work: Work,
    rows: Iterable[Parsed[PersonRow] | Rejected],
    *,
    school: str | None = None,
    complete: bool = False,
    progress: Progress | None = None,
    staging: Staging | None = None,
) -> ImportReport:
    """Create and update persons; ``school`` is the UAI for rows that name none.

    With ``complete``, who is of the same school and kind and not in the file has left, unless rows
    were rejected: one of them may be theirs.
    """
    tally = Tally(staging)
    roll = _Roll(work, tally)
    for batch in batches(rows, tally, progress):
        schools = work.schools([parsed.row.school or school or "" for parsed in batch])
        roll.load(person_key(each.row.family_name, each.row.given_name) for each in batch)
        for parsed in batch:
            uai = parsed.row.school or school
            if uai is None or uai not in schools:
                code = "import.school_missing" if uai is None else "import.school_unknown"
                tally.reject(Rejected(parsed.line, "UAI", uai or "", code))
                continue
            roll.enter(parsed.line, parsed.row, uai)
        roll.save()
        work.forget()
    # Somebody whose row was rejected is in the file all the same: then nobody has left.
    if complete and not tally.report.faults:
        roll.leave()
    return tally.report


class _Roll:
    """The persons that a file is matched with, and who of them was in it."""

    def __init__(self, work: Work, tally: Tally) -> None:
        self._work = work
        self._tally = tally
        self._people: dict[str, list[Person]] = {}
        self._places: set[tuple[str, PersonKind]] = set()
        self._claimed = tally.seen("claimed")
        self._changed: dict[str, Person] = {}
        self._codes: set[str] = set()
        self._rows = tally.seen("rows")

    def load(self, keys: Iterable[str]) -> None:
        new = [key for key in keys if key not in self._people]
        found = self._work.people_named(new)
        for key in new:
            self._people[key] = found.get(key, [])

    def enter(self, line: int, row: PersonRow, uai: str) -> None:
        """Match one row, then create, update or leave the person."""
        key = person_key(row.family_name, row.given_name)
        # With a birth date, equal lines are one child of two groups; without, two homonyms.
        if row.birth_date is not None:
            digest = self._digest(row, uai)
            if digest in self._rows:
                self._tally.keep(line, "", _label(row.family_name, row.given_name))
                return
            self._rows.add(digest)
        known = self._known(key, row, uai)
        if known is None:
            person = self._create(key, row, uai)
            self._tally.create(line, person.id, _label(row.family_name, row.given_name))
        else:
            person = replace(
                known,
                family_name=row.family_name,
                given_name=row.given_name,
                kind=row.kind,
                school=uai,
                class_name=row.class_name or known.class_name,
                level=row.level or known.level,
                guardian=row.guardian or known.guardian,
                left=False,
            )
            if person != known:
                self._put(key, person)
            if person.school != known.school:
                person = self._tell_apart(key, person)
            label = _label(person.family_name, person.given_name)
            if person == known:
                self._tally.keep(line, person.id, label)
            else:
                self._tally.update(line, person.id, label, _differences(known, person))
        self._claimed.add(person.id)
        self._places.add((uai, row.kind))

    def save(self) -> None:
        """Write what changed since the last call, and let go of it."""
        self._work.save_people(self._changed.values())
        self._changed.clear()
        self._people.clear()
        self._codes.clear()

    def leave(self) -> None:
        """Mark who is missing from a file that was declared complete."""
        for uai, kind in sorted(self._places):
            gone = []
            for person in self._work.people_of(uai):
                if person.kind is kind and not person.left and person.id not in self._claimed:
                    left = replace(person, left=True)
                    label = _label(person.family_name, person.given_name)
                    self._tally.update(0, person.id, label, _differences(person, left))
                    gone.append(left)
            self._work.save_people(gone)

    def _digest(self, row: PersonRow, uai: str) -> str:
        """Stands for a row among those met, without its birth date being readable."""
        said = (
            *(row.family_name, row.given_name, row.kind, row.class_name, row.level),
            *(row.guardian, row.school, row.birth_date, uai),
        )
        return hmac.digest(self._work.fleet_key, repr(said).encode(), "sha256").hex()

    def _known(self, key: str, row: PersonRow, uai: str) -> Person | None:
        free = {each.id: each for each in self._people[key] if each.id not in self._claimed}
        if row.birth_date is not None:
            for identity in islice(self._ids(key, uai, row.birth_date), _MOST_HOMONYMS):
                if identity in free:
                    return free[identity]
        is_pupil = row.kind is PersonKind.PUPIL
        alike = [each for each in free.values() if (each.kind is PersonKind.PUPIL) == is_pupil]
        if row.birth_date is None:
            return next((person for person in alike if person.school == uai), None)
        # Entered from a list without birth dates: the id says so, since nothing else is kept.
        undated = set(islice(self._ids(key, uai, None), _MOST_HOMONYMS))
        return next((person for person in alike if person.id in undated), None)

    def _create(self, key: str, row: PersonRow, uai: str) -> Person:
        taken = {person.id for person in self._people[key]}
        person = Person(
            id=next(each for each in self._ids(key, uai, row.birth_date) if each not in taken),
            family_name=row.family_name,
            given_name=row.given_name,
            kind=row.kind,
            school=uai,
            class_name=row.class_name,
            level=row.level,
            guardian=row.guardian,
            code=self._draw(),
        )
        self._put(key, person)
        return self._tell_apart(key, person)

    def _tell_apart(self, key: str, arrived: Person) -> Person:
        """Give homonyms of one school a mark each; those who were there keep theirs."""
        homonyms = [each for each in self._people[key] if each.school == arrived.school]
        if len(homonyms) < 2:
            return arrived
        present = [each for each in homonyms if each.id != arrived.id]
        marks = {each.mark for each in present}
        for person in (*present, arrived):
            if person is arrived or not person.mark:
                mark = next(str(n) for n in count(1) if str(n) not in marks)
                marks.add(mark)
                self._put(key, replace(person, mark=mark))
        return next(each for each in self._people[key] if each.id == arrived.id)

    def _ids(self, key: str, uai: str, birth_date: date | None) -> Iterator[str]:
        """The ids that homonyms with nothing else to tell them apart take, one after the other."""
        for nth in count(1):
            basis = f"{uai}#{nth}"
            if birth_date is not None:
                basis = birth_date.isoformat() if nth == 1 else f"{birth_date.isoformat()}#{nth}"
            yield person_id(self._work.fleet_key, key, basis, 0)

    def _put(self, key: str, person: Person) -> None:
        others = [each for each in self._people[key] if each.id != person.id]
        self._people[key] = [*others, person]
        self._changed[person.id] = person

    def _draw(self) -> str:
        while True:
            code = draw_free_person_code(self._work)
            if code not in self._codes:
                self._codes.add(code)
                return code


def _label(family_name: str, given_name: str) -> str:
    return f"{family_name} {given_name}"


def _differences(before: Person, after: Person) -> tuple[Difference, ...]:
    return tuple(
        Difference(name, str(getattr(before, name)), str(getattr(after, name)))
        for name in _SHOWN
        if getattr(before, name) != getattr(after, name)
    )
