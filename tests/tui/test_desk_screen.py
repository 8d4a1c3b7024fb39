"""The desk: what a technician presses, and what is then on the screen and in the ledger."""

from pilot_world import PUPILS, World, open_desk, press, scan, screen_text, settle, type_in

from fleet.asset import State
from fleet.tags import format_tag


def names(text: str) -> list[str]:
    return [name for family, given in PUPILS if (name := f"{family} {given}") in text]


async def test_a_roll_call_lends_scan_after_scan(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot)
        assert "Suivant\u202f: MARTIN Jade" in screen_text(app)
        await scan(pilot, world.tags[0], world.tags[1])
        text = screen_text(app)
    assert f"✔  {format_tag(world.tags[1])}  →  NGUYEN Léa" in text
    assert "Suivant\u202f: OUALI Samir" in text
    assert "2 / 4 remises" in text
    assert "retour le 3 juil. 2027" in text
    assert world.borrower(world.tags[0]) == "MARTIN Jade"
    assert world.borrower(world.tags[1]) == "NGUYEN Léa"


async def test_the_same_tag_twice_is_quiet(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot)
        await scan(pilot, world.tags[0], world.tags[0])
        text = screen_text(app)
    assert "→  MARTIN Jade" in text
    assert "refusé" not in text
    assert world.borrower(world.tags[0]) == "MARTIN Jade"


async def test_half_a_pair_stays_in_sight_and_either_order_will_do(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot)
        await press(pilot, "f6")  # one after the other, in a queue
        await scan(pilot, world.tags[0])
        assert f"{format_tag(world.tags[0])} → scanner l’élève…" in screen_text(app)
        await scan(pilot, world.people[2].code)
        assert "→  OUALI Samir" in screen_text(app)
        await scan(pilot, world.people[3].code)
        assert "PETIT Zoé → scanner la tablette…" in screen_text(app)
        await scan(pilot, world.tags[1])
    assert world.borrower(world.tags[0]) == "OUALI Samir"
    assert world.borrower(world.tags[1]) == "PETIT Zoé"


async def test_a_refusal_names_who_has_it_since_when_and_the_next_gesture(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot)
        await scan(pilot, world.tags[0], world.tags[1], world.tags[0])
        text = screen_text(app)
        assert f"✖  {format_tag(world.tags[0])}\u202f: refusé" in text
        assert "à MARTIN Jade (CM2 A) depuis le 21 nov. 2026 · bureau de m.durand" in text
        assert "Scanner une autre tablette" in text
        await press(pilot, "f5")  # take it back, then lend it to who stands here
    assert world.borrower(world.tags[0]) == "OUALI Samir"


async def test_undo_takes_the_last_loan_back(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot)
        await scan(pilot, world.tags[0])
        await press(pilot, "ctrl+s")
        text = screen_text(app)
    assert f"↶  {format_tag(world.tags[0])}\u202f: prêt annulé" in text
    assert "Suivant\u202f: MARTIN Jade" in text
    assert world.borrower(world.tags[0]) is None


async def test_an_absent_pupil_is_passed_over(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot)
        await press(pilot, "f4")
        text = screen_text(app)
        assert "Suivant\u202f: NGUYEN Léa" in text
        await scan(pilot, world.tags[0])
    assert world.borrower(world.tags[0]) == "NGUYEN Léa"


async def test_a_typed_name_is_picked_with_an_arrow_and_enter(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot)
        type_in(pilot, "zoe")
        await settle(pilot)
        text = screen_text(app)
        assert "Chercher\u202f: zoe" in text
        assert names(text) == ["MARTIN Jade", "PETIT Zoé"]  # the one who is armed, the one found
        await press(pilot, "down", "enter")
        assert "PETIT Zoé → scanner la tablette…" in screen_text(app)
        await scan(pilot, world.tags[0])
    assert world.borrower(world.tags[0]) == "PETIT Zoé"


