"""Assets with their loans, conflicts and attached codes, within one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, select, tuple_

from db.keepers import Keeper, TableRow
from db.rows import asset_row, asset_value, code_rows, conflict_row, loan_row, loan_value
from db.statements import ASSET, ASSET_CODE, CONFLICT, LOAN, chunks, upsert
from fleet.asset import Asset, Loan
from fleet.movements import touched_loans
from fleet.operation import Operation


class AssetKeeper(Keeper[Asset]):
    """See the module; of the loans, the open ones and those that an operation names are read."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._codes: dict[str, tuple[str, ...]] = {}

    def where(self, *conditions: Any) -> list[Asset]:
        """Assets whose row matches, in no particular order."""
        ids = list(self.connection.scalars(select(ASSET.c.id).where(*conditions)))
        return list(self.load(ids).values())

    def read(self, ids: list[str]) -> Iterator[tuple[str, Asset]]:
        rows = self.connection.execute(select(ASSET).where(ASSET.c.id.in_(ids))).mappings()
        found = {row["id"]: row for row in rows}
        loans = self._loans(LOAN.c.asset.in_(found), LOAN.c.closed_at.is_(None))
        codes: dict[str, list[str]] = {}
        coded = [asset_id for asset_id, row in found.items() if row["code_count"]]
        if coded:
            attached = select(ASSET_CODE).where(ASSET_CODE.c.asset.in_(coded))
            lines = self.connection.execute(attached.order_by(ASSET_CODE.c.position)).mappings()
            for row in lines:
                codes.setdefault(row["asset"], []).append(row["code"])
        self._codes |= {asset: tuple(each) for asset, each in codes.items()}
        for asset_id, row in found.items():
            yield (
                asset_id,
                asset_value(row, tuple(loans.get(asset_id, ())), tuple(codes.get(asset_id, ()))),
            )

    def prepare(self, operations: Sequence[Operation]) -> None:
        wanted: set[str] = set()
        for operation in operations:
            asset = self.known.get(operation.subject)
            if asset is not None:
                present = {loan.id for loan in asset.loans}
                wanted.update(each for each in touched_loans(operation) if each not in present)
        for part in chunks(sorted(wanted)):
            for asset_id, loans in self._loans(LOAN.c.id.in_(part)).items():
                asset = self.known.get(asset_id)
                if asset is not None:
                    self.known[asset_id] = _with_more_loans(asset, loans)

    def write(self, values: Sequence[Asset]) -> None:
        """Write assets with the loans, conflicts and codes that they carry."""
        self._leave_slots(values)
        upsert(self.connection, ASSET, [asset_row(asset) for asset in values])
        self._write_codes(values)
        # Closed ones first: a loan that ends makes room for the one that begins.
        loans = [loan for asset in values for loan in asset.loans]
        upsert(self.connection, LOAN, [loan_row(loan) for loan in loans if not loan.is_open])
        upsert(self.connection, LOAN, [loan_row(loan) for loan in loans if loan.is_open])
        conflicts = [conflict_row(each) for asset in values for each in asset.conflicts]
        upsert(self.connection, CONFLICT, conflicts)

    def rows(self, value: Asset) -> Iterator[TableRow]:
        yield ASSET, asset_row(value)
        for row in code_rows(value):
            yield ASSET_CODE, row
        for loan in value.loans:
            yield LOAN, loan_row(loan)
        for conflict in value.conflicts:
            yield CONFLICT, conflict_row(conflict)

    def _write_codes(self, assets: Sequence[Asset]) -> None:
        gone = [
            (code, asset.id)
            for asset in assets
            for code in self._codes.get(asset.id, ())
            if code not in asset.codes
        ]
        if gone:
            pair = tuple_(ASSET_CODE.c.code, ASSET_CODE.c.asset)
            self.connection.execute(delete(ASSET_CODE).where(pair.in_(gone)))
        upsert(self.connection, ASSET_CODE, [row for asset in assets for row in code_rows(asset)])
        self._codes |= {asset.id: asset.codes for asset in assets if asset.codes or gone}

    def _leave_slots(self, assets: Sequence[Asset]) -> None:
        # Two tablets that swap slots would meet in one for the length of a statement.
        if len(assets) > 1 and any(asset.slot is not None for asset in assets):
            for part in chunks(asset.id for asset in assets):
                placed = ASSET.update().where(ASSET.c.id.in_(part), ASSET.c.slot.is_not(None))
                self.connection.execute(placed.values(slot=None))

    def _loans(self, *conditions: Any) -> dict[str, list[Loan]]:
        statement = select(LOAN).where(*conditions).order_by(LOAN.c.opened_hlc, LOAN.c.id)
        loans: dict[str, list[Loan]] = {}
        for row in self.connection.execute(statement).mappings():
            loans.setdefault(row["asset"], []).append(loan_value(row))
        return loans


def _with_more_loans(asset: Asset, loans: Sequence[Loan]) -> Asset:
    merged = {loan.id: loan for loan in (*loans, *asset.loans)}
    ordered = sorted(merged.values(), key=lambda loan: (loan.opened_hlc, loan.id))
    return replace(asset, loans=tuple(ordered))
