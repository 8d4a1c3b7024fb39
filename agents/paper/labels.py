"""Label sheets as PDF: QR code, tag, slot in large, school, owner and phone.

Each label is drawn inside its own outline, with the code's quiet zone; what does not fit is
shortened, never set over a neighbour. Where labels lie is ``fleet.labels``' business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agents.paper.calibration import CalibrationWords, draw_calibration
from agents.paper.document import BOLD, REGULAR, Document, cap_mm, one_line, size_of_cap
from agents.paper.qr import MODULES, QUIET_MODULES, bars
from fleet.errors import InvalidInput
from fleet.labels import Face, Label, Placement, Sheet, layout
from fleet.tags import format_tag

_SLOT_SEPARATOR = "·"
_BLOCK_MODULES = MODULES + 2 * QUIET_MODULES
_GAP_MM = 1.0


@dataclass(frozen=True, slots=True)
class LabelWords:
    """The words on a sheet, in the user's language."""

    title: str
    """The document's title."""
    copies: tuple[str, str]
    """What the two copies are for, in a word each: tablet, cover. Set only when both are made."""
    calibration: CalibrationWords


@dataclass(frozen=True, slots=True)
class LabelsReport:
    """What was printed."""

    labels: int
    """Labels used up, both copies counted."""
    pages: int
    """Calibration page included."""


@dataclass(frozen=True, slots=True)
class _Style:
    """Measures of one face: the largest sizes, to be shrunk to what there is."""

    module_mm: float
    """A code need not fill a large label."""
    large_tag_pt: float
    """Of a label that says nothing but its tag."""
    tag_pt: float = 0.0
    slot_pt: float = 0.0
    place_share: float = 0.0
    """How much of the width the place in the cart may take from the cart's name."""
    school_pt: float = 0.0
    small_pt: float = 0.0
    phone_pt: float = 0.0
    leading_mm: float = 0.0
    """Between a line's baseline and the capitals of the next."""
    shows_kind: bool = False


_STYLES = {
    Face.FULL: _Style(0.86, 34.0, 12.5, 60.0, 0.62, 9.5, 7.5, 9.5, 1.5, shows_kind=True),
    Face.COMPACT: _Style(0.74, 16.0, 7.4, 24.0, 0.56, 5.6, 4.8, 5.6, 0.95),
    Face.TAG_ONLY: _Style(0.35, 16.0),
}
_FLOOR = 0.8
"""How far a line shrinks before it is shortened: what is left of 4.8 points can still be read."""
_SCHOOL_TRIES = ((1.0, 1), (0.9, 1), (1.0, 2), (0.9, 2), (_FLOOR, 2))
"""Sizes and numbers of lines, the first that holds the whole name wins."""
_PHONE_FLOOR = 0.5
_SLOT_FLOOR = 0.2
_CART_TO_PLACE = 0.5
_NEVER_SHORTENED = 0.0
_ACCENTED = 1.28
"""How high an accented capital is, in heights of a capital."""
_J_TAIL = 0.28
"""How far a bold J hangs below the line, in heights of a capital."""
_J_OVERHANG = 0.08
"""How far it reaches left of where it is written, in the same unit: not into the quiet zone."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size_pt: float
    style: str


@dataclass(frozen=True, slots=True)
class _Box:
    """Where ink may go; millimetres on the page."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


def write_labels(
    path: Path,
    labels: Sequence[Label],
    sheet: Sheet,
    *,
    words: LabelWords,
    created: datetime,
    start: int = 1,
    copies: int = 1,
    offset_mm: tuple[float, float] = (0.0, 0.0),
    calibration: bool = False,
) -> LabelsReport:
    """Write the sheets to ``path``, whole or not at all; same input, same bytes.

    ``offset_mm`` moves the print right and down against a printer's drift; ``calibration`` puts the
    test page first (alone, when there is no label). Raises ``InvalidInput``: ``labels.start``,
    ``labels.copies``, ``labels.offset``, ``labels.none`` for neither label nor test page; and
    ``StorageError``: ``file.write``.
    """
    if not labels and not calibration:
        raise InvalidInput("labels.none")
    placements = layout(labels, sheet.shifted(*offset_mm), start=start, copies=copies)
    document = Document(title=words.title, created=created)
    if calibration:
        draw_calibration(document, sheet.shifted(*offset_mm), words.calibration)
    page = -1
    for placement in placements:
        if placement.page != page:
            document.add_page()
            page = placement.page
        word = one_line(words.copies[placement.copy - 1]) if copies == 2 else ""
        _draw_label(document, placement, sheet, word)
    document.save(path)
    return LabelsReport(labels=len(placements), pages=document.pages)


