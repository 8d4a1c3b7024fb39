"""Phases of a deployment: which schools are served when."""

from collections.abc import Sequence

from fleet.operation import OWNER_SCOPE, Draft, Json
from fleet.ports import Work
from fleet.register import PHASE_DESCRIBED


def describe_phase(
    work: Work,
    phase_id: str,
    *,
    programme: str,
    name: str,
    position: int,
    year: int,
    schools: Sequence[str],
) -> bool:
    """Enter a phase, or what changed in it; false when it stands so already."""
    known = work.phase(phase_id)
    wanted: dict[str, Json] = {
        "programme": programme,
        "name": name,
        "position": position,
        "year": year,
        "schools": sorted(schools),
    }
    body = {
        field: value
        for field, value in wanted.items()
        if known is None or _plain(getattr(known, field)) != value
    }
    if not body:
        return False
    work.record([Draft(PHASE_DESCRIBED, phase_id, OWNER_SCOPE, body)])
    return True


def _plain(value: Json) -> Json:
    return list(value) if isinstance(value, tuple) else value
