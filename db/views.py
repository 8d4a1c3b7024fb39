"""Read models: SQL → frozen rows, paged by key (``fleet.views``)."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import RowMapping, Select, func, or_, select, tuple_

from db.cart_views import read_carts, read_slots
from db.debts import DEBTS, count_accessories, read_debts
from db.facets import count_facet, matching_ids, rows_by_id
from db.filters import (
    asset_conditions,
    loan_conditions,
    person_conditions,
    school_conditions,
)
from db.selection import (
    ASSET_COLUMNS,
    ASSETS,
    CARD_PLAIN,
    LOANS,
    OPEN_LOANS,
    decode_key,
    is_unsettled,
    loan_ids,
    to_asset,
    to_loan,
    to_page,
    to_person,
)
from db.statements import (
    AGENT,
    ASSET,
    ASSET_CODE,
    CONFLICT,
    LOAN,
    NOTE,
    OPERATION,
    PERSON,
    PHASE,
    PHASE_SCHOOL,
    SCHOOL,
)
from db.stocktake_views import SqlStocktakeViews
from db.store import SqlStore
from fleet.asset import State
from fleet.kinds import AssetKind
from fleet.query import WARRANTY_SOON_DAYS, Query
from fleet.views import (
    AccessoryCount,
    AssetCard,
    AssetRow,
    CartRow,
    DebtRow,
    Facet,
    FacetKey,
    Figures,
    HistoryRow,
    LoanRow,
    Page,
    PersonRow,
    SchoolRow,
    SlotRow,
)


class SqlViews:
    """See ``fleet.views.Views``."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self.stocktaking = SqlStocktakeViews(store)

    def assets(self, query: Query, *, limit: int = 50, after: str | None = None) -> Page[AssetRow]:
        statement = select(*ASSET_COLUMNS).select_from(ASSETS).where(*asset_conditions(query))
        if after is not None:
            statement = statement.where(ASSET.c.sort_key > decode_key(after)[0])
        rows = self._rows(statement.order_by(ASSET.c.sort_key).limit(limit + 1))
        return to_page(rows, limit, to_asset, lambda row: [row["sort_key"]])

    def count_assets(self, query: Query) -> int:
        statement = select(func.count()).select_from(ASSETS).where(*asset_conditions(query))
        with self._store.reading() as connection:
            return connection.scalar(statement) or 0

    def facet(self, query: Query, key: FacetKey, *, limit: int = 8) -> Facet:
        with self._store.reading() as connection:
            return count_facet(connection, query, key, limit)

    def asset_ids(self, query: Query) -> tuple[str, ...]:
        with self._store.reading() as connection:
            return matching_ids(connection, query)

    def assets_by_id(self, ids: Sequence[str]) -> tuple[AssetRow, ...]:
        with self._store.reading() as connection:
            return rows_by_id(connection, tuple(ids))

    def asset(self, code: str) -> AssetCard | None:
        wanted = or_(ASSET.c.tag == code, ASSET.c.id == code)
        rows = self._rows(select(*ASSET_COLUMNS).select_from(ASSETS).where(wanted))
        if not rows:
            return None
        row = rows[0]
        present = select(func.count()).where(ASSET.c.cart == row["id"])
        conflicts = (
            select(func.count())
            .select_from(CONFLICT)
            .where(CONFLICT.c.asset == row["id"], is_unsettled())
        )
        with self._store.reading() as connection:
            return AssetCard(
                row=to_asset(row),
                present=connection.scalar(present) if row["kind"] == AssetKind.CART else None,
                conflicts=connection.scalar(conflicts) or 0,
                loan=row["loan_id"],
                accessories=tuple(json.loads(row["accessories"] or "[]")),
                **{name: row[name] for name in CARD_PLAIN},
            )

    def assets_like(self, candidates: Sequence[str]) -> tuple[AssetRow, ...]:
        wanted = or_(
            func.lower(ASSET.c.serial).in_([each.lower() for each in candidates]),
            ASSET.c.accounting_number.in_(candidates),
            ASSET.c.id.in_(select(ASSET_CODE.c.asset).where(ASSET_CODE.c.code.in_(candidates))),
        )
        statement = select(*ASSET_COLUMNS).select_from(ASSETS).where(wanted)
        rows = self._rows(statement.order_by(ASSET.c.sort_key).limit(20))
        return tuple(to_asset(row) for row in rows)

    def history(self, asset_id: str, *, limit: int = 200) -> tuple[HistoryRow, ...]:
        statement = (
            select(OPERATION, AGENT.c.name.label("agent_name"), NOTE.c.text.label("note"))
            .outerjoin(AGENT, AGENT.c.id == OPERATION.c.author)
            .outerjoin(NOTE, NOTE.c.operation == OPERATION.c.id)
            .where(OPERATION.c.subject == asset_id)
            .order_by(OPERATION.c.hlc.desc(), OPERATION.c.id.desc())
            .limit(limit)
        )
        rows = [(row, json.loads(row["body"])) for row in self._rows(statement)]
        names = self._borrowers(rows)
        return tuple(
            HistoryRow(
                id=row["id"],
                kind=row["kind"],
                at=row["at"],
                author=row["agent_name"] or row["author"],
                replica=row["replica"],
                body=body,
                person_name=names.get(row["id"]),
                note=row["note"],
            )
            for row, body in rows
        )

    def people(self, query: Query, *, limit: int = 50, after: str | None = None) -> Page[PersonRow]:
        statement = select(PERSON, OPEN_LOANS, DEBTS).where(*person_conditions(query))
        if after is not None:
            statement = statement.where(PERSON.c.sort_key > decode_key(after)[0])
        rows = self._rows(statement.order_by(PERSON.c.sort_key).limit(limit + 1))
        return to_page(rows, limit, to_person, lambda row: [row["sort_key"]])

    def person(self, code: str) -> PersonRow | None:
        wanted = or_(PERSON.c.id == code, PERSON.c.code == code) if code else PERSON.c.id == ""
        rows = self._rows(select(PERSON, OPEN_LOANS, DEBTS).where(wanted))
        return to_person(rows[0]) if rows else None

    def loans(self, query: Query, *, limit: int = 50, after: str | None = None) -> Page[LoanRow]:
        statement = (
            select(
                LOAN,
                ASSET.c.tag,
                ASSET.c.model,
                ASSET.c.school.label("asset_school"),
                PERSON.c.id.label("person"),
                PERSON.c.family_name,
                PERSON.c.given_name,
                PERSON.c.class_name,
            )
            .select_from(LOANS)
            .where(*loan_conditions(query))
        )
        if not any(term.key == "is" for term in query.terms):
            statement = statement.where(LOAN.c.closed_at.is_(None))
        if after is not None:
            hlc, loan_id = decode_key(after, 2)
            statement = statement.where(tuple_(LOAN.c.opened_hlc, LOAN.c.id) < (hlc, loan_id))
        ordered = statement.order_by(LOAN.c.opened_hlc.desc(), LOAN.c.id.desc()).limit(limit + 1)
        rows = self._rows(ordered)
        return to_page(rows, limit, to_loan, lambda row: [row["opened_hlc"], row["id"]])

    def schools(
        self, query: Query, *, limit: int = 50, after: str | None = None
    ) -> Page[SchoolRow]:
        assets = select(func.count()).where(ASSET.c.school == SCHOOL.c.uai).scalar_subquery()
        people = select(func.count()).where(PERSON.c.school == SCHOOL.c.uai).scalar_subquery()
        statement = select(SCHOOL, assets.label("assets"), people.label("people"))
        statement = statement.where(*school_conditions(query))
        if after is not None:
            statement = statement.where(SCHOOL.c.uai > decode_key(after)[0])
        rows = self._rows(statement.order_by(SCHOOL.c.uai).limit(limit + 1))
        phases = self._phases([row["uai"] for row in rows])
        return to_page(
            rows,
            limit,
            lambda row: SchoolRow(
                uai=row["uai"],
                name=row["name"],
                commune=row["commune"],
                postcode=row["postcode"],
                kind=row["kind"],
                phases=tuple(phases.get(row["uai"], ())),
                assets=row["assets"],
                people=row["people"],
            ),
            lambda row: [row["uai"]],
        )

    def classes(self, school: str) -> tuple[tuple[str, int], ...]:
        statement = (
            select(PERSON.c.class_name, func.count())
            .where(PERSON.c.school == school, PERSON.c.class_name != "", ~PERSON.c.left)
            .group_by(PERSON.c.class_name)
            .order_by(PERSON.c.class_name)
        )
        with self._store.reading() as connection:
            return tuple((name, count) for name, count in connection.execute(statement))

    def slots(self, cart: str) -> tuple[SlotRow, ...]:
        card = self.asset(cart)
        if card is None:
            return ()
        with self._store.reading() as connection:
            return read_slots(connection, card.row, card.capacity)

    def carts(self, query: Query, *, limit: int = 50, after: str | None = None) -> Page[CartRow]:
        with self._store.reading() as connection:
            return read_carts(connection, query, limit, after)

    def debts(self, query: Query, *, limit: int = 50, after: str | None = None) -> Page[DebtRow]:
        with self._store.reading() as connection:
            return read_debts(connection, query, limit, after)

    def accessory_counts(self, school: str | None = None) -> tuple[AccessoryCount, ...]:
        with self._store.reading() as connection:
            return count_accessories(connection, school)

    def figures(self, today: date) -> Figures:
        open_loan = LOAN.c.closed_at.is_(None)
        counts: dict[str, Select[Any]] = {
            "schools": select(func.count()).select_from(SCHOOL),
            "people": select(func.count()).select_from(PERSON).where(~PERSON.c.left),
            "assets": select(func.count()).select_from(ASSET),
            "carts": select(func.count()).where(ASSET.c.kind == AssetKind.CART.value),
            "servers": select(func.count()).where(ASSET.c.kind == AssetKind.KWARTZ_SERVER.value),
            "tablets": select(func.count()).where(ASSET.c.kind == AssetKind.TABLET.value),
            "open_loans": select(func.count()).where(open_loan),
            "late": select(func.count()).where(open_loan, LOAN.c.due < today.isoformat()),
            "conflicts": select(func.count()).select_from(CONFLICT).where(is_unsettled()),
            "operations": select(func.count()).select_from(OPERATION),
        }
        with self._store.reading() as connection:
            return Figures(**{name: connection.scalar(each) or 0 for name, each in counts.items()})

    def ending_warranties(self, today: date, days: int = WARRANTY_SOON_DAYS) -> int:
        last = (today + timedelta(days=days)).isoformat()
        statement = select(func.count()).where(
            ASSET.c.warranty_until.between(today.isoformat(), last),
            ASSET.c.state != State.RETIRED.value,
        )
        with self._store.reading() as connection:
            return connection.scalar(statement) or 0

    def _rows(self, statement: Select[Any]) -> list[RowMapping]:
        with self._store.reading() as connection:
            return list(connection.execute(statement).mappings())

    def _phases(self, uais: Sequence[str]) -> dict[str, list[int]]:
        statement = (
            select(PHASE_SCHOOL.c.school, PHASE.c.position)
            .join(PHASE, PHASE.c.id == PHASE_SCHOOL.c.phase)
            .where(PHASE_SCHOOL.c.school.in_(uais))
            .order_by(PHASE.c.position)
        )
        found: dict[str, list[int]] = {}
        with self._store.reading() as connection:
            for school, position in connection.execute(statement):
                found.setdefault(school, []).append(position)
        return found

    def _borrowers(self, rows: Sequence[tuple[RowMapping, dict[str, Any]]]) -> dict[str, str]:
        """Names by operation id, for loans (by reference) and for what names a loan."""
        loans = {row["id"]: loan_ids(row, body) for row, body in rows}
        wanted = {loan for ids in loans.values() for loan in ids}
        statement = (
            select(LOAN.c.id, PERSON.c.family_name, PERSON.c.given_name)
            .select_from(LOANS)
            .where(LOAN.c.id.in_(wanted), PERSON.c.id.is_not(None))
        )
        names = {
            row["id"]: f"{row['family_name']} {row['given_name']}" for row in self._rows(statement)
        }
        found = {}
        for operation, ids in loans.items():
            known = [names[each] for each in ids if each in names]
            if known:
                found[operation] = ", ".join(dict.fromkeys(known))
        return found
