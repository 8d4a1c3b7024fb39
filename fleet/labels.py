"""Label sheets in millimetres: which label goes where on which page.

Pure geometry on A4 paper; drawing is ``agents.paper.labels``. The table holds sheets that shops
sell; the printer's own drift is an offset, never a change of the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from fleet.errors import InvalidInput
from fleet.tags import is_code

PAGE_WIDTH_MM = 210.0
PAGE_HEIGHT_MM = 297.0
MAX_OFFSET_MM = 10.0
"""A printer that drifts further takes the paper in askew: an offset would not mend that."""


class Face(StrEnum):
    """How much a label of that size can say."""

    FULL = "full"
    """Code, tag, slot, school, kind, owner, phone."""
    COMPACT = "compact"
    """The same in small, without the kind."""
    TAG_ONLY = "tag_only"
    """Code and tag."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One A4 sheet of equal labels."""

    name: str
    columns: int
    rows: int
    width_mm: float
    height_mm: float
    left_mm: float
    """From the paper's left edge to the first label."""
    top_mm: float
    """From the paper's upper edge to the first label."""
    pitch_x_mm: float
    """From one label's left edge to its right neighbour's."""
    pitch_y_mm: float
    padding_mm: float
    """Kept free of ink inside each label: the cut's tolerance, or what printers cannot reach."""
    face: Face

    @property
    def capacity(self) -> int:
        return self.columns * self.rows

    def shifted(self, dx_mm: float, dy_mm: float) -> "Sheet":
        """This sheet as a printer needs it that draws ``-dx_mm`` and ``-dy_mm`` off.

        Positive values move the print right and down. Raises ``InvalidInput``: ``labels.offset``
        beyond 10 mm either way.
        """
        if not (abs(dx_mm) <= MAX_OFFSET_MM and abs(dy_mm) <= MAX_OFFSET_MM):
            raise InvalidInput(
                "labels.offset", dx=str(dx_mm), dy=str(dy_mm), limit=str(MAX_OFFSET_MM)
            )
        return replace(self, left_mm=self.left_mm + dx_mm, top_mm=self.top_mm + dy_mm)

    def position(self, index: int) -> tuple[float, float]:
        """Upper left corner in mm of label ``index``, counted from 0 along the rows."""
        row, column = divmod(index, self.columns)
        return self.left_mm + column * self.pitch_x_mm, self.top_mm + row * self.pitch_y_mm


# Sizes as printed on the packets; margins centre the grid on the page and were not checked
# against the makers' drawings: docs/labels.md says what they were compared with.
SHEETS = (
    Sheet("L7651", 5, 13, 38.1, 21.2, 4.75, 10.7, 40.6, 21.2, 1.0, Face.COMPACT),
    Sheet("L7160", 3, 7, 63.5, 38.1, 7.25, 15.15, 66.0, 38.1, 2.0, Face.FULL),
    Sheet("A4-24", 3, 8, 70.0, 37.0, 0.0, 0.5, 70.0, 37.0, 5.0, Face.FULL),
    Sheet("L4731", 7, 27, 25.4, 10.0, 8.6, 13.5, 27.9, 10.0, 0.6, Face.TAG_ONLY),
)
DEFAULT_SHEET = SHEETS[0]


@dataclass(frozen=True, slots=True)
class Label:
    """What one label says. Empty texts are left out: a spare label has nothing but its tag."""

    tag: str
    slot: str = ""
    """Cart and place, ``M-03 · 07``."""
    school: str = ""
    owner: str = ""
    phone: str = ""
    kind: str = ""

    def __post_init__(self) -> None:
        """Raises ``InvalidInput``: ``tag.check``, for a label that no scanner would accept."""
        if not is_code(self.tag):
            raise InvalidInput("tag.check", tag=self.tag)


@dataclass(frozen=True, slots=True)
class Placement:
    """One label to draw; millimetres from the page's upper left corner."""

    label: Label
    copy: int
    """1 for the tablet, 2 for its cover."""
    page: int
    """From 0."""
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


def sheet_named(name: str) -> Sheet:
    """The sheet of that name, in either case; ``InvalidInput`` (``labels.sheet``) if none."""
    for sheet in SHEETS:
        if sheet.name.casefold() == name.strip().casefold():
            return sheet
    raise InvalidInput("labels.sheet", sheet=name, known=", ".join(sheet.name for sheet in SHEETS))


def layout(
    labels: Sequence[Label], sheet: Sheet, *, start: int = 1, copies: int = 1
) -> tuple[Placement, ...]:
    """Place labels along the rows, from position ``start`` of a sheet used before.

    Positions count from 1 at the upper left. With two copies the cover's label follows the
    tablet's; no position is left empty. Raises ``InvalidInput``: ``labels.start``,
    ``labels.copies``.
    """
    if not 1 <= start <= sheet.capacity:
        raise InvalidInput("labels.start", start=start, last=sheet.capacity, sheet=sheet.name)
    if copies not in (1, 2):
        raise InvalidInput("labels.copies", copies=copies)
    placements = []
    position = start - 1
    for label in labels:
        for copy in range(1, copies + 1):
            page, index = divmod(position, sheet.capacity)
            x_mm, y_mm = sheet.position(index)
            placements.append(
                Placement(label, copy, page, x_mm, y_mm, sheet.width_mm, sheet.height_mm)
            )
            position += 1
    return tuple(placements)