async def test_a_typed_name_and_enter_alone_choose_nobody(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot)
        await scan(pilot, "zoe")
        assert "ZOE n’est pas une étiquette Ardoise" in screen_text(app)
        await scan(pilot, world.tags[0])
    assert world.borrower(world.tags[0]) == "MARTIN Jade"


async def test_a_tag_after_abandoned_typing_is_still_read(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot)
        type_in(pilot, "zo")
        await scan(pilot, world.tags[0])
    assert world.borrower(world.tags[0]) == "MARTIN Jade"


async def test_accessories_of_the_last_loan_can_be_corrected(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot)
        await scan(pilot, world.tags[0])
        assert "chargeur ✔ · coque ✔" in screen_text(app)
        await press(pilot, "f3", "space", "f5")
        text = screen_text(app)
    assert "chargeur ✖ · coque ✔" in text
    card = world.office.views.asset(world.tags[0])
    assert card is not None
    assert card.accessories == ("cover",)
    assert card.row.borrower_name == "MARTIN Jade"


async def test_returns_close_loans_at_once_and_say_what_is_still_out(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot)
        await scan(pilot, world.tags[0], world.tags[1])
        await press(pilot, "f6", "f6")
        assert "Restent dehors\u202f: 2" in screen_text(app)
        await scan(pilot, world.tags[0])
        text = screen_text(app)
    assert f"✔  {format_tag(world.tags[0])}\u202f: rendu" in text
    assert "par MARTIN Jade" in text
    assert "Restent dehors\u202f: 1   NGUYEN L." in text
    assert world.borrower(world.tags[0]) is None


async def test_one_key_marks_the_last_return_damaged_and_one_its_charger_missing(
    world: World,
) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot)
        await scan(pilot, world.tags[0])
        await press(pilot, "f6", "f6")
        await scan(pilot, world.tags[0])
        await press(pilot, "f4")
        assert "abîmé" in screen_text(app)
        await press(pilot, "f3")
        text = screen_text(app)
    assert "chargeur manquant" in text
    card = world.office.views.asset(world.tags[0])
    assert card is not None
    assert card.row.state is State.DAMAGED
    assert card.row.borrower is None


async def test_returning_what_is_not_lent_is_refused(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot, "f3")
        await scan(pilot, world.tags[0])
        text = screen_text(app)
    assert "n’est pas en prêt (disponible)" in text


async def test_an_unknown_code_is_said_to_be_one(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot)
        await scan(pilot, "3017620422003")
        assert "3017620422003 n’est pas une étiquette Ardoise" in screen_text(app)
        await scan(pilot, world.tags[0][:5])
        assert "Lecture incomplète" in screen_text(app)


async def test_a_serial_number_scans_as_its_tablet(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot)
        await scan(pilot, "R52N0001X")
    assert world.borrower(world.tags[0]) == "MARTIN Jade"


async def test_a_pasted_block_is_as_many_scans_as_it_has_lines(world: World) -> None:
    from textual import events

    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot)
        app.post_message(events.Paste("\r\n".join(world.tags[:4]) + "\r\n"))
        await settle(pilot)
        await settle(pilot)
        text = screen_text(app)
    assert [world.borrower(tag) for tag in world.tags[:4]] == [f"{f} {g}" for f, g in PUPILS]
    assert "Toute la classe est servie." in text


async def test_the_date_of_return_can_be_changed(world: World) -> None:
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot)
        await press(pilot, "f7", "down", "enter")
        await scan(pilot, world.tags[0])
        text = screen_text(app)
    assert "retour le 21 nov. 2026" in text


async def test_a_sleeping_window_says_so(world: World) -> None:
    from textual import events

    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await open_desk(pilot)
        app.post_message(events.AppBlur())
        await pilot.pause()
        assert "FENÊTRE INACTIVE" in screen_text(app)
        app.post_message(events.AppFocus())
        await pilot.pause()
        assert "FENÊTRE INACTIVE" not in screen_text(app)
