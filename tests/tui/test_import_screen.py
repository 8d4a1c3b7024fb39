"""The import screen: nothing is written before F5, and Escape leaves all as it was."""

import asyncio
import time
from pathlib import Path

import pytest
from pilot_world import SCHOOL, World, press, screen_text, settle, type_in
from textual import events
from textual.pilot import Pilot

from fleet.uai import uai_of
from tui.app import ArdoiseApp
from tui.completion import candidates
from tui.screens.home import HomeScreen
from tui.screens.intake import ImportScreen
from tui.screens.intake_rows import Stage

DEADLINE_S = 30


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Two new schools, one with a wrong letter, one that changes."""
    path = tmp_path / "écoles.csv"
    rows = (
        "UAI;Nom;Commune",
        f"{uai_of('059', 1)};École Camus;Lys",
        f"{uai_of('059', 2)};École Vian;Lys",
        "0599801X;École Zola;Lys",
        f"{SCHOOL};École Jean Macé;Autre-Ville",
    )
    path.write_text("\n".join(rows) + "\n")
    return path


def large(path: Path, rows: int = 3_500) -> Path:
    lines = [f"{uai_of('062', number)};École {number}" for number in range(1, 9000)]
    repeated = (lines * (rows // len(lines) + 1))[:rows]
    path.write_text("\n".join(("UAI;Nom", *repeated)) + "\n")
    return path


async def open_file(pilot: Pilot[None], path: Path) -> ImportScreen:
    await settle(pilot)
    await press(pilot, "f6")
    screen = pilot.app.screen
    assert isinstance(screen, ImportScreen)
    type_in(pilot, f"{path}\r")
    return screen


async def wait_for(pilot: Pilot[None], words: str) -> None:
    """Wait until something is on the screen."""
    app = pilot.app
    assert isinstance(app, ArdoiseApp)
    limit = time.monotonic() + DEADLINE_S
    while words not in screen_text(app):
        assert time.monotonic() < limit, screen_text(app)
        await asyncio.sleep(0)  # a pause of the pilot would wait for the import's end


@pytest.mark.parametrize("size", [(80, 24), (140, 45)])
async def test_a_preview_shows_every_fate_and_writes_nothing(
    world: World, directory: Path, size: tuple[int, int]
) -> None:
    app = world.app()
    before = world.operations()
    async with app.run_test(size=size) as pilot:
        await open_file(pilot, directory)
        await settle(pilot)
        created = screen_text(app)
        await press(pilot, "f3")
        updated = screen_text(app)
        await press(pilot, "f3", "f3")
        rejected = screen_text(app)
    assert world.operations() == before
    assert "▸Nouveaux 2" in created
    assert "École Camus" in created
    assert "Aperçu" in created
    assert "▸Modifiés 1" in updated
    assert "commune" in updated
    assert "Autre-Ville" in updated
    assert "▸Rejetés 1" in rejected
    assert "UAI\u202f: La lettre" in rejected


async def test_f5_writes_what_the_preview_showed(world: World, directory: Path) -> None:
    app = world.app()
    before = world.operations()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_file(pilot, directory)
        await settle(pilot)
        await press(pilot, "f5")
        text = screen_text(app)
        assert screen.stage is Stage.DONE
        await press(pilot, "escape", "escape")
        assert isinstance(app.screen, HomeScreen)
    assert world.operations() == before + 3
    assert "✔ Importé\u202f: 2 nouveaux, 1 modifiés, 0 inchangés, 1 défauts" in text


async def test_f5_without_a_preview_writes_nothing(world: World) -> None:
    app = world.app()
    before = world.operations()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "f6", "f5")
        assert "l’aperçu vient avant l’import" in screen_text(app).replace("\n", " ")
    assert world.operations() == before


async def test_a_file_that_changed_since_the_preview_is_not_written(
    world: World, directory: Path
) -> None:
    app = world.app()
    before = world.operations()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_file(pilot, directory)
        await settle(pilot)
        directory.write_text(directory.read_text() + f"{uai_of('059', 3)};École Sand;Lys\n")
        await press(pilot, "f5")
        assert "a changé depuis l’aperçu" in screen_text(app)
    assert world.operations() == before


async def test_escape_in_the_middle_leaves_the_database_unchanged(
    world: World, tmp_path: Path
) -> None:
    path = large(tmp_path / "annuaire.csv")
    app = world.app()
    before = world.operations()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_file(pilot, path)
        await wait_for(pilot, "lignes")
        app.post_message(events.Key("escape", None))
        await settle(pilot)
        assert "Import arrêté" in screen_text(app)
        assert screen.stage is Stage.CHOOSING
        type_in(pilot, f"{path}\r")
        await settle(pilot)
        assert screen.stage is Stage.PREVIEW
        app.post_message(events.Key("f5", None))
        await wait_for(pilot, "reste")
        app.post_message(events.Key("escape", None))
        await settle(pilot)
        assert "Import arrêté" in screen_text(app)
    assert world.operations() == before
    assert world.office.store.check() == []


async def test_arrows_choose_among_the_files_that_go_on_from_the_typed_path(
    world: World, directory: Path
) -> None:
    (directory.parent / "image.png").write_bytes(b"")
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f6")
        type_in(pilot, f"{directory.parent}/")
        await settle(pilot)
        text = screen_text(app)
        assert "écoles.csv" in text
        assert "image.png" not in text
        await press(pilot, "down", "enter")
        assert "▸Nouveaux 2" in screen_text(app)


async def test_what_is_no_table_is_said_in_words(world: World, tmp_path: Path) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_file(pilot, tmp_path / "absent.csv")
        await settle(pilot)
        assert "Le fichier absent.csv n’existe pas." in screen_text(app)
        assert screen.stage is Stage.CHOOSING


def test_a_path_that_leads_nowhere_has_no_candidates(tmp_path: Path) -> None:
    (tmp_path / "dossier").mkdir()
    (tmp_path / "a.xlsx").write_bytes(b"")
    assert [each.shown for each in candidates(f"{tmp_path}/")] == ["dossier/", "a.xlsx"]
    assert [each.shown for each in candidates(f"{tmp_path}/A")] == ["a.xlsx"]
    assert candidates(f"{tmp_path}/rien/du/tout") == ()
