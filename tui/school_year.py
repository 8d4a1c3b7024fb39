"""The school year's end, which is when loans to pupils fall due unless somebody says otherwise."""

from datetime import date, timedelta

SATURDAY = 5
JULY = 7


def end_of_school_year(today: date) -> date:
    """The first Saturday of July on or after ``today``.

    The national calendars of the last years end within a week of it; whoever needs another day
    gives it at the desk.
    """
    end = _first_saturday_of_july(today.year)
    return end if today <= end else _first_saturday_of_july(today.year + 1)


def _first_saturday_of_july(year: int) -> date:
    first = date(year, JULY, 1)
    return first + timedelta(days=(SATURDAY - first.weekday()) % 7)