def _draw_label(document: Document, placement: Placement, sheet: Sheet, word: str) -> None:
    """Code on the left, words on the right; on a large label the tag stands under its code."""
    label, style = placement.label, _STYLES[sheet.face]
    module = min(style.module_mm, placement.height_mm / _BLOCK_MODULES)
    quiet = QUIET_MODULES * module
    side = MODULES * module
    ink = _Box(
        placement.x_mm + sheet.padding_mm,
        placement.y_mm + sheet.padding_mm,
        placement.x_mm + placement.width_mm - sheet.padding_mm,
        placement.y_mm + placement.height_mm - sheet.padding_mm,
    )
    left = placement.x_mm + max(sheet.padding_mm, quiet)
    column_left = left + side + quiet + cap_mm(style.large_tag_pt) * _J_OVERHANG
    column = _Box(column_left, ink.top, ink.right, ink.bottom)
    middle = placement.y_mm + placement.height_mm / 2
    if sheet.face is Face.TAG_ONLY or not _says_more_than_its_tag(label):
        _draw_code(document, label.tag, left, middle - side / 2, module)
        _draw_large_tag(document, label.tag, column, style.large_tag_pt)
    elif sheet.face is Face.COMPACT:
        _draw_code(document, label.tag, left, middle - side / 2, module)
        tag = _tag_line(document, label.tag, column.width, style)
        _draw_column(document, label, column, style, word, first=(tag,))
    else:
        reach = min(left + side / 2 - ink.left, side / 2 + quiet - _GAP_MM)
        tag = _tag_line(document, label.tag, 2 * reach, style)
        top = middle - (side + quiet + cap_mm(tag.size_pt)) / 2
        _draw_code(document, label.tag, left, top, module)
        tag_left = left + (side - document.width(tag.text, tag.size_pt, style=BOLD)) / 2
        document.write(tag.text, tag_left, top + side + quiet, tag.size_pt, style=BOLD)
        _draw_column(document, label, column, style, word, first=())


def _draw_code(document: Document, tag: str, left: float, top: float, module: float) -> None:
    for bar in bars(tag):
        document.fill(
            left + bar.column * module,
            top + bar.row * module,
            bar.width * module,
            bar.height * module,
        )


def _tag_line(document: Document, tag: str, width: float, style: _Style) -> _Line:
    text = format_tag(tag)
    return _fitted(document, text, width, style.tag_pt, BOLD, floor=_NEVER_SHORTENED)


def _says_more_than_its_tag(label: Label) -> bool:
    return any((label.slot, label.school, label.owner, label.phone, label.kind))


def _draw_large_tag(document: Document, tag: str, box: _Box, largest_pt: float) -> None:
    """The tag alone, a group a line, as large as the box allows, in its middle."""
    groups = format_tag(tag).split()
    # Capitals, and the J's tail under each of them.
    rows = len(groups) * (1 + _J_TAIL)
    size = min(
        size_of_cap(box.height / rows),
        *(
            document.fitting_size(group, box.width, style=BOLD, largest_pt=largest_pt)
            for group in groups
        ),
    )
    step = cap_mm(size) * (1 + _J_TAIL)
    top = box.top + (box.height - cap_mm(size) * (rows - _J_TAIL)) / 2
    top = min(top, box.bottom - cap_mm(size) * rows)
    for group in groups:
        document.write(group, box.left, top, size, style=BOLD)
        top += step


