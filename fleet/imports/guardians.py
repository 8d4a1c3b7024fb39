"""ONDE's list of responsables: one guardian a line, followed by a block of cells for each child.

The blocks repeat, in the header or only in the lines. A child of two guardians comes twice; the
first is the one who signs, the second row is marked as a duplicate.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from fleet.imports.columns import (
    HEADER_DEPTH,
    Cells,
    Column,
    Header,
    Layout,
    find_header,
    line_faults,
    match_header,
)
from fleet.imports.person_row import PersonRow
from fleet.imports.rows import Line, Parsed, Rejected, Table
from fleet.imports.staging import Seen
from fleet.kinds import PersonKind
from fleet.names import person_key, show_family_name, show_name

_CHILD = (
    Column("child_usage_name", ("Nom d'usage enfant",)),
    Column("child_family_name", ("Nom de famille enfant", "Nom enfant")),
    Column("child_given_name", ("Prénom enfant",)),
    Column("child_class", ("Classes enfants", "Classe enfant", "Classes enfant")),
)
LAYOUT = Layout(
    columns=(
        Column("usage_name", ("Nom usage responsable", "Nom d'usage responsable")),
        Column("family_name", ("Nom responsable", "Nom de famille responsable")),
        Column("given_name", ("Prénom responsable",)),
        *_CHILD,
    ),
    required=(("family_name", "usage_name"), ("child_family_name",), ("child_given_name",)),
)


def is_guardian_list(table: Table) -> bool:
    """Whether one of the first lines names a child's columns."""
    layout = Layout(_CHILD, ())
    return any(
        {"child_family_name", "child_given_name"} <= match_header(line, layout).positions.keys()
        for line in islice(table.lines(), HEADER_DEPTH)
    )


def read_guardians(
    table: Table, seen: Seen | None = None
) -> Iterator[Parsed[PersonRow] | Rejected]:
    """The children of the list, each with a guardian; raises as ``find_header`` does."""
    lines = table.lines()
    header = find_header(table, lines, LAYOUT)
    children = (each for line in lines for each in _children(header, line))
    return _mark_duplicates(children, set() if seen is None else seen)


def _mark_duplicates(
    rows: Iterator[Parsed[PersonRow] | Rejected], seen: Seen
) -> Iterator[Parsed[PersonRow] | Rejected]:
    for each in rows:
        if isinstance(each, Parsed):
            child = each.row
            key = f"{person_key(child.family_name, child.given_name)}\t{child.class_name}"
            if key in seen:
                each = replace(each, is_duplicate=True)
            seen.add(key)
        yield each


def _children(header: Header, line: Line) -> Iterator[Parsed[PersonRow] | Rejected]:
    faults = line_faults(header, line, fixed_width=False)
    if faults:
        yield from faults
        return
    children = [cells for cells in _blocks(header, line) if _names_somebody(cells)]
    if not children:
        cells = Cells(header, line)
        cells.required("child_family_name")
        yield from cells.faults
    for cells in children:
        row = _parse(cells)
        if cells.faults:
            yield from cells.faults
        else:
            yield Parsed(line.number, row)


def _blocks(header: Header, line: Line) -> Iterator[Cells]:
    """The line's cells once for each child, through a header moved on by one block each time."""
    places = [header.positions[column.name] for column in _CHILD if column.name in header.positions]
    start, width = min(places), max(places) - min(places) + 1
    block = header.labels[start : start + width]
    count = max(1, -(-(len(line.cells) - start) // width))
    labels = header.labels[:start] + block * count
    for number in range(count):
        positions = {
            name: place + number * width if place >= start else place
            for name, place in header.positions.items()
        }
        yield Cells(Header(header.line, labels, positions), line)


def _names_somebody(cells: Cells) -> bool:
    return any(cells.text(column.name) for column in _CHILD)


def _parse(cells: Cells) -> PersonRow:
    family_name = cells.text("child_usage_name") or cells.required("child_family_name")
    guardian_name = cells.text("usage_name") or cells.text("family_name")
    guardian = f"{show_family_name(guardian_name)} {show_name(cells.text('given_name'))}"
    return PersonRow(
        family_name=show_family_name(family_name),
        given_name=show_name(cells.required("child_given_name")),
        kind=PersonKind.PUPIL,
        class_name=cells.text("child_class"),
        guardian=guardian.strip(),
    )
