"""Hand-over slips as printed: every line is on some page, and the signatures are on the last."""

from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest

from agents.paper.slips import Slip, SlipLine, SlipWords, write_slip
from fleet.errors import StorageError

CREATED = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
WORDS = SlipWords(
    title="Bordereau de remise",
    giver="Remis par",
    receiver="Reçu par",
    columns=("N°", "Étiquette", "N° de série", "Modèle", "Place"),
    total="Total",
    signature="Nom, date et signature",
    page="page {page} sur {pages}",
)


def slip(count: int, name: str = "École Paul Verlaine") -> Slip:
    lines = [
        SlipLine(f"KDRT B{number:03}", f"R9X{number:05}", "Galaxy Tab A8", "M-01 · 07")
        for number in range(count)
    ]
    return Slip("A1B2C3", "1er déc. 2026", (name, "0350001L"), ("Stock",), lines)


def texts(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        pages = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    return [text.replace("\r\n", "\n") for text in pages]


@pytest.mark.parametrize("count", [0, 1, 16, 19, 20, 21, 29, 30, 31, 330])
def test_every_line_is_printed_once_and_signed_under_the_last(tmp_path: Path, count: int) -> None:
    path = tmp_path / "bordereau.pdf"
    pages = write_slip(path, slip(count), words=WORDS, created=CREATED)
    printed = texts(path)

    assert len(printed) == pages
    everything = "\n".join(printed)
    for number in range(count):
        assert everything.count(f"R9X{number:05}") == 1
    assert ["Nom, date et signature" in page for page in printed] == [False] * (pages - 1) + [True]
    assert everything.count("Remis par") == 2
    assert f"page {pages} sur {pages}" in printed[-1]


def test_a_long_name_is_shortened_and_the_same_slip_makes_the_same_bytes(tmp_path: Path) -> None:
    long = slip(3, "École élémentaire publique Anne-Frank – Saint-Barthélemy-d’Anjou " * 3)
    write_slip(tmp_path / "a.pdf", long, words=WORDS, created=CREATED)
    write_slip(tmp_path / "b.pdf", long, words=WORDS, created=CREATED)

    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert "…" in texts(tmp_path / "a.pdf")[0]


def test_a_slip_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        write_slip(tmp_path / "none" / "a.pdf", slip(1), words=WORDS, created=CREATED)
    assert caught.value.code == "file.write"
