"""What the desk lets choose: a school, a class of it, a date of return. These calls may block."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fleet.names import fold_name
from fleet.query import Query
from fleet.views import SchoolRow, Views
from tui import format as shown
from tui.i18n import _, ngettext
from tui.school_year import end_of_school_year
from tui.screens.choice import Choice, Value

SCHOOLS = 50
FRIDAY = 4


@dataclass(frozen=True, slots=True)
class ClassChoice:
    """A class; None is the whole school."""

    name: str | None


@dataclass(frozen=True, slots=True)
class DueChoice:
    """A date of return; None is no date."""

    day: date | None


def schools(views: Views, text: str) -> Sequence[Choice[SchoolRow]]:
    """The first schools that match, those with people before the others."""
    query = Query(words=tuple(fold_name(text).split()))
    found = views.schools(query, limit=SCHOOLS).items
    return [
        Choice(school, school.name, f"{school.commune} · {school.uai}")
        for school in sorted(found, key=lambda each: not each.people)
    ]


def classes(views: Views, school: SchoolRow, text: str) -> Sequence[Choice[ClassChoice]]:
    """The classes of a school, and the whole school last."""
    found = [
        Choice(ClassChoice(name), name or _("Sans classe"), _pupils(count))
        for name, count in views.classes(school.uai)
    ]
    return _matching([*found, Choice(ClassChoice(None), _("Toute l’école"))], text)


def due_dates(today: date, text: str) -> Sequence[Choice[DueChoice]]:
    """The dates that loans usually fall due on."""
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % 7)
    days = [
        (_("Aujourd’hui"), today),
        (_("Vendredi"), friday),
        (_("Dans quinze jours"), today + timedelta(days=14)),
        (_("Fin de l’année scolaire"), end_of_school_year(today)),
    ]
    dated = [Choice(DueChoice(day), label, shown.day(day)) for label, day in days]
    return _matching([*dated, Choice(DueChoice(None), _("Sans date"))], text)


def _pupils(count: int) -> str:
    return ngettext("{count} élève", "{count} élèves", count).format(count=count)


def _matching(choices: Sequence[Choice[Value]], text: str) -> Sequence[Choice[Value]]:
    wanted = fold_name(text)
    return [each for each in choices if wanted in fold_name(each.label)]
