"""What every PDF of Ardoise shares: A4 in millimetres, embedded fonts, measured text, safe saving.

No clock: the date of creation is given, so the same input makes the same bytes.
"""

import logging
import os
import re
import secrets
import unicodedata
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.prefs import ViewerPreferences

from fleet.errors import StorageError

# fontTools tells at INFO of every table that it subsets, once per font and document.
logging.getLogger("fontTools").setLevel(logging.WARNING)

MM_PER_POINT = 25.4 / 72
CAP_HEIGHT = 0.729
"""Height of DejaVu's capitals and digits, in ems."""

REGULAR, BOLD = "", "B"

_FAMILY = "DejaVu"
_FONTS = Path(__file__).parent / "fonts"
_ELLIPSIS = "…"
_ROUNDING_MM = 1e-6
_BREAKS = re.compile(r"(?<=[ -])")
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_NO_BREAK_SPACES = "\u00a0\u202f"
_REFERENCE_PT = 100.0


class Document:
    """An A4 document under construction; lengths in mm from the page's upper left corner."""

    def __init__(self, *, title: str, created: datetime) -> None:
        """``created`` is an aware time; it is all that the file says of its making."""
        pdf = FPDF(unit="mm", format="A4")
        pdf.set_auto_page_break(False)
        pdf.set_margin(0)
        pdf.set_title(title)
        pdf.set_creator("Ardoise")
        pdf.set_creation_date(created)
        # Asks the reader for its "actual size": a scaled label sheet misses its labels.
        pdf.viewer_preferences = ViewerPreferences(print_scaling="None")
        pdf.add_font(_FAMILY, REGULAR, _FONTS / "DejaVuSans.ttf")
        pdf.add_font(_FAMILY, BOLD, _FONTS / "DejaVuSans-Bold.ttf")
        self._pdf = pdf
        self._widths: dict[tuple[str, str], float] = {}

    @property
    def pages(self) -> int:
        return int(self._pdf.pages_count)

    def add_page(self) -> None:
        self._pdf.add_page()

    def fill(self, x: float, y: float, width: float, height: float, *, grey: int = 0) -> None:
        """A rectangle without border; ``grey`` from 0 (black) to 255."""
        self._pdf.set_fill_color(grey)
        self._pdf.rect(x, y, width, height, style="F")

    def outline(
        self, x: float, y: float, width: float, height: float, *, line: float, grey: int = 0
    ) -> None:
        """The border of a rectangle, ``line`` mm thick."""
        self._pdf.set_draw_color(grey)
        self._pdf.set_line_width(line)
        self._pdf.rect(x, y, width, height, style="D")

    def write(self, text: str, x: float, top: float, size_pt: float, *, style: str) -> None:
        """One line whose capitals start ``top`` mm down the page."""
        self._pdf.set_font(_FAMILY, style, size_pt)
        self._pdf.text(x, top + cap_mm(size_pt), text)

    def width(self, text: str, size_pt: float, *, style: str) -> float:
        """Width of one line in mm."""
        key = (text, style)
        if key not in self._widths:
            self._pdf.set_font(_FAMILY, style, _REFERENCE_PT)
            self._widths[key] = self._pdf.get_string_width(text) / _REFERENCE_PT
        return self._widths[key] * size_pt

    def fitting_size(self, text: str, width: float, *, style: str, largest_pt: float) -> float:
        """The largest size, up to ``largest_pt``, at which ``text`` is no wider than ``width``."""
        natural = self.width(text, largest_pt, style=style)
        return largest_pt if natural <= width or not text else largest_pt * width / natural

    def shortened(self, text: str, width: float, size_pt: float, *, style: str) -> str:
        """``text``, or as much of it as fits ``width`` with an ellipsis."""
        if self._fits(text, width, size_pt, style):
            return text
        shorter, longer = 0, len(text)
        while longer - shorter > 1:
            middle = (shorter + longer) // 2
            if self._fits(text[:middle] + _ELLIPSIS, width, size_pt, style):
                shorter = middle
            else:
                longer = middle
        return text[:shorter].rstrip(" -–,") + _ELLIPSIS

    def wrapped(
        self, text: str, width: float, size_pt: float, *, style: str, lines: int
    ) -> tuple[str, ...]:
        """``text`` broken after spaces and hyphens; of ``lines`` lines the last is shortened."""
        broken: list[str] = []
        rest = [part for part in _BREAKS.split(text) if part]
        while rest and len(broken) < lines - 1:
            taken = 1
            while taken < len(rest) and self._fits(
                "".join(rest[: taken + 1]).rstrip(" "), width, size_pt, style
            ):
                taken += 1
            broken.append("".join(rest[:taken]).rstrip(" "))
            rest = rest[taken:]
        if rest:
            broken.append("".join(rest))
        return tuple(self.shortened(line, width, size_pt, style=style) for line in broken)

    def _fits(self, text: str, width: float, size_pt: float, style: str) -> bool:
        return self.width(text, size_pt, style=style) <= width + _ROUNDING_MM

    def save(self, path: Path) -> None:
        """Write the file whole or not at all; ``StorageError`` (``file.write``) otherwise."""
        content = bytes(self._pdf.output())
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        try:
            try:
                with part.open("xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(part, path)
            except OSError:
                with suppress(OSError):
                    part.unlink(missing_ok=True)
                raise
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise StorageError("file.write", path=str(path), reason=reason) from error


def cap_mm(size_pt: float) -> float:
    """Height in mm of capitals and digits at ``size_pt``."""
    return size_pt * MM_PER_POINT * CAP_HEIGHT


def size_of_cap(height_mm: float) -> float:
    """Size in points whose capitals are ``height_mm`` high."""
    return height_mm / MM_PER_POINT / CAP_HEIGHT


def one_line(text: str) -> str:
    """``text`` as it can be set: composed, blanks folded, without control characters."""
    folded = _BLANKS.sub(" ", text).strip()
    visible = (char for char in folded if char.isprintable() or char in _NO_BREAK_SPACES)
    return unicodedata.normalize("NFC", "".join(visible))
