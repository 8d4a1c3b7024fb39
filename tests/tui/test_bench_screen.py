"""The bench: live slots, plan first, and keys that mean what they say."""

from pilot_world import FakeBench, World, press, scan, screen_text, settle

from fleet.errors import DeviceError
from fleet.tags import format_tag
from tui.bench import SlotPhase


async def test_every_slot_reads_by_glyph_and_word(world: World) -> None:
    bench = FakeBench(world.tags)
    app = world.app(bench)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5")
        bench.change(6, phase=SlotPhase.PROMPT)
        bench.change(7, phase=SlotPhase.APPLYING, step="install", done=3, total=9)
        fault = DeviceError("device.unplugged", device="slot 8")
        bench.change(8, phase=SlotPhase.FAILED, error=fault)
        bench.change(9, phase=SlotPhase.READ, model="SM-T500", compliant=None)
        await settle(pilot)
        text = screen_text(app)
    assert f"1 ● {format_tag(world.tags[0])}" in text
    assert f"2 ▲ {format_tag(world.tags[1])}" in text
    assert "1 écart" in text
    assert "6 ▲" in text
    assert "autoriser" in text
    assert "installer 4/9" in text
    assert "▓▓▓░░░░░░░" in text
    assert "8 ✖" in text
    assert "débranchée" in text
    assert "9 ?" in text
    assert "F6\u202f: inscrire" in text
    assert "16 ○" in text
    assert "4 conformes · 1 à configurer · 1 en cours · 1 à autoriser · 1 en échec" in text
    assert bench.asked == [("close", None)]


async def test_keys_work_on_what_is_chosen_else_on_all(world: World) -> None:
    bench = FakeBench(world.tags)
    app = world.app(bench)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "f2")
        assert bench.asked.pop() == ("audit", None)
        await press(pilot, "right", "space", "down", "space")
        assert "✔ 2 ▲" in screen_text(app)
        assert "2 choisies" in screen_text(app)
        await press(pilot, "ctrl+s")
        assert bench.asked.pop() == ("audit", frozenset({2, 6}))


async def test_applying_shows_the_plan_first_and_a_second_key_applies(world: World) -> None:
    bench = FakeBench(world.tags)
    app = world.app(bench)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "f5")
        text = screen_text(app)
        assert "1. désactiver com.example  est actif, le profil le coupe" in text
        assert "✔ conforme à école-v4\u202f: rien à faire" in text
        assert "1 étape sur 1 tablette" in text
        assert bench.asked == []
        await press(pilot, "escape")
        assert bench.asked == []
        await press(pilot, "f3", "f5")
        assert bench.asked.pop() == ("apply", frozenset({2}))


async def test_escape_stops_what_is_under_way_before_it_leaves(world: World) -> None:
    bench = FakeBench(world.tags)
    app = world.app(bench)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5")
        bench.busy = True
        await press(pilot, "escape")
        assert bench.asked.pop() == ("cancel", None)
        assert "Banc" in screen_text(app)
        bench.busy = False
        await press(pilot, "escape")
        assert "Aujourd’hui" in screen_text(app)


async def test_a_scan_marks_its_slot(world: World) -> None:
    bench = FakeBench(world.tags)
    app = world.app(bench)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f5")
        await scan(pilot, world.tags[2])
        assert "┏━ 3 ●" in screen_text(app)
        await press(pilot, "f3")
        await scan(pilot, world.tags[1])
        assert f"▸  2  {format_tag(world.tags[1])}" in screen_text(app)
    assert [name for name, _slots in bench.asked] == ["close"]


async def test_enrolling_asks_only_for_unknown_tablets(world: World) -> None:
    bench = FakeBench(world.tags)
    app = world.app(bench)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "f5", "f6")
        assert "sont connues." in screen_text(app)
        bench.change(9, phase=SlotPhase.READ, model="SM-T500")
        await settle(pilot)
        await press(pilot, "f6")
        assert bench.asked.pop() == ("enrol", frozenset({9}))
