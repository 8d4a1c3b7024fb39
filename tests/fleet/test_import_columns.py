"""Columns are found by their header's words wherever they stand; faults carry line and field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from import_tables import TextRows, rows

from fleet.errors import InvalidInput
from fleet.imports.columns import Cells, Column, Layout, fold_header, parse_rows
from fleet.imports.rows import Damage, Line, Parsed, Rejected
from fleet.imports.values import parse_slot

LAYOUT = Layout(
    columns=(
        Column("serial", ("N° de série", "S/N")),
        Column("model", ("Modèle",)),
        Column("slot", ("Emplacement",)),
    ),
    required=(("serial",), ("model",)),
)


def read(*lines: str) -> list[Parsed[tuple[str, int | None]] | Rejected]:
    def parse(cells: Cells) -> tuple[str, int | None]:
        return cells.required("serial"), cells.parsed("slot", parse_slot)

    return list(parse_rows(rows(*lines), LAYOUT, parse))


@pytest.mark.parametrize(
    "header",
    [
        "N° de série",
        "NUMERO DE SERIE",
        "numéro_série",
        "Num. série",
        "  n°  de   serie ",
        "No de Série",
    ],
)
def test_a_header_is_known_however_it_is_typed(header: str) -> None:
    assert fold_header(header) == fold_header("N° de série")


def test_both_apostrophes_are_one_header() -> None:
    assert fold_header("Nom d’usage élève") == fold_header("Nom d'usage élève")


def test_columns_may_stand_in_any_order_below_a_title() -> None:
    found = read("Bon de livraison n° 12;;", "", "Modèle;Emplacement;S/N", "SM-T500;7;ABC")
    assert found == [Parsed(4, ("ABC", 7))]


def test_unknown_columns_are_left_alone() -> None:
    assert read("Couleur;S/N;Modèle", "gris;ABC;X") == [Parsed(2, ("ABC", None))]


def test_a_missing_column_is_named_by_its_usual_header() -> None:
    with pytest.raises(InvalidInput) as caught:
        read("Modèle;Emplacement", "X;7")
    assert caught.value.code == "file.missing_column"
    assert caught.value.params == {"file": "liste.csv", "column": "N° de série"}


@pytest.mark.parametrize("lines", [(), ("Bonjour;tout;le monde",), ("a;b",) * 30])
def test_a_file_without_any_known_column_is_not_a_table(lines: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(*lines)
    assert caught.value.code == "file.not_a_table"
    assert caught.value.params == {"file": "liste.csv", "reason": "header"}


def test_the_header_is_checked_before_the_first_row_is_asked_for() -> None:
    with pytest.raises(InvalidInput):
        parse_rows(rows("Modèle"), LAYOUT, lambda cells: cells.text("serial"))


def test_several_faults_of_one_row_are_several_rejections() -> None:
    assert read("S/N;Modèle;Emplacement", ";X;sept") == [
        Rejected(2, "S/N", "", "cell.missing"),
        Rejected(2, "Emplacement", "sept", "slot.shape"),
    ]


def test_a_cut_line_is_a_fault_and_the_next_one_still_goes_in() -> None:
    found = read("S/N;Modèle;Emplacement", "ABC;X", "DEF;X;2")
    assert found == [Rejected(2, "", "ABC X", "line.cells", "3"), Parsed(3, ("DEF", 2))]


def test_empty_cells_beyond_the_header_are_harmless_and_filled_ones_are_not() -> None:
    found = read("S/N;Modèle;Emplacement;", "ABC;X;2;;;", "DEF;X;2;;more", "GHI;X;3")
    assert [type(each) for each in found] == [Parsed, Rejected, Parsed]


def test_damage_counts_in_columns_that_are_read_and_foreign_letters_count_anywhere() -> None:
    header = Line(1, ("S/N", "Modèle", "Remarque"))
    lines = [
        Line(2, ("1", "X", "#N/A"), (Damage("cell.error", "#N/A", 2),)),
        Line(3, ("#N/A", "X", ""), (Damage("cell.error", "#N/A", 0),)),
        Line(4, ("1", "X", "vidéo"), (Damage("cell.encoding", "vidéo", 2),)),
        Line(5, (), (Damage("line.quote", '"1;X;'),)),
    ]
    found = parse_rows(TextRows([header, *lines]), LAYOUT, lambda cells: cells.text("serial"))
    assert list(found) == [
        Parsed(2, "1"),
        Rejected(3, "S/N", "#N/A", "cell.error"),
        Rejected(4, "Remarque", "vidéo", "cell.encoding"),
        Rejected(5, "", '"1;X;', "line.quote"),
    ]


def test_a_letter_that_another_program_lost_is_a_fault_of_its_field() -> None:
    found = read("S/N;Modèle", "AB\ufffd;X")
    assert found == [Rejected(2, "S/N", "AB\ufffd", "cell.encoding")]


@given(st.lists(st.text(st.characters(exclude_characters=";\n\r")), max_size=8))
def test_whatever_the_lines_each_gives_a_row_or_a_fault(lines: list[str]) -> None:
    found = read("S/N;Modèle;Emplacement", *lines)
    assert {each.line for each in found} == {number for number, text in enumerate(lines, 2) if text}
