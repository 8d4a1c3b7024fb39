"""Persons: the erasable register of who borrows, and nothing more than a loan needs.

Never part of an operation. A birth date serves the matching of a list and is forgotten at once.
"""

from dataclasses import dataclass

from fleet.kinds import PersonKind


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can borrow."""

    id: str
    """Keyed digest (``ids.person_id``): the same on every laptop of the fleet."""
    family_name: str
    given_name: str
    kind: PersonKind
    school: str
    """UAI."""
    class_name: str = ""
    level: str = ""
    guardian: str = ""
    """Who signs for a pupil."""
    code: str = ""
    """Ten letters on the class sheet or a card; holds no name and can be drawn anew."""
    mark: str = ""
    """What tells homonyms apart on screen: ``2``."""
    left: bool = False
    """No longer in a list that was declared complete."""

    @property
    def full_name(self) -> str:
        return f"{self.family_name} {self.given_name}"
