"""Reading the class that the desk serves: its people, and what they have out."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from fleet.query import Compare, Query, Term
from fleet.views import LoanRow, Page, SchoolRow, Views
from tui.screens.desk_outcomes import Roster

PAGE = 200

Row = TypeVar("Row")


def read_roster(views: Views, school: SchoolRow, class_name: str | None) -> Roster:
    """A class with its school's people and its open loans; None is the whole school."""
    query = Query((Term("school", Compare.IS, school.uai), Term("left", Compare.IS, "no")))
    people = _all(lambda after: views.people(query, limit=PAGE, after=after))
    members = tuple(each for each in people if class_name in (None, each.class_name))
    roster = Roster(school, class_name, members, people)
    return replace(roster, out=read_out(views, roster))


def read_out(views: Views, roster: Roster) -> tuple[LoanRow, ...]:
    """The open loans of a class."""
    terms = [Term("school", Compare.IS, roster.school.uai)]
    if roster.class_name is not None:
        terms.append(Term("class", Compare.IS, roster.class_name))
    query = Query(tuple(terms))
    return _all(lambda after: views.loans(query, limit=PAGE, after=after))


def _all(fetch: Callable[[str | None], Page[Row]]) -> tuple[Row, ...]:
    page = fetch(None)
    rows = list(page.items)
    while page.next is not None:
        page = fetch(page.next)
        rows += page.items
    return tuple(rows)
