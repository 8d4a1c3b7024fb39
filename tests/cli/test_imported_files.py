"""Files of the field, whole and broken, through ``import``."""

import os
from pathlib import Path

import pytest
from cli_outcome import Run

HEADER = "UAI;Nom;Commune;Code postal"
OPEN_QUOTE = '0599802J;"Vian;Valmont-sur-Lys;59999'
GOOD = ("0599801H;Camus;Valmont-sur-Lys;59999", "0599803K;Cézanne;Valmont-sur-Lys;59999")


def test_a_directory_of_the_field_comes_in_once(ardoise: Run) -> None:
    """The national directory of one département, 996 rows: several rows may be one school."""
    named = os.environ.get("ARDOISE_DIRECTORY_FILE")
    if not named:
        pytest.skip("needs ARDOISE_DIRECTORY_FILE, an extract of the national directory")
    first = ardoise("--json", "import", "schools", named)
    again = ardoise("--json", "import", "schools", named)

    figures = [
        tuple(each.document[name] for name in ("created", "updated", "same"))
        for each in (first, again)
    ]
    assert figures == [(993, 0, 3), (0, 0, 996)]
    assert first.document["rejected"] == again.document["rejected"] == []
    assert first.code == again.code == 0
    assert ardoise("--json", "check").code == 0


@pytest.mark.parametrize(
    ("bad_row", "field", "value", "reason"),
    [
        ("0599802X;Vian;Valmont-sur-Lys;59999", "UAI", "0599802X", "uai.letter"),
        (";Vian;Valmont-sur-Lys;59999", "UAI", "", "cell.missing"),
        ("0599802J;Via", "", "0599802J Via", "line.cells"),
        (OPEN_QUOTE, "", OPEN_QUOTE, "line.quote"),
    ],
    ids=["wrong letter", "empty cell", "truncated line", "open quote"],
)
def test_a_bad_row_is_listed_and_the_good_ones_go_in_once(
    bad_row: str, field: str, value: str, reason: str, ardoise: Run, place: Path
) -> None:
    path = place / "ecoles.csv"
    path.write_text("\n".join((HEADER, GOOD[0], bad_row, GOOD[1])) + "\n")

    first = ardoise("--json", "import", "schools", path)
    again = ardoise("--json", "import", "schools", path)

    assert first.code == again.code == 6
    assert (first.document["created"], first.document["same"]) == (2, 0)
    assert (again.document["created"], again.document["updated"], again.document["same"]) == (
        *(0, 0, 2),
    )
    assert first.document["rejected"] == [
        {"line": 3, "field": field, "value": value, "reason": reason}
    ]
    plain = ardoise("import", "schools", path)
    assert plain.code == 6
    assert "ligne 3" in plain.out
    assert reason not in plain.out, "people read a sentence"


def test_a_file_of_windows_is_read_in_its_own_letters(ardoise: Run, place: Path) -> None:
    path = place / "ecoles.csv"
    path.write_bytes("\r\n".join((HEADER, *GOOD)).encode("cp1252"))

    assert ardoise("--json", "import", "schools", path).document["created"] == 2

    listed = ardoise("--json", "list", "schools").document["items"]
    assert {item["name"] for item in listed} == {"Camus", "Cézanne"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("colonne.csv", b"Nom;Commune\nCamus;Valmont\n"),
        ("vide.csv", b""),
        ("blanc.csv", b"\n\n"),
        ("image.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8),
        ("abime.xlsx", b"PK\x03\x04" + bytes(200)),
        ("nul.csv", b"\0" * 400),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_table_is_bad_input_and_writes_nothing(
    name: str, content: bytes, ardoise: Run, place: Path
) -> None:
    path = place / name
    path.write_bytes(content)
    for kind in ("schools", "assets", "people"):
        answer = ardoise("--json", "import", kind, path)
        assert answer.code == 2, answer
        assert answer.error["code"].startswith("file.")
        listed = ardoise("--json", "list", kind).document
        assert listed["items"] == []


def test_an_unknown_school_for_a_class_list_is_refused(ardoise: Run, place: Path) -> None:
    path = place / "classe.csv"
    path.write_text("Nom;Prénom;Classe\nBAËS;Defne;CM2 A\n")
    answer = ardoise("--json", "import", "people", path, "--school", "0599801X")
    assert (answer.code, answer.error["code"]) == (2, "uai.letter")
