"""Bad files of each kind: words with line and field, good rows in once, nothing half done."""

import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cli_outcome import Run
from openpyxl import Workbook

from fleet.uai import uai_of

HEADER = "UAI;Nom;Commune"
COMMAND = [sys.executable, "-m", "tui"]


def school(number: int) -> str:
    return f"{uai_of('059', number)};École {number};Lys"


def test_swapped_columns_change_nothing(ardoise: Run, place: Path) -> None:
    (place / "a.csv").write_text(f"{HEADER}\n{school(1)}\n")
    uai, name, commune = school(1).split(";")
    (place / "b.csv").write_text(f"Commune;UAI;Nom\n{commune};{uai};{name}\n")
    assert ardoise("--json", "import", "schools", place / "a.csv").document["created"] == 1
    assert ardoise("--json", "import", "schools", place / "b.csv").document["same"] == 1


def test_values_under_the_wrong_title_are_faults_of_their_field(ardoise: Run, place: Path) -> None:
    (place / "a.csv").write_text(f"UAI;Nom\nÉcole Camus;{uai_of('059', 1)}\n")
    answer = ardoise("--json", "import", "schools", place / "a.csv")
    assert answer.code == 6
    (fault,) = answer.document["rejected"]
    assert (fault["line"], fault["field"], fault["value"]) == (2, "UAI", "École Camus")
    assert answer.document["created"] == 0


def test_formulas_are_read_as_stored_and_never_evaluated(ardoise: Run, place: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["UAI", "Nom", "Commune"])
    sheet.append([uai_of("059", 1), "École Camus", "Lys"])
    sheet.append(['=HYPERLINK("http://192.0.2.1/","x")', "École Vian", "Lys"])
    sheet.append([uai_of("059", 2), "École Zola", "=1/0"])
    book.save(place / "a.xlsx")

    answer = ardoise("--json", "import", "schools", place / "a.xlsx")

    assert answer.code == 6
    assert answer.document["created"] == 2, "a formula without a stored value is an empty cell"
    (fault,) = answer.document["rejected"]
    assert (fault["line"], fault["field"], fault["reason"]) == (3, "UAI", "cell.missing")


def test_a_formula_in_a_csv_is_text(ardoise: Run, place: Path) -> None:
    (place / "a.csv").write_text(f"{HEADER}\n{uai_of('059', 1)};=cmd|'/c calc'!A0;Lys\n")
    assert ardoise("--json", "import", "schools", place / "a.csv").code == 0
    (item,) = ardoise("--json", "list", "schools").document["items"]
    assert item["name"] == "=cmd|'/c calc'!A0"


def test_letters_of_another_encoding_are_a_fault_of_their_line(ardoise: Run, place: Path) -> None:
    lines = [f"{HEADER}\n", f"{school(1)}\n", f"{school(2)}\n"]
    content = "".join(lines).encode() + f"{uai_of('059', 3)};École Zoé;Lys\n".encode("cp1252")
    (place / "a.csv").write_bytes(content)
    answer = ardoise("--json", "import", "schools", place / "a.csv")
    assert answer.document["created"] == 2
    (fault,) = answer.document["rejected"]
    assert (fault["line"], fault["field"], fault["reason"]) == (4, "Nom", "cell.encoding")
    assert fault["value"] == "École Zoé"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_usual_encoding_is_read(codec: str, ardoise: Run, place: Path) -> None:
    (place / "a.csv").write_bytes(f"{HEADER}\n{school(1)}\n".encode(codec))
    assert ardoise("--json", "import", "schools", place / "a.csv").document["created"] == 1


