"""The register of places: schools and phases of a programme, last writer wins for each field.

Their subjects are readable keys (a UAI, ``phase:2``), since nothing about them is personal.
"""

from dataclasses import dataclass, fields, replace

from fleet.asset import whole_number
from fleet.operation import Json, Operation

SCHOOL_DESCRIBED = "school.described"
PHASE_DESCRIBED = "phase.described"


@dataclass(frozen=True, slots=True)
class School:
    """A school of the national directory, or the owner's own site."""

    uai: str
    name: str = ""
    kind: str = ""
    """``ecole``, ``college``, ``lycee`` … as the directory's type says."""
    status: str = ""
    """Public or private, as the directory says."""
    address: str = ""
    postcode: str = ""
    commune: str = ""
    commune_code: str = ""
    departement: str = ""
    """Three characters: ``035``."""
    circonscription: str = ""
    nature: str = ""
    """Code of the nature: 151, 340 …"""
    priority: str = ""
    """REP, REP+ or nothing."""
    condition: str = ""
    """Open, about to close …, as the directory says."""
    phone: str = ""
    mail: str = ""
    last_hlc: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of a deployment; a school may be in several (a pilot, then a phase)."""

    id: str
    programme: str = ""
    name: str = ""
    position: int = 0
    year: int | None = None
    schools: tuple[str, ...] = ()
    """UAIs."""
    last_hlc: str = ""


SCHOOL_FIELDS = frozenset(each.name for each in fields(School)) - {"uai", "last_hlc"}


def step_school(school: School, operation: Operation) -> School:
    """The school after ``operation``; fields of another type or unknown are left out."""
    changes: dict[str, str] = {"last_hlc": operation.hlc}
    if operation.kind == SCHOOL_DESCRIBED:
        content = operation.content()
        for name in SCHOOL_FIELDS & content.keys():
            value = content[name]
            if isinstance(value, str):
                changes[name] = value
    return replace(school, **changes)


def step_phase(phase: Phase, operation: Operation) -> Phase:
    """The phase after ``operation``."""
    if operation.kind != PHASE_DESCRIBED:
        return replace(phase, last_hlc=operation.hlc)
    content = operation.content()
    year = _number(content.get("year"))
    schools = content.get("schools")
    return replace(
        phase,
        programme=_word(content.get("programme")) or phase.programme,
        name=_word(content.get("name")) or phase.name,
        position=_number(content.get("position")) or phase.position,
        year=phase.year if year is None else year,
        schools=tuple(each for each in schools if isinstance(each, str))
        if isinstance(schools, list)
        else phase.schools,
        last_hlc=operation.hlc,
    )


def _word(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Json) -> int | None:
    return whole_number(value)