def _draw_column(
    document: Document, label: Label, box: _Box, style: _Style, word: str, first: tuple[_Line, ...]
) -> None:
    """Slot as high as the lines below leave room; the lines stand on the lower edge."""
    slot = one_line(label.slot)
    lines = [*first, *_contact_lines(document, label, box.width, style)]
    if word and not slot:
        lines.append(_fitted(document, word, box.width, style.small_pt, REGULAR))
    caps = sum(cap_mm(line.size_pt) for line in lines)
    leading = style.leading_mm
    # The descenders of the last line stay off the cut as well.
    bottom = box.bottom - cap_mm(style.small_pt) * 0.3
    if slot:
        lines_mm = caps + leading * (len(lines) + 0.5)
        room = _Box(box.left, box.top, box.right, bottom - lines_mm)
        slot_mm = _draw_slot(document, slot, room, style, word)
        # What a narrow slot leaves over opens the lines up, as far as looks natural.
        spare = room.height - slot_mm
        leading += min(spare / (len(lines) + 0.5), style.leading_mm * 0.6)
        top = bottom - caps - leading * (len(lines) - 1)
    else:
        top = box.top + (box.height - caps - leading * (len(lines) - 1)) / 2
    for line in lines:
        document.write(line.text, box.left, top, line.size_pt, style=line.style)
        top += cap_mm(line.size_pt) + leading


def _contact_lines(
    document: Document, label: Label, width: float, style: _Style
) -> tuple[_Line, ...]:
    """Whose it is and whom to call; the kind only where there is room for it."""
    kind = label.kind if style.shows_kind else ""
    lines = [*_school_lines(document, one_line(label.school), width, style)]
    lines += [
        _fitted(document, one_line(text), width, style.small_pt, REGULAR)
        for text in (kind, label.owner)
    ]
    phone = one_line(label.phone)
    lines.append(_fitted(document, phone, width, style.phone_pt, BOLD, floor=_PHONE_FLOOR))
    return tuple(line for line in lines if line.text)


def _school_lines(
    document: Document, school: str, width: float, style: _Style
) -> tuple[_Line, ...]:
    """A long name takes two lines, then smaller letters; only then it is shortened."""
    for scale, count in _SCHOOL_TRIES:
        size = style.school_pt * scale
        broken = document.wrapped(school, width, size, style=BOLD, lines=count)
        if "".join(broken).replace(" ", "") == school.replace(" ", ""):
            break
    return tuple(_Line(text, size, BOLD) for text in broken)


def _fitted(
    document: Document,
    text: str,
    width: float,
    largest_pt: float,
    style: str,
    *,
    floor: float = _FLOOR,
) -> _Line:
    """``text`` on one line: smaller if it must be, and shortened below ``floor`` of the size."""
    size = document.fitting_size(text, width, style=style, largest_pt=largest_pt)
    size = max(size, largest_pt * floor)
    return _Line(document.shortened(text, width, size, style=style), size, style)


def _draw_slot(document: Document, slot: str, box: _Box, style: _Style, word: str) -> float:
    """The place in the cart as large as possible, to be read from two metres; its height in mm.

    Cart and word stand beside it.
    """
    cart, place = _cart_and_place(slot)
    share = style.place_share if cart or word else 1.0
    reach = 1.0 if place.isascii() else _ACCENTED
    largest = min(style.slot_pt, size_of_cap(box.height / reach))
    number = _fitted(document, place, box.width * share, largest, BOLD, floor=_SLOT_FLOOR)
    number_width = document.width(number.text, number.size_pt, style=BOLD)
    height = cap_mm(number.size_pt) * reach
    top = box.top + height - cap_mm(number.size_pt)
    document.write(number.text, box.right - number_width, top, number.size_pt, style=BOLD)
    beside = box.width - number_width - _GAP_MM
    line = _fitted(document, word, beside, style.small_pt, REGULAR)
    document.write(line.text, box.left, box.top, line.size_pt, style=REGULAR)
    largest = number.size_pt * _CART_TO_PLACE
    line = _fitted(document, cart, beside, largest, BOLD, floor=_SLOT_FLOOR)
    top = box.top + height - cap_mm(line.size_pt)
    document.write(line.text, box.left, top, line.size_pt, style=BOLD)
    return height


def _cart_and_place(slot: str) -> tuple[str, str]:
    cart, _, place = (part.strip() for part in slot.rpartition(_SLOT_SEPARATOR))
    return (cart, place) if place else ("", cart)