def test_a_cut_workbook_is_no_table_and_a_cut_line_is_one_fault(ardoise: Run, place: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["UAI", "Nom"])
    book.save(place / "whole.xlsx")
    whole = (place / "whole.xlsx").read_bytes()
    (place / "cut.xlsx").write_bytes(whole[: len(whole) // 2])
    assert not zipfile.is_zipfile(place / "cut.xlsx")
    answer = ardoise("--json", "import", "schools", place / "cut.xlsx")
    assert (answer.code, answer.error["code"]) == (2, "file.not_a_table")

    (place / "cut.csv").write_text(f"{HEADER}\n{school(1)}\n{school(2)[:12]}")
    document = ardoise("--json", "import", "schools", place / "cut.csv").document
    assert document["created"] == 1
    assert [each["line"] for each in document["rejected"]] == [3]


def test_a_label_and_a_serial_of_two_assets_are_a_conflict(ardoise: Run, place: Path) -> None:
    for tag, serial in (("KDRTBXLP", "AAA1"), ("", "BBB2")):
        (place / "a.csv").write_text(f"Étiquette;N° de série;Type\n{tag};{serial};Tablette\n")
        assert ardoise("--json", "import", "assets", place / "a.csv").document["created"] == 1
    (place / "a.csv").write_text("Étiquette;N° de série;Type\nKDRTBXLP;BBB2;Tablette\n")
    answer = ardoise("--json", "import", "assets", place / "a.csv")
    assert [each["reason"] for each in answer.document["rejected"]] == ["import.two_assets"]
    assert "deux appareils" in ardoise("import", "assets", place / "a.csv").out


def test_json_lists_every_fault_and_people_read_the_first_hundred(
    ardoise: Run, place: Path
) -> None:
    rows = [f"0599{number:03}Z;École {number};" for number in range(450)]
    (place / "a.csv").write_text("\n".join((HEADER, *rows)) + "\n")
    document = ardoise("--json", "import", "schools", place / "a.csv", "--dry-run").document
    lines = [each["line"] for each in document["rejected"]]
    assert len(lines) > 400
    assert lines == sorted(lines)
    assert document["dry_run"] is True
    plain = ardoise("import", "schools", place / "a.csv", "--dry-run").out
    assert plain.count("  ligne ") == 100
    assert f"… {len(lines) - 100} autres" in plain


def test_a_pair_is_registered_once_and_a_used_label_refused(ardoise: Run, place: Path) -> None:
    words = ("--json", "register", "R9WR300000C", "KDRTBXLP", "--model", "Galaxy Tab A8")
    first, again = ardoise(*words), ardoise(*words)
    assert (first.code, first.document["new"], first.document["tag"]) == (0, True, "KDRTBXLP")
    assert (again.code, again.document["new"], again.document["operation"]) == (0, False, None)
    swapped = ardoise("--json", "register", "KDRTBXLP", "R9WR300001J")
    assert (swapped.code, swapped.error["code"]) == (1, "register.tag_taken")
    assert ardoise("--json", "register", "R9WR300001J", "R9WR300000C").code == 2
    assert "✔ KDRT BXLP ← R9WR300000C" in ardoise("register", "r9wr300000c", "kdrtbxlp").out


def test_ctrl_c_in_the_middle_writes_nothing_and_says_so(place: Path) -> None:
    rows = (school(number) for number in range(1, 9000))
    (place / "a.csv").write_text("\n".join((HEADER, *rows)) + "\n")
    database = place / "a.sqlite3"
    environment = {**os.environ, "ARDOISE_DB": str(database), "ARDOISE_LANG": "fr"}
    running = subprocess.Popen(
        [*COMMAND, "import", "schools", "a.csv"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=place,
        env=environment,
        text=True,
    )
    assert running.stderr is not None
    assert "lignes lues" in running.stderr.readline()
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert out == ""
    assert "rien n’est écrit" in err
    assert "Traceback" not in err
    listed = subprocess.run(
        [*COMMAND, "--json", "list", "schools"],
        capture_output=True,
        check=True,
        env=environment,
        cwd=place,
    )
    assert json.loads(listed.stdout)["items"] == []


MEASURE = """
import resource, sys
from pathlib import Path
from tui.bootstrap import open_office
from tui.intake import ImportOrder, run_import

office = open_office(sys.argv[1])
sizes = []
def follow(advance):
    sizes.append(int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize())
with office.store.staging() as staging:
    report = run_import(office, ImportOrder("schools", Path(sys.argv[2])), staging, follow=follow)
    listed = sum(1 for _fault in staging.faults())
print(report.faults, listed, sizes[9], max(sizes))
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
def test_a_hundred_thousand_bad_rows_take_no_memory(place: Path) -> None:
    path = place / "a.csv"
    with path.open("w") as file:
        file.write("UAI;Nom\n")
        file.writelines(f"PAS-UN-UAI-{number};École {number}\n" for number in range(100_000))
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(place / "a.sqlite3"), str(path)],
        capture_output=True,
        check=True,
        cwd=place,
        timeout=120,
    )
    faults, listed, early, most = (int(word) for word in done.stdout.split())
    assert faults == listed == 100_000
    assert most - early < 16 * 1024 * 1024
