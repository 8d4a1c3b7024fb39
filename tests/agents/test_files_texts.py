"""CSV files of the field's programs: encodings, separators, quotes, and lines that were cut."""

import csv
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.files import open_table
from agents.files.cells import clean
from agents.files.texts import SEPARATORS, split_record
from fleet.errors import InvalidInput
from fleet.imports.rows import Line


def read(path: Path, content: bytes) -> list[Line]:
    path.write_bytes(content)
    return list(open_table(path).lines())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "liste.csv"


TEXT = "Nom;Prénom\r\nLEBŒUF;Zoé\r\n"
LINES = [Line(1, ("Nom", "Prénom")), Line(2, ("LEBŒUF", "Zoé"))]


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("cp1252"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.replace("\r\n", "\n").encode(),
        TEXT.replace("\r\n", "\r").encode("cp1252"),
        TEXT.replace(";", "\t").encode("utf-16"),
        TEXT.replace(";", ",").encode(),
        b"sep=;\r\n" + TEXT.encode("cp1252"),
        TEXT.rstrip().encode(),
        TEXT.encode() + b"\x1a",
    ],
    ids=[
        *("utf8", "utf8-bom", "cp1252", "utf16-bom", "utf16be-bom", "utf16-without-bom"),
        *("unix-lines", "old-mac-lines", "tabs", "commas", "excel-sep-line"),
        *("no-last-newline", "dos-end-of-file"),
    ],
)
def test_one_list_in_every_form_reads_the_same(path: Path, content: bytes) -> None:
    shift = content.startswith(b"sep=")
    expected = [Line(line.number + shift, line.cells) for line in LINES]
    assert read(path, content) == expected


def test_numbers_are_those_of_the_lines_in_the_file(path: Path) -> None:
    lines = read(path, b'\r\nA;B\r\n\r\n"one\r\ntwo";2\r\n;\r\n3;4\r\n')
    assert lines == [Line(2, ("A", "B")), Line(4, ("one two", "2")), Line(7, ("3", "4"))]


def test_cells_lose_the_marks_of_programs(path: Path) -> None:
    content = '="6A";"=""6B"""; 6\u00a0C\u202f;"a ""b"" c";10" écran;=1+1\n'
    assert read(path, content.encode())[0].cells == (
        *("6A", "6B", "6 C", 'a "b" c', '10" écran', "=1+1"),
    )


def test_escape_sequences_never_come_through(path: Path) -> None:
    content = "Nom;Classe\nZo\x1b[2Jé\u202e\u200b;CM2\u00ad A\n"
    assert read(path, content.encode())[1].cells == ("Zo[2Jé", "CM2 A")


def test_the_separator_comes_from_the_header_and_not_from_addresses(path: Path) -> None:
    lines = read(path, b"Nom;Adresse;CP\nA;1, rue, de, la, Paix, ici;1\n")
    assert lines[1].cells == ("A", "1, rue, de, la, Paix, ici", "1")


def test_a_quote_that_never_closes_takes_its_own_line_only(path: Path) -> None:
    lines = read(path, b'A;B;C\n1;"cut\n2;"x";y\n3;4;5\n')
    assert [(line.number, line.cells) for line in lines] == [
        (1, ("A", "B", "C")),
        (2, ()),
        (3, ("2", "x", "y")),
        (4, ("3", "4", "5")),
    ]
    assert [(each.reason, each.value) for each in lines[1].damages] == [("line.quote", '1;"cut')]


def test_a_quote_that_closes_in_the_middle_of_a_cell_is_a_fault(path: Path) -> None:
    lines = read(path, b'A;B\n"Tablette 10" noire;1\n"ok";2\n')
    assert [bool(line.damages) for line in lines] == [False, True, False]


def test_an_open_quote_on_the_last_line_is_a_fault_too(path: Path) -> None:
    lines = read(path, b'A;B\n1;2\n3;"')
    assert [line.damages != () for line in lines] == [False, False, True]


def test_foreign_bytes_in_a_utf8_file_are_a_fault_of_their_cell(path: Path) -> None:
    good, bad = "1;Zoé\n".encode(), "2;Noé\n".encode("cp1252")
    lines = read(path, b"N;Nom\n" + good + bad)
    assert lines[1].damages == ()
    (damage,) = lines[2].damages
    assert (damage.cell, damage.value, damage.reason) == (1, "Noé", "cell.encoding")


def test_with_a_bom_even_a_file_without_other_accents_is_utf8(path: Path) -> None:
    lines = read(path, b"\xef\xbb\xbfN;Nom\n1;Zo\xe9\n2;Paul\n")
    assert [bool(line.damages) for line in lines] == [False, True, False]
    lines[1].cells[1].encode()


def test_the_rarer_bytes_are_the_faulty_ones(path: Path) -> None:
    other = "1;Zoé\n2;Noé\n".encode("cp1252")
    lines = read(path, b"N;Nom\n" + other + "3;Léa\n".encode())
    assert [bool(line.damages) for line in lines] == [False, False, False, True]
    assert lines[1].cells == ("1", "Zoé")
    assert lines[3].damages[0].value == "Léa"


def test_half_a_utf16_letter_is_a_fault(path: Path) -> None:
    content = b"\xff\xfe" + "A;B\n1;x".encode("utf-16-le") + b"\x00\xd8"
    assert read(path, content)[1].damages[0].reason == "cell.encoding"


def test_a_line_that_never_ends_is_not_read_into_memory(path: Path) -> None:
    path.write_bytes(b"A;B\n" + b"x" * 3_000_000)
    with pytest.raises(InvalidInput) as caught:
        list(open_table(path).lines())
    assert caught.value.params["reason"] == "long_line"


def test_a_long_list_is_read_in_flat_memory(path: Path) -> None:
    path.write_bytes(b"Nom;Adresse;Classe\n" + "LEFÈVRE;1 rue Haute;CM2\n".encode() * 20_000)
    tracemalloc.start()
    count = sum(1 for _ in open_table(path).lines())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_001
    assert peak < 1_000_000


def test_a_table_can_be_read_twice_and_left_in_the_middle(path: Path) -> None:
    path.write_bytes(TEXT.encode())
    table = open_table(path)
    next(iter(table.lines()))
    assert list(table.lines()) == LINES


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters='";,\n'))


@given(st.lists(CELLS, min_size=1, max_size=6), st.sampled_from(SEPARATORS))
def test_what_the_csv_writer_writes_is_split_back(cells: list[str], separator: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="").writerow(cells)
    assert split_record(out.getvalue(), separator) == (cells, False)


@given(st.text(st.sampled_from('ab";\n')), st.sampled_from(SEPARATORS))
def test_any_text_is_split_or_refused_and_never_loses_a_letter(text: str, separator: str) -> None:
    cells, is_open = split_record(text, separator)
    assert not (cells and is_open)
    if cells is not None:
        assert sum(cell.count("a") for cell in cells) == text.count("a")


@given(st.text())
def test_cleaning_leaves_text_that_a_terminal_can_show(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == " ".join(cleaned.split())
    assert not any(ord(each) < 32 or 0x7F <= ord(each) < 0xA0 for each in cleaned)
