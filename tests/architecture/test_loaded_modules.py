"""What each command may not load: the screens, the wire, the paper, unless it is about them."""

import subprocess
import sys
from pathlib import Path

import pytest

SCREENS = {"textual", "rich"}
DATABASE = {"sqlmodel", "sqlalchemy", "sqlcipher3", "pydantic", "alembic"}
WIRE = {"adb_shell", "usb1", "pyudev", "cryptography"}
PAPER = {"fpdf", "qrcode"}
SHEETS = {"openpyxl"}
EVERYTHING = SCREENS | DATABASE | WIRE | PAPER | SHEETS
READING = EVERYTHING - DATABASE | {"alembic"}
"""For a command on a database that is up to date."""
LABELS = READING - PAPER - {"cryptography"}
"""fpdf2 itself loads cryptography, for signed documents."""

SCRIPT = """
import sys
from tui.cli.main import main
try:
    code = main(sys.argv[1:])
except SystemExit as left:
    code = left.code
print(code, " ".join(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr)
"""


def loaded(*words: str, folder: Path) -> set[str]:
    """The top-level packages that a command leaves in memory; it must end well."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, "--db", str(folder / "a.sqlite3"), *words],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    code, *names = done.stderr.splitlines()[-1].split()
    assert code == "0", done.stderr
    return set(names)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fleet with one school, made by the command line."""
    place = tmp_path_factory.mktemp("fleet")
    (place / "ecoles.csv").write_text("UAI;Nom\n0599801H;Camus\n")
    loaded("init", folder=place)
    return place


@pytest.mark.parametrize(
    ("words", "forbidden"),
    [
        (("--help",), EVERYTHING),
        (("lend", "--help"), EVERYTHING),
        (("--json", "list", "assets"), READING),
        (("list", "people"), READING),
        (("find", "camus"), READING),
        (("check",), READING),
        (("import", "schools", "ecoles.csv"), READING),
        (("labels", "--blank", "1", "-o", "x.pdf"), LABELS),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_command_loads_only_what_it_is_about(
    words: tuple[str, ...], forbidden: set[str], folder: Path
) -> None:
    assert loaded(*words, folder=folder) & forbidden == set()
