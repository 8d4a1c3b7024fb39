"""Tables made of text for the import tests, as ``agents.files`` would hand them over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fleet.imports.rows import Line


@dataclass(frozen=True)
class TextRows:
    """A table in memory."""

    rows: Sequence[Line]
    name: str = "liste.csv"
    has_fixed_width: bool = True

    def lines(self) -> Iterator[Line]:
        yield from self.rows

    def part_read(self) -> float | None:
        return None


def rows(*lines: str, fixed_width: bool = True) -> TextRows:
    """A table of lines whose cells stand between semicolons; blank lines count but are absent."""
    return TextRows(
        [
            Line(number, tuple(cell.strip() for cell in text.split(";")))
            for number, text in enumerate(lines, 1)
            if text
        ],
        has_fixed_width=fixed_width,
    )
