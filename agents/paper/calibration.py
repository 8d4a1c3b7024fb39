"""The test page of a label sheet: is the print at 100 %, and how far off is the printer?

Printed on plain paper and held with a sheet of labels against the light. Rulers and crosses stay
where the paper says; the outlines of the labels move with the printer's offset.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from agents.paper.document import BOLD, REGULAR, Document, cap_mm, one_line
from fleet.labels import PAGE_HEIGHT_MM, PAGE_WIDTH_MM, Sheet

RULER_MM = 100
CROSS_FROM_EDGE_MM = 20.0
"""Each cross is this far from the two edges of its corner."""

_HAIRLINE_MM = 0.2
_OUTLINE_GREY = 150
_NUMBER_PT = 6.5
_PANEL = (36.0, 78.0, 138.0, 124.0)
_ACROSS = (55.0, 92.0)
_DOWN = (51.0, 96.0)
"""Where the rulers start: not in one corner, where a line of one would lengthen the other."""


@dataclass(frozen=True, slots=True)
class CalibrationWords:
    """The sentences of the test page, in the user's language."""

    heading: str
    """Print at 100 %."""
    instructions: tuple[str, ...]
    """What to measure and where to enter what is off; a paragraph each."""


def draw_calibration(document: Document, sheet: Sheet, words: CalibrationWords) -> None:
    """Add the test page of ``sheet``, already shifted by the printer's offset."""
    document.add_page()
    for index in range(sheet.capacity):
        x, y = sheet.position(index)
        document.outline(
            x, y, sheet.width_mm, sheet.height_mm, line=_HAIRLINE_MM, grey=_OUTLINE_GREY
        )
    document.fill(*_PANEL, grey=255)
    _draw_crosses(document)
    _draw_rulers(document)
    _draw_words(document, sheet, words)


def _draw_crosses(document: Document) -> None:
    arm = 6.0
    for x in (CROSS_FROM_EDGE_MM, PAGE_WIDTH_MM - CROSS_FROM_EDGE_MM):
        for y in (CROSS_FROM_EDGE_MM, PAGE_HEIGHT_MM - CROSS_FROM_EDGE_MM):
            document.fill(x - arm - 1, y - arm - 1, 2 * arm + 2, 2 * arm + 2, grey=255)
            document.fill(x - arm, y - _HAIRLINE_MM / 2, 2 * arm, _HAIRLINE_MM)
            document.fill(x - _HAIRLINE_MM / 2, y - arm, _HAIRLINE_MM, 2 * arm)
            document.write(f"{CROSS_FROM_EDGE_MM:g} mm", x + 0.8, y + 0.9, 5.5, style=REGULAR)


def _draw_rulers(document: Document) -> None:
    """One across, one down; the outer edges of the end ticks are 100 mm apart."""
    half = _HAIRLINE_MM / 2
    left, top = _ACROSS
    document.fill(left, top - half, RULER_MM, _HAIRLINE_MM)
    for mm, shift, length in _ticks():
        document.fill(left + mm - shift, top - length, _HAIRLINE_MM, length)
        if text := _number(mm):
            width = document.width(text, _NUMBER_PT, style=REGULAR)
            document.write(text, left + mm - width / 2, top - 7.2, _NUMBER_PT, style=REGULAR)
    left, top = _DOWN
    document.fill(left - half, top, _HAIRLINE_MM, RULER_MM)
    for mm, shift, length in _ticks():
        document.fill(left - length, top + mm - shift, length, _HAIRLINE_MM)
        if text := _number(mm):
            width = document.width(text, _NUMBER_PT, style=REGULAR)
            number_top = top + mm - cap_mm(_NUMBER_PT) / 2
            document.write(text, left - 5.8 - width, number_top, _NUMBER_PT, style=REGULAR)


def _ticks() -> Iterator[tuple[int, float, float]]:
    """Millimetre, how far back the tick's line starts, and its length.

    The first and the last line lie inside the measure, all others on their millimetre.
    """
    for mm in range(RULER_MM + 1):
        shift = 0.0 if mm == 0 else _HAIRLINE_MM if mm == RULER_MM else _HAIRLINE_MM / 2
        yield mm, shift, 5.0 if mm % 10 == 0 else 3.5 if mm % 5 == 0 else 2.0


def _number(mm: int) -> str:
    if mm == RULER_MM:
        return f"{mm} mm"
    return str(mm) if mm and mm % 10 == 0 else ""


def _draw_words(document: Document, sheet: Sheet, words: CalibrationWords) -> None:
    left, top = _ACROSS[0] + 4.0, _ACROSS[1] + 8.0
    width = _PANEL[0] + _PANEL[2] - 6.0 - left
    heading = one_line(words.heading)
    size = document.fitting_size(heading, width, style=BOLD, largest_pt=20.0)
    document.write(heading, left, top, size, style=BOLD)
    top += cap_mm(size) + 5.0
    name = f"{sheet.name} · {sheet.columns} × {sheet.rows}"
    document.write(name, left, top, 9.0, style=BOLD)
    top += cap_mm(9.0) + 6.0
    for paragraph in words.instructions:
        for line in document.wrapped(one_line(paragraph), width, 9.0, style=REGULAR, lines=8):
            document.write(line, left, top, 9.0, style=REGULAR)
            top += cap_mm(9.0) + 2.2
        top += 2.0
