"""The table: a million rows open at once, and trouble in a page is told once."""

from collections.abc import Sequence

from pilot_world import settle
from textual.app import App, ComposeResult

from fleet.errors import StorageError
from tui.theme import SLATE
from tui.widgets.toned import Span
from tui.widgets.virtual_table import Column, Row, VirtualTable

MILLION = 1_000_000


class Numbers:
    page_size = 256

    def __init__(self, total: int = MILLION) -> None:
        self.total = total
        self.read: list[int] = []

    def count(self) -> int:
        return self.total

    def page(self, index: int) -> Sequence[Row]:
        self.read.append(index)
        first = index * self.page_size
        numbers = range(first, min(first + self.page_size, self.total))
        return [Row(str(number), (Span(f"n° {number}"), Span("x"))) for number in numbers]


class Broken(Numbers):
    def page(self, index: int) -> Sequence[Row]:
        self.read.append(index)
        raise StorageError("storage.busy", database="demo")


class TableApp(App[None]):
    CSS_PATH = "../../tui/app.tcss"
    AUTO_FOCUS = None

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(SLATE)
        self.theme = SLATE.name
        self.failures = 0

    def compose(self) -> ComposeResult:
        yield VirtualTable((Column("Nom", 0), Column("Large", 8, from_width=60)))

    def on_virtual_table_failed(self) -> None:
        self.failures += 1


def text(app: TableApp) -> str:
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


async def test_a_million_rows_open_and_jump_to_the_end_by_reading_two_pages() -> None:
    app, source = TableApp(), Numbers()
    async with app.run_test(size=(50, 12)) as pilot:
        table = app.query_one(VirtualTable)
        table.show(source)
        await settle(pilot)
        assert "▸ n° 0" in text(app)
        assert "n° 10" in text(app)
        table.mark(MILLION - 1)
        await settle(pilot)
        assert "▸ n° 999999" in text(app)
        assert table.marked_key == "999999"
    assert source.read == [0, (MILLION - 1) // 256]


async def test_a_narrow_table_leaves_out_its_wide_columns() -> None:
    app = TableApp()
    async with app.run_test(size=(50, 12)) as pilot:
        app.query_one(VirtualTable).show(Numbers(3))
        await settle(pilot)
        assert "Large" not in text(app)
        await pilot.resize_terminal(80, 12)
        await settle(pilot)
        assert "Large" in text(app)


async def test_an_empty_table_says_what_to_do() -> None:
    app = TableApp()
    async with app.run_test(size=(50, 12)) as pilot:
        table = app.query_one(VirtualTable)
        table.empty_text = "Rien ici."
        table.show(Numbers(0))
        await settle(pilot)
        assert "Rien ici." in text(app)
        assert table.marked_key == ""


async def test_a_page_that_cannot_be_read_is_reported_once() -> None:
    app, source = TableApp(), Broken()
    async with app.run_test(size=(50, 12)) as pilot:
        app.query_one(VirtualTable).show(source)
        await settle(pilot)
        app.query_one(VirtualTable).move(1)
        await settle(pilot)
    assert app.failures == 1
    assert source.read == [0]
