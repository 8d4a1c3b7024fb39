"""QR codes of Ardoise's own codes, as rectangles to fill.

Version 1 at level H in alphanumeric mode, which holds ten letters: the largest modules and the
strongest correction that a label can have. Anything longer is refused, never made denser.
"""

from dataclasses import dataclass
from functools import lru_cache

from qrcode.constants import ERROR_CORRECT_H
from qrcode.main import QRCode
from qrcode.util import MODE_ALPHA_NUM, QRData

MODULES = 21
"""Modules along a side of version 1."""
QUIET_MODULES = 4
"""White modules that ISO/IEC 18004 asks for on every side."""
MAX_LETTERS = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """A dark rectangle, in modules from the code's upper left corner."""

    column: int
    row: int
    width: int
    height: int


@lru_cache(maxsize=4096)
def bars(payload: str) -> tuple[Bar, ...]:
    """The dark parts of the QR code of ``payload``, merged into few rectangles.

    Raises ``ValueError`` when the payload does not fit.
    """
    if not 0 < len(payload) <= MAX_LETTERS:
        raise ValueError(f"a version 1-H code holds 1 to {MAX_LETTERS} letters")
    code = QRCode(version=1, error_correction=ERROR_CORRECT_H, border=0)
    code.add_data(QRData(payload, mode=MODE_ALPHA_NUM))
    code.make(fit=False)
    return _merge([[bool(module) for module in row] for row in code.modules])


def _merge(dark: list[list[bool]]) -> tuple[Bar, ...]:
    """Cut a matrix into runs along the rows, each as many rows high as the run repeats."""
    merged = []
    open_runs: dict[tuple[int, int], int] = {}
    for row, modules in enumerate([*dark, [False] * len(dark)]):
        runs = _runs(modules)
        for (column, width), top in list(open_runs.items()):
            if (column, width) not in runs:
                merged.append(Bar(column, top, width, row - top))
                del open_runs[column, width]
        for run in runs:
            open_runs.setdefault(run, row)
    return tuple(merged)


def _runs(modules: list[bool]) -> set[tuple[int, int]]:
    """Column and width of each dark run of a row."""
    edges = [
        column
        for column, (before, after) in enumerate(
            zip([False, *modules], [*modules, False], strict=True)
        )
        if before != after
    ]
    return {(start, end - start) for start, end in zip(edges[::2], edges[1::2], strict=True)}
