"""Rows ↔ values: what each state table stores of a folded asset, school or phase, and back."""

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import RowMapping

from fleet.asset import Asset, Condition, Conflict, Loan, State
from fleet.kinds import AssetKind, PersonKind
from fleet.names import fold_name, person_key
from fleet.operation import Operation
from fleet.persons import Person
from fleet.register import Phase, School

Row = RowMapping

_ASSET_PLAIN = [
    each.name
    for each in fields(Asset)
    if each.name not in {"kind", "custody", "loans", "conflicts", "codes"}
]
_SCHOOL_PLAIN = [each.name for each in fields(School)]
_OPERATION_PLAIN = [each.name for each in fields(Operation)]
_PERSON_PLAIN = [each.name for each in fields(Person) if each.name != "kind"]
_SEARCHED = ("tag", "serial", "model", "maker", "name", "accounting_number", "room")


def operation_row(operation: Operation) -> dict[str, Any]:
    return {name: getattr(operation, name) for name in _OPERATION_PLAIN}


def operation_value(row: Row) -> Operation:
    return Operation(**{name: row[name] for name in _OPERATION_PLAIN})


def asset_row(asset: Asset) -> dict[str, Any]:
    """The row of a folded asset, with its search text and its place in lists."""
    row: dict[str, Any] = {name: getattr(asset, name) for name in _ASSET_PLAIN}
    row["kind"] = asset.kind and asset.kind.value
    row["custody"] = asset.custody.value
    row["state"] = asset.state.value
    row["tag_contested"] = False
    row["slot_contested"] = False
    row["code_count"] = len(asset.codes)
    words = [*(getattr(asset, name) for name in _SEARCHED), *asset.codes]
    row["search"] = " ".join(fold_name(word) for word in words if word)
    row["sort_key"] = "|".join(
        (asset.school or "~", asset.cart or "~", f"{asset.slot or 0:04}", asset.tag or "", asset.id)
    )
    return row


def asset_value(row: Row, loans: tuple[Loan, ...] = (), codes: tuple[str, ...] = ()) -> Asset:
    kind = row["kind"]
    return Asset(
        **{name: row[name] for name in _ASSET_PLAIN},
        kind=AssetKind(kind) if kind else None,
        custody=State(row["custody"]),
        loans=loans,
        codes=codes,
    )


def code_rows(asset: Asset) -> Iterator[dict[str, Any]]:
    for position, code in enumerate(asset.codes):
        yield {"code": code, "asset": asset.id, "position": position}


def loan_row(loan: Loan) -> dict[str, Any]:
    return {
        "id": loan.id,
        "asset": loan.asset,
        "ref": loan.ref,
        "operation": loan.operation,
        "opened_at": loan.opened_at,
        "opened_hlc": loan.opened_hlc,
        "due": loan.due.isoformat() if loan.due else None,
        "accessories": json.dumps(loan.accessories),
        "closed_at": loan.closed_at,
        "closed_by": loan.closed_by,
        "condition": loan.condition.value if loan.condition else None,
        "missing": json.dumps(loan.missing),
        "settled": json.dumps(loan.settled),
        "has_debts": bool(loan.debts),
        "contested": loan.contested,
        "cancelled": loan.cancelled,
    }


def loan_value(row: Row) -> Loan:
    return Loan(
        id=row["id"],
        asset=row["asset"],
        ref=row["ref"],
        operation=row["operation"],
        opened_at=row["opened_at"],
        opened_hlc=row["opened_hlc"],
        due=date.fromisoformat(row["due"]) if row["due"] else None,
        accessories=tuple(json.loads(row["accessories"])),
        closed_at=row["closed_at"],
        closed_by=row["closed_by"],
        condition=Condition(row["condition"]) if row["condition"] else None,
        missing=tuple(json.loads(row["missing"])),
        settled=tuple(json.loads(row["settled"])),
        contested=row["contested"],
        cancelled=row["cancelled"],
    )


def conflict_row(conflict: Conflict) -> dict[str, Any]:
    return {
        "id": conflict.id,
        "asset": conflict.asset,
        "earlier": conflict.earlier,
        "later": conflict.later,
        "kind": conflict.kind.value,
    }


def school_row(school: School) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(school, name) for name in _SCHOOL_PLAIN}
    row["search"] = " ".join(fold_name(each) for each in (school.uai, school.name, school.commune))
    return row


def school_value(row: Row) -> School:
    return School(**{name: row[name] for name in _SCHOOL_PLAIN})


def phase_row(phase: Phase) -> dict[str, Any]:
    return {
        "id": phase.id,
        "programme": phase.programme,
        "name": phase.name,
        "position": phase.position,
        "year": phase.year,
        "last_hlc": phase.last_hlc,
    }


def phase_value(row: Row, schools: tuple[str, ...]) -> Phase:
    return Phase(
        row["id"],
        row["programme"],
        row["name"],
        row["position"],
        row["year"],
        schools,
        row["last_hlc"],
    )


def person_row(person: Person) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(person, name) for name in _PERSON_PLAIN}
    row["kind"] = person.kind.value
    row["name_key"] = person_key(person.family_name, person.given_name)
    searched = (person.full_name, person.class_name, person.guardian)
    row["search"] = " ".join(fold_name(each) for each in searched if each)
    row["sort_key"] = "|".join(
        (person.school, person.class_name, fold_name(person.full_name), person.id)
    )
    return row


def person_value(row: Row) -> Person:
    return Person(
        **{name: row[name] for name in _PERSON_PLAIN},
        kind=PersonKind(row["kind"]),
    )
