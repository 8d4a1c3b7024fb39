"""One person as a list names them: what every list of people is read into."""

from dataclasses import dataclass, field
from datetime import date

from fleet.kinds import PersonKind


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A pupil, teacher or member of staff; text is empty where the file says nothing."""

    family_name: str
    """The name in use where the file has one, else the family name; upper case."""
    given_name: str
    kind: PersonKind
    class_name: str = ""
    level: str = ""
    """``CP`` … ``CM2``, ``6e`` … ``3e``; of the pupil, since a class may hold several levels."""
    guardian: str = ""
    """Who signs for a pupil."""
    school: str | None = None
    """UAI, where the file says it."""
    birth_date: date | None = field(default=None, repr=False)
    """For matching alone: never store, show or log it."""
