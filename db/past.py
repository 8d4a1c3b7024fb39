"""A day in the past: a store in memory, folded again from what had happened by the end of it.

The register of persons is as it is now, since it keeps no history: who borrowed then shows under
today's name and class. Nothing written there is kept, and nothing reaches the real database.
"""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, Table, insert, select

from db.engine import writing
from db.rebuild import rebuild
from db.statements import AGENT, LINK, NOTE, OPERATION, PERSON
from db.store import SqlStore
from fleet.stamps import iso

_REGISTER = (AGENT, PERSON, LINK, NOTE)
_BATCH = 2000


def open_past(store: SqlStore, day: date) -> SqlStore:
    """The fleet of ``store`` at the end of ``day``, local time; close it as any other store.

    An operation counts by when it happened (``at``), not by when it was entered.
    """
    end = end_of_day(day)
    past = SqlStore(None, clock=lambda: end)
    with store.reading() as source, writing(past.engine) as target, target.begin():
        for table in _REGISTER:
            _copy(source, target, table)
        _copy(source, target, OPERATION, iso(end))
        rebuild(target)
    return past


def end_of_day(day: date) -> datetime:
    """The last millisecond of a local day."""
    midnight = datetime.combine(day + timedelta(days=1), time.min).astimezone()
    return midnight.astimezone(UTC) - timedelta(milliseconds=1)


def _copy(source: Connection, target: Connection, table: Table, until: str | None = None) -> None:
    statement = select(table)
    if until is not None:
        statement = statement.where(table.c.at <= until).order_by(table.c.replica, table.c.seq)
    rows = source.execution_options(yield_per=_BATCH).execute(statement).mappings()
    for part in rows.partitions():
        target.execute(insert(table), [dict(row) for row in part])
