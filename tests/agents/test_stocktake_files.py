"""The report of a stocktake as a PDF, and tables that spreadsheets open safely."""

import csv
import stat
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest

from agents.files.writing import safe_cell, write_csv
from agents.paper.stocktake import ReportPaper, ReportTable, write_stocktake_report
from fleet.errors import StorageError

CREATED = datetime(2026, 11, 2, tzinfo=UTC)


def paper(rows: int) -> ReportPaper:
    table = ReportTable(
        "Manquants",
        (("Étiquette", 0.3), ("Appareil", 0.7)),
        tuple((f"T{number:04}", "Tablette " * 30) for number in range(rows)),
    )
    return ReportPaper(
        title="Rapport de récolement",
        subtitle="École élémentaire d’application Jean Macé " * 4,
        facts=("Ouvert le 2 nov. 2026",),
        figures=(("330", "attendus"), ("12 345", "inattendus")),
        tables=(table,),
        nothing="Aucun écart",
        signatures=("Pour l’école", "Pour la collectivité"),
        page="Page {page} / {pages}",
    )


def texts(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    found = []
    for page in document:
        text = page.get_textpage()
        found.append(text.get_text_bounded())
        text.close()
        page.close()
    document.close()
    return found


@pytest.mark.parametrize("rows", [0, 1, 40, 500])
def test_every_row_is_printed_once_and_every_page_numbered(tmp_path: Path, rows: int) -> None:
    path = tmp_path / "r.pdf"
    pages = write_stocktake_report(path, paper(rows), created=CREATED)
    read = texts(path)
    assert len(read) == pages
    for number, text in enumerate(read, 1):
        assert f"Page {number} / {pages}" in text
    whole = "".join(read)
    assert all(whole.count(f"T{number:04}") == 1 for number in range(rows))
    assert ("Aucun écart" in whole) is (rows == 0)
    assert whole.count("Pour la collectivité") == 1


def test_the_same_report_makes_the_same_bytes(tmp_path: Path) -> None:
    paths = [tmp_path / "a.pdf", tmp_path / "b.pdf"]
    for path in paths:
        write_stocktake_report(path, paper(3), created=CREATED)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_table_is_private_whole_and_read_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = [('Éléonore; "Zoé"', "a\nb"), ("", "0042")]
    assert write_csv(path, ("Nom", "Valeur"), rows) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(encoding="utf-8-sig", newline="") as lines:
        assert [tuple(row) for row in csv.reader(lines, delimiter=";")][1:] == rows
    assert [each.name for each in tmp_path.iterdir()] == ["t.csv"]


@pytest.mark.parametrize("cell", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "  =1", "|calc", "＝1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "École", "12-3", "a=b"])
def test_plain_cells_stay_as_they_are(cell: str) -> None:
    assert safe_cell(cell) == cell


def test_a_folder_that_is_not_there_is_a_storage_fault(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        write_csv(tmp_path / "none" / "t.csv", ("A",), [])
