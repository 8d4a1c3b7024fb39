"""Whole files from the field: broken directories row by row, and a real one where it is at hand."""

import os
from pathlib import Path

import pytest

from agents.files import open_table
from fleet.errors import InvalidInput
from fleet.imports.people import read_people
from fleet.imports.rows import Parsed, Rejected
from fleet.imports.schools import SchoolRow, read_schools

HEADER = "Identifiant_de_l_etablissement;Nom_etablissement;Code_postal;Nom_commune"


def read(path: Path) -> list[Parsed[SchoolRow] | Rejected]:
    return list(read_schools(open_table(path)))


def test_each_fault_of_a_broken_directory_is_listed_and_the_good_rows_go_in(
    tmp_path: Path,
) -> None:
    path = tmp_path / "annuaire.csv"
    path.write_bytes(
        b"\xef\xbb\xbf"
        + "\r\n".join(
            [
                HEADER,
                "0599801H;École Camus;59999;Valmont",
                "0599802A;École Cézanne;59999;Valmont",
                "0599803K;École Chateau",
            ]
        ).encode()
        + "\r\n0599804L;École La Fontaine;59999;Valmont\r\n".encode("cp1252")
        + '0599805M;"École Prévert;59999;Valmont\r\n'.encode()
        + "0599806N;École Toulouse Lautrec;59999;Valmont\r\n".encode()
    )
    found = read(path)
    assert [each.row.uai for each in found if isinstance(each, Parsed)] == ["0599801H", "0599806N"]
    assert [
        (each.line, each.field, each.reason) for each in found if isinstance(each, Rejected)
    ] == [
        (3, "Identifiant_de_l_etablissement", "uai.letter"),
        (4, "", "line.cells"),
        (5, "Nom_etablissement", "cell.encoding"),
        (6, "", "line.quote"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_good_directory_is_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "annuaire.csv"
    path.write_bytes(f"{HEADER}\r\n0599801H;École Camus;59999;Valmont\r\n".encode(encoding))
    (found,) = read(path)
    assert isinstance(found, Parsed)
    assert found.row.name == "École Camus"


def test_a_text_that_is_no_table_is_refused_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "lettre.txt"
    path.write_text("Madame, Monsieur,\nveuillez trouver ci-joint.\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        read(path)
    assert caught.value.params == {"file": "lettre.txt", "reason": "header"}


def test_a_pronote_export_in_utf16_is_read(tmp_path: Path) -> None:
    path = tmp_path / "exp.txt"
    path.write_bytes('Nom;Prénom;Classe\r\nLEFÈVRE;Léa;="6A"\r\n'.encode("utf-16"))
    (found,) = read_people(open_table(path))
    assert isinstance(found, Parsed)
    assert (found.row.family_name, found.row.class_name) == ("LEFÈVRE", "6A")


def test_the_real_directory_of_a_departement_goes_in_whole() -> None:
    """Rows, schools and duplicates as counted by hand in the extract of département 035, 2023."""
    name = os.environ.get("ARDOISE_DIRECTORY_FILE")
    if not name:
        pytest.skip("ARDOISE_DIRECTORY_FILE names no extract of the national directory")
    found = read(Path(name))
    assert [each for each in found if isinstance(each, Rejected)] == []
    rows = [each for each in found if isinstance(each, Parsed)]
    assert len(rows) == 996
    assert sum(not each.is_duplicate for each in rows) == 993
