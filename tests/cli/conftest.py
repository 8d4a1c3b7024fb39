"""The command line in this process (fast) and as a process of its own, and a city to work on."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from cli_outcome import City, Outcome, Run, RunProcess

from agents.virtual import Farm, make_tablet, serve
from tui import i18n
from tui.cli.main import main

DEADLINE_S = 120
COMMAND = [sys.executable, "-m", "tui"]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where each test works: its database is absent, its home empty."""
    folder = tmp_path / "poste"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("ARDOISE_DB", str(folder / "ardoise.sqlite3"))
    monkeypatch.setenv("TMPDIR", str(folder))
    for name in ("ARDOISE_LANG", "ARDOISE_AUTHOR", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def database(place: Path) -> Path:
    """The database that commands work on unless they are given another one."""
    return place / "ardoise.sqlite3"


@pytest.fixture
def ardoise(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    def run(*words: object) -> Outcome:
        capsys.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as left:  # --help
            code = int(left.code or 0)
        return Outcome(code, *capsys.readouterr())

    yield run
    i18n.install("fr")


@pytest.fixture
def process(place: Path) -> RunProcess:
    def run(
        *words: object,
        environment: Mapping[str, str] | None = None,
        prefix: Sequence[str] = (),
        encoding: str = "utf-8",
    ) -> Outcome:
        done = subprocess.run(
            [*prefix, *COMMAND, *map(str, words)],
            check=False,
            env=dict(os.environ if environment is None else environment),
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=DEADLINE_S,
            cwd=place,
        )
        return Outcome(done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding))

    return run


@pytest.fixture(scope="session")
def finished_city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """The demo's headless run, kept; not to be written to."""
    folder = tmp_path_factory.mktemp("city") / "kept"
    done = subprocess.run(
        [*COMMAND, "--json", "demo", "--headless", "--keep", str(folder)],
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=DEADLINE_S,
    )
    assert done.returncode == 0, done.stderr.decode()
    return City(folder, Outcome(0, done.stdout.decode(), "").document)


@pytest.fixture
def city(finished_city: City, database: Path) -> City:
    """A copy of the city as the database to work on: 16 loans made and taken back."""
    for path in finished_city.folder.glob("ardoise.sqlite3*"):
        shutil.copy(path, database.with_name(path.name))
    return finished_city


@pytest.fixture
def tags(city: City, ardoise: Run) -> list[str]:
    """Tablets of the city that can be lent."""
    found = ardoise("--json", "list", "assets", "kind:tablet", "state:available", "--limit", 5)
    return [item["tag"] for item in found.document["items"] if item["tag"]]


@pytest.fixture
def pupils(city: City, ardoise: Run) -> list[str]:
    """Ids of pupils of the city."""
    found = ardoise("--json", "list", "people", "--limit", 5)
    return [item["id"] for item in found.document["items"]]


@pytest.fixture
def farm() -> Iterator[Farm]:
    """Two fresh tablets, drifted from every profile; the demo's first two."""
    with serve([make_tablet(0), make_tablet(1)]) as served:
        yield served
