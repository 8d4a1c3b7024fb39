"""What a list of assets could be narrowed to, with counts; and selections, by their ids."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, func, select

from db.filters import CART, asset_conditions
from db.selection import ASSET_COLUMNS, ASSETS, to_asset
from db.statements import ASSET, SCHOOL, chunks
from fleet.query import Query
from fleet.views import AssetRow, Facet, FacetKey, FacetValue


@dataclass(frozen=True, slots=True)
class _Source:
    value: ColumnElement[str]
    label: ColumnElement[str]


_SOURCES: Mapping[FacetKey, _Source] = {
    FacetKey.STATE: _Source(ASSET.c.state, ASSET.c.state),
    FacetKey.KIND: _Source(ASSET.c.kind, ASSET.c.kind),
    FacetKey.SCHOOL: _Source(ASSET.c.school, SCHOOL.c.name),
    FacetKey.MODEL: _Source(ASSET.c.model, ASSET.c.model),
    FacetKey.CART: _Source(func.coalesce(CART.c.tag, CART.c.name), CART.c.name),
}


def count_facet(connection: Connection, query: Query, key: FacetKey, limit: int) -> Facet:
    """Values of ``key`` among what ``query`` would find without its own terms on that key."""
    others = replace(query, terms=tuple(term for term in query.terms if term.key != key.value))
    source = _SOURCES[key]
    count = func.count().label("count")
    statement = (
        select(source.value.label("value"), func.min(source.label).label("label"), count)
        .select_from(ASSETS)
        .where(*asset_conditions(others), source.value.is_not(None))
        .group_by(source.value)
        .order_by(count.desc(), source.value)
        .limit(limit + 1)
    )
    rows = connection.execute(statement).all()
    values = tuple(FacetValue(value, label or value, count) for value, label, count in rows[:limit])
    return Facet(key, values, len(rows) > limit)


def matching_ids(connection: Connection, query: Query) -> tuple[str, ...]:
    """Ids of all that match, in the order of the list."""
    statement = select(ASSET.c.id).select_from(ASSETS).where(*asset_conditions(query))
    return tuple(connection.scalars(statement.order_by(ASSET.c.sort_key)))


def rows_by_id(connection: Connection, ids: tuple[str, ...]) -> tuple[AssetRow, ...]:
    """The rows of these assets, in the order of the list; unknown ids are left out."""
    found = [
        row
        for part in chunks(ids)
        for row in connection.execute(
            select(*ASSET_COLUMNS).select_from(ASSETS).where(ASSET.c.id.in_(part))
        ).mappings()
    ]
    return tuple(to_asset(row) for row in sorted(found, key=lambda row: row["sort_key"]))
