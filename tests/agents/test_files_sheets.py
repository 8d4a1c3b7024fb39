"""XLSX deliveries: stored values only, dates as ISO text, and archives that are traps refused."""

import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from agents.files import open_table, sheets
from fleet.errors import InvalidInput
from fleet.imports.rows import Line

Cell = str | int | float | bool | date | None


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "livraison.xlsx"


def write(path: Path, *rows: Sequence[Cell]) -> Path:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    workbook.save(path)
    return path


def read(path: Path) -> list[Line]:
    return list(open_table(path).lines())


def rewrite(path: Path, member: str, old: bytes, new: bytes) -> None:
    """Replace bytes of one member, as a broken or hostile program would have written them."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert old in members[member]
    members[member] = members[member].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def reason(path: Path) -> object:
    with pytest.raises(InvalidInput) as caught:
        read(path)
    assert caught.value.code == "file.not_a_table"
    assert caught.value.params["file"] == path.name
    return caught.value.params["reason"]


def test_values_become_the_text_that_a_csv_would_hold(path: Path) -> None:
    write(
        path,
        ["N° de série", "Date", "Prix", "Code"],
        [12345678, datetime.fromisoformat("2021-09-02"), 219.9, 3.0],
        [" R9WR30\u00a0 ", datetime.fromisoformat("2021-09-02T08:30"), True],
    )
    assert read(path) == [
        Line(1, ("N° de série", "Date", "Prix", "Code")),
        Line(2, ("12345678", "2021-09-02", "219.9", "3")),
        Line(3, ("R9WR30", "2021-09-02 08:30:00", "1")),
    ]


def test_numbers_are_those_of_the_rows_in_the_sheet(path: Path) -> None:
    write(path, ["Bon de livraison"], [], ["A", "B"], [None, ""], [1, 2])
    assert [line.number for line in read(path)] == [1, 3, 5]


def test_a_formula_is_never_evaluated_nor_shown(path: Path) -> None:
    write(path, ["A", "B"], ["=1+1", '=HYPERLINK("http://example.org")'], ["x", "y"])
    assert [line.cells for line in read(path)] == [("A", "B"), ("x", "y")]


def test_a_stored_result_of_a_formula_is_read(path: Path) -> None:
    write(path, ["A"], ["=1+1"])
    rewrite(path, "xl/worksheets/sheet1.xml", b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
    assert read(path)[1].cells == ("2",)


def test_a_number_that_lost_its_last_digits_is_damage(path: Path) -> None:
    write(path, ["Serie"], [358_000_000_000_000], [3_580_000_000_000_000])
    assert [[each.reason for each in line.damages] for line in read(path)] == [
        *([], [], ["cell.rounded"]),
    ]


def test_an_error_value_is_damage_of_its_cell(path: Path) -> None:
    write(path, ["A", "B"], ["x", "#N/A"])
    (damage,) = read(path)[1].damages
    assert (damage.cell, damage.value, damage.reason) == (1, "#N/A", "cell.error")


def test_the_first_sheet_that_is_shown_and_filled_is_read(path: Path) -> None:
    workbook = Workbook()
    hidden, shown = workbook.active, workbook.create_sheet()
    assert hidden is not None
    hidden.append(["secret"])
    hidden.sheet_state = "hidden"
    workbook.create_sheet().append(["later"])
    shown.append(["A", "B"])
    workbook.move_sheet(shown, -1)
    workbook.save(path)
    assert [line.cells for line in read(path)] == [("A", "B")]


def test_a_dimension_that_lies_is_not_believed(path: Path) -> None:
    write(path, ["A", "B"], ["1", "2"])
    member = "xl/worksheets/sheet1.xml"
    rewrite(path, member, b'<dimension ref="A1:B2" />', b'<dimension ref="A1:XFD1048576" />')
    assert [line.cells for line in read(path)] == [("A", "B"), ("1", "2")]


def test_a_row_beyond_every_sheet_ends_the_reading(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 1_000)
    write(path, ["A"], ["1"])
    rewrite(path, "xl/worksheets/sheet1.xml", b'<row r="2">', b'<row r="99999999999">')
    assert [line.cells for line in read(path)] == [("A",)]


def test_the_name_of_the_file_does_not_matter(tmp_path: Path) -> None:
    assert read(write(tmp_path / "livraison.csv", ["A", "B"]))[0].cells == ("A", "B")


def test_an_archive_that_unpacks_to_too_much_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_UNPACKED_BYTES", 1_000_000)
    write(path, ["A"])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.bin", b"\0" * 1_000_001)
    assert path.stat().st_size < 20_000
    assert reason(path) == "too_big"


def test_shared_texts_that_would_fill_the_memory_are_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_SHARED_BYTES", 100_000)
    write(path, ["A"])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/other/sharedStrings.xml", b" " * 100_001)
    assert reason(path) == "too_big"


def test_an_archive_of_very_many_members_is_refused(path: Path) -> None:
    write(path, ["A"])
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(sheets.MOST_MEMBERS):
            archive.writestr(f"xl/media/{number}", b"")
    assert reason(path) == "too_big"


@pytest.mark.parametrize("name", ["../../evil.xml", "/etc/evil", "xl\\..\\..\\evil"])
def test_an_archive_that_points_outside_is_refused(path: Path, name: str) -> None:
    write(path, ["A"])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, b"")
    assert reason(path) == "archive"


def test_another_archive_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "eleves.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ElevesSansAdresses.xml", b"<BEE_ELEVES/>")
    assert reason(path) == "archive"


def test_a_workbook_cut_short_is_damaged(path: Path) -> None:
    write(path, ["A", "B"])
    path.write_bytes(path.read_bytes()[:-200])
    assert reason(path) == "damaged"


def test_a_workbook_whose_directory_points_before_its_start_is_damaged(path: Path) -> None:
    write(path, ["A", "B"])
    content = path.read_bytes()
    end = content.rindex(b"PK\x05\x06")
    path.write_bytes(content[:40] + content[end:])
    assert reason(path) == "damaged"


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_workbook_with_a_broken_member_is_damaged(path: Path, member: str) -> None:
    write(path, ["A", "B"])
    rewrite(path, member, b"<sheet", b"<<sheet")
    assert reason(path) == "damaged"


def test_a_workbook_that_expands_entities_without_end_is_damaged(path: Path) -> None:
    write(path, ["A", "B"])
    levels = b"".join(
        b'<!ENTITY e%d "%s">' % (level, b"&e%d;" % (level - 1) * 20) for level in range(1, 9)
    )
    bomb = b'<!DOCTYPE x [<!ENTITY e0 "' + b"x" * 500 + b'">' + levels + b"]>"
    member = "xl/worksheets/sheet1.xml"
    rewrite(path, member, b"<worksheet", bomb + b"<worksheet")
    rewrite(path, member, b"<sheetData>", b"<sheetData>&e8;")
    assert reason(path) == "damaged"


def test_a_workbook_stays_as_it_was(path: Path) -> None:
    write(path, ["A", "B"], ["1", "2"])
    before = path.read_bytes()
    read(path)
    assert path.read_bytes() == before
    load_workbook(path).close()
