"""Label sheets as printed: rendered, decoded and measured."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageStat

from agents.paper.calibration import CROSS_FROM_EDGE_MM, RULER_MM, CalibrationWords
from agents.paper.labels import LabelsReport, LabelWords, write_labels
from agents.paper.qr import MODULES, QUIET_MODULES, bars
from fleet.errors import InvalidInput, StorageError
from fleet.labels import (
    PAGE_HEIGHT_MM,
    PAGE_WIDTH_MM,
    SHEETS,
    Label,
    Sheet,
    layout,
    sheet_named,
)
from fleet.tags import ALPHABET, CodeKind, draw_code

CREATED = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
DPI = 200
WORDS = LabelWords(
    title="Étiquettes",
    copies=("tablette", "coque"),
    calibration=CalibrationWords(
        heading="Imprimer à 100 %",
        instructions=("Chaque règle mesure 100 mm.", "Chaque croix est à 20 mm des bords."),
    ),
)
LONG = "École élémentaire publique Anne-Frank – Saint-Barthélemy-d’Anjou " * 3
each_sheet = pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)


def tags(count: int, kind: CodeKind = CodeKind.ASSET) -> list[str]:
    entropy = Random(count).randrange
    return [draw_code(kind, entropy) for _ in range(count)]


def labels(count: int, school: str = "Jean Macé") -> list[Label]:
    return [
        Label(
            tag,
            slot=f"M-{number // 16 + 1:02d} · {number % 16 + 1:02d}",
            school=school,
            owner="Ville de Saint-Martin",
            phone="04 76 00 00 00",
            kind="Tablette",
        )
        for number, tag in enumerate(tags(count))
    ]


def write(path: Path, content: Sequence[Label], sheet: Sheet, **options: object) -> LabelsReport:
    return write_labels(path, content, sheet, words=WORDS, created=CREATED, **options)  # type: ignore[arg-type]


def pages(path: Path, dpi: int = DPI) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]
    finally:
        document.close()


def millimetres(pixels: float, dpi: int = DPI) -> float:
    return pixels / dpi * 25.4


def pixels(mm: float, dpi: int = DPI) -> float:
    return mm / 25.4 * dpi


def cut(page: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    """The part of a page between four edges in mm."""
    return page.crop(
        (round(pixels(left)), round(pixels(top)), round(pixels(right)), round(pixels(bottom)))
    )


def decoded(page: Image.Image) -> list[zxingcpp.Barcode]:
    return list(zxingcpp.read_barcodes(page))


def corners(code: zxingcpp.Barcode) -> list[tuple[float, float]]:
    place = code.position
    points = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return [(millimetres(point.x), millimetres(point.y)) for point in points]


def ink_outside(page: Image.Image, boxes_mm: Sequence[tuple[float, float, float, float]]) -> int:
    """Darkest trace (0 is none) outside the boxes (left, top, width, height)."""
    outside = Image.new("L", page.size, 255)
    draw = ImageDraw.Draw(outside)
    for left, top, width, height in boxes_mm:
        box = [pixels(left), pixels(top), pixels(left + width), pixels(top + height)]
        draw.rectangle([round(edge) for edge in box], fill=0)
    ink = ImageChops.multiply(ImageChops.invert(page), outside)
    return int(ImageStat.Stat(ink).extrema[0][1])


@each_sheet
def test_every_code_of_a_full_sheet_is_read_in_its_own_cell(sheet: Sheet, tmp_path: Path) -> None:
    content = labels(sheet.capacity)
    report = write(tmp_path / "labels.pdf", content, sheet)
    assert report == LabelsReport(labels=sheet.capacity, pages=1)

    (page,) = pages(tmp_path / "labels.pdf")
    assert page.size == (round(pixels(PAGE_WIDTH_MM)), round(pixels(PAGE_HEIGHT_MM)))
    codes = {code.text: code for code in decoded(page)}
    assert codes.keys() == {label.tag for label in content}
    for placement in layout(content, sheet):
        for x, y in corners(codes[placement.label.tag]):
            assert placement.x_mm < x < placement.x_mm + placement.width_mm
            assert placement.y_mm < y < placement.y_mm + placement.height_mm


@each_sheet
def test_codes_are_version_one_at_the_highest_level_with_a_full_quiet_zone(
    sheet: Sheet, tmp_path: Path
) -> None:
    # A bold J reaches furthest left: names and tags that start with it test the zone.
    all_j = [draw_code(CodeKind.ASSET, lambda n: ALPHABET.index("J"))] * 3
    leading_j = [
        Label(tag, slot=slot, school=f"Jean Jaurès {LONG}", owner="J", phone="J", kind="J")
        for tag, slot in zip(all_j, ("", "J · J", "Salle 3"), strict=True)
    ]
    write(tmp_path / "labels.pdf", [*leading_j, Label(all_j[0])], sheet, copies=2)
    (page,) = pages(tmp_path / "labels.pdf")
    codes = decoded(page)
    assert len(codes) == 8
    for code in codes:
        assert code.ec_level == "H"
        points = corners(code)
        left, top = min(x for x, _ in points), min(y for _, y in points)
        side = max(x for x, _ in points) - left
        module = side / MODULES
        quiet = module * QUIET_MODULES - millimetres(2)
        around = cut(page, left - quiet, top - quiet, left + side + quiet, top + side + quiet)
        inner = [quiet - millimetres(3), side + quiet + millimetres(3)]
        start, end = (round(pixels(edge)) for edge in inner)
        ImageDraw.Draw(around).rectangle([start, start, end, end], fill=255)
        assert ImageStat.Stat(around).extrema[0][0] == 255


def test_modules_of_the_common_sheets_stay_as_large_as_was_measured_to_scan(
    tmp_path: Path,
) -> None:
    for name in ("L7651", "L7160", "A4-24"):
        write(tmp_path / "labels.pdf", labels(1), sheet_named(name))
        (page,) = pages(tmp_path / "labels.pdf")
        (code,) = decoded(page)
        xs = [x for x, _ in corners(code)]
        assert (max(xs) - min(xs)) / MODULES > 0.7


def test_the_start_position_is_kept_on_a_used_sheet(tmp_path: Path) -> None:
    sheet = sheet_named("L7160")
    content = labels(20)
    assert write(tmp_path / "labels.pdf", content, sheet, start=5).pages == 2
    first, second = pages(tmp_path / "labels.pdf")
    unused = [(*sheet.position(index), sheet.width_mm, sheet.height_mm) for index in range(4, 21)]
    assert ink_outside(first, unused) == 0
    assert {code.text for code in decoded(first)} == {label.tag for label in content[:17]}
    assert {code.text for code in decoded(second)} == {label.tag for label in content[17:]}


def test_two_copies_lie_side_by_side(tmp_path: Path) -> None:
    sheet = sheet_named("L7651")
    content = labels(16)
    report = write(tmp_path / "labels.pdf", content, sheet, copies=2)
    assert report == LabelsReport(labels=32, pages=1)
    (page,) = pages(tmp_path / "labels.pdf")
    texts = [code.text for code in decoded(page)]
    assert sorted(texts) == sorted(label.tag for label in content for _ in range(2))


@each_sheet
@pytest.mark.parametrize("copies", [1, 2])
def test_nothing_is_printed_outside_its_label_however_long_the_names(
    sheet: Sheet, copies: int, tmp_path: Path
) -> None:
    slots = ("M-03 · 07", "", "Chariot de réserve du premier étage · 07", LONG, "· 7", "M-03 · ")
    content = [
        Label(tag, slot=slot, school=school, owner=owner, phone=phone, kind=LONG)
        for tag, slot, school, owner, phone in zip(
            tags(8),
            (*slots, "M-1 · 1", "É · ÉÀgj"),
            (LONG, LONG, "W" * 200, "Jean Macé", LONG, "", "a\tb\r\nc\x00\u0301\u202fd", "É"),
            (LONG, "", "J" * 90, "ŁódźŞĞ€œ", LONG, LONG, "Éire", ""),
            (LONG, "04 76 00 00 00", "", "q" * 80, "", LONG, "gjpq", ""),
            strict=True,
        )
    ]
    write(tmp_path / "labels.pdf", content, sheet, copies=copies)
    (page,) = pages(tmp_path / "labels.pdf")
    # Round letters, accents and tails may reach half a millimetre into the padding.
    inset = sheet.padding_mm - 0.6
    boxes = [
        (
            placement.x_mm + inset,
            placement.y_mm + inset,
            placement.width_mm - 2 * inset,
            placement.height_mm - 2 * inset,
        )
        for placement in layout(content, sheet, copies=copies)
    ]
    assert ink_outside(page, boxes) == 0
    assert len(decoded(page)) == len(content) * copies


def test_texts_are_in_the_file_as_text_and_the_tag_is_never_shortened(tmp_path: Path) -> None:
    sheet = sheet_named("L7651")
    content = [
        Label(tag, "M-03 · 07", LONG, "Ville d’Échirolles", "04 76 20 63 00", "Tablette")
        for tag in (*tags(40), *tags(1, CodeKind.PERSON), *tags(1, CodeKind.DOCUMENT))
    ]
    write(tmp_path / "labels.pdf", content, sheet)
    document = pypdfium2.PdfDocument(tmp_path / "labels.pdf")
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    for label in content:
        assert label.tag in text.replace(" ", "")
    assert text.count("04 76 20 63 00") == len(content)
    assert text.count("07") >= len(content)
    assert "Échirolles" in text


def test_an_offset_moves_the_print_by_that_much(tmp_path: Path) -> None:
    sheet = sheet_named("L7160")
    places = []
    for number, offset in enumerate([(0.0, 0.0), (2.0, -1.5)]):
        path = tmp_path / f"{number}.pdf"
        write(path, labels(1), sheet, offset_mm=offset)
        (code,) = decoded(pages(path)[0])
        places.append(corners(code)[0])
    (x, y), (moved_x, moved_y) = places
    assert moved_x - x == pytest.approx(2.0, abs=millimetres(1.5))
    assert moved_y - y == pytest.approx(-1.5, abs=millimetres(1.5))


def test_the_calibration_page_s_rulers_measure_100_mm(tmp_path: Path) -> None:
    dpi = 600
    report = write(tmp_path / "page.pdf", [], SHEETS[0], calibration=True)
    assert report == LabelsReport(labels=0, pages=1)
    (page,) = pages(tmp_path / "page.pdf", dpi)
    # Only what is black: the outlines of the labels are grey.
    black = page.point([255 if level < 100 else 0 for level in range(256)])
    for turned in (black, black.transpose(Image.Transpose.TRANSPOSE)):
        lines = turned.tobytes()
        longest = max(
            len(run)
            for start in range(0, len(lines), turned.width)
            for run in lines[start : start + turned.width].split(b"\0")
        )
        assert millimetres(longest, dpi) == pytest.approx(RULER_MM, abs=millimetres(3, dpi))


def test_the_crosses_stay_20_mm_from_the_edges_whatever_the_offset(tmp_path: Path) -> None:
    write(tmp_path / "page.pdf", [], SHEETS[0], calibration=True, offset_mm=(3.0, 3.0))
    (page,) = pages(tmp_path / "page.pdf")
    for x in (CROSS_FROM_EDGE_MM, PAGE_WIDTH_MM - CROSS_FROM_EDGE_MM):
        for y in (CROSS_FROM_EDGE_MM, PAGE_HEIGHT_MM - CROSS_FROM_EDGE_MM):
            centre = cut(page, x - 0.1, y - 0.1, x + 0.3, y + 0.3)
            assert ImageStat.Stat(centre).extrema[0][0] < 128


def test_the_calibration_page_comes_first_and_says_how_to_print(tmp_path: Path) -> None:
    report = write(tmp_path / "labels.pdf", labels(3), SHEETS[0], calibration=True)
    assert report == LabelsReport(labels=3, pages=2)
    document = pypdfium2.PdfDocument(tmp_path / "labels.pdf")
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    assert WORDS.calibration.heading in text
    for sentence in WORDS.calibration.instructions:
        assert sentence in text
    assert b"/PrintScaling /None" in (tmp_path / "labels.pdf").read_bytes()


def test_the_same_input_makes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first.pdf", "second.pdf"):
        write(tmp_path / name, labels(30), SHEETS[0], copies=2, calibration=True)
    first, second = (tmp_path / name for name in ("first.pdf", "second.pdf"))
    assert first.read_bytes() == second.read_bytes()
    assert b"20260901083000" in first.read_bytes()


def test_a_file_is_replaced_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "labels.pdf"
    path.write_bytes(b"older")
    write(path, labels(1), SHEETS[0])
    assert path.read_bytes().startswith(b"%PDF-")
    assert list(tmp_path.iterdir()) == [path]


def test_a_path_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    taken = tmp_path / "taken.pdf"
    taken.mkdir()
    (taken / "inside").touch()
    for path in (tmp_path / "missing" / "labels.pdf", taken):
        with pytest.raises(StorageError) as caught:
            write(path, labels(1), SHEETS[0])
        assert caught.value.code == "file.write"
        assert caught.value.params["path"] == str(path)
        assert caught.value.params["reason"]
    assert list(tmp_path.iterdir()) == [taken]


def test_bad_options_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = tmp_path / "labels.pdf"
    bad: list[tuple[str, list[Label], dict[str, object]]] = [
        ("labels.none", [], {}),
        ("labels.start", labels(1), {"start": 66}),
        ("labels.copies", labels(1), {"copies": 3}),
        ("labels.offset", labels(1), {"offset_mm": (0.0, 11.0)}),
    ]
    for code, content, options in bad:
        with pytest.raises(InvalidInput) as caught:
            write(path, content, SHEETS[0], **options)
        assert caught.value.code == code
    assert not path.exists()


def test_merged_bars_cover_each_dark_module_once() -> None:
    for tag in tags(50):
        covered = [
            (bar.column + x, bar.row + y)
            for bar in bars(tag)
            for x in range(bar.width)
            for y in range(bar.height)
        ]
        assert len(covered) == len(set(covered))
        assert {(0, 0), (MODULES - 1, 0), (0, MODULES - 1)} <= set(covered)
        assert all(0 <= x < MODULES and 0 <= y < MODULES for x, y in covered)


def test_a_payload_that_would_need_smaller_modules_is_refused() -> None:
    for payload in ("", ALPHABET[:11]):
        with pytest.raises(ValueError, match="version 1-H"):
            bars(payload)


def test_font_subsetting_does_not_fill_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        write(tmp_path / "labels.pdf", labels(2), SHEETS[0])
    assert [record.name for record in caplog.records if record.name.startswith("fontTools")] == []
