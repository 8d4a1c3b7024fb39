"""Every error has a sentence and a remedy in words, and no sentence waits for an error in vain."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet import errors, movements
from fleet.asset import Condition, State
from fleet.errors import DeviceError, FleetError, Refusal
from fleet.kinds import AssetKind, PersonKind
from fleet.steps import StepState
from fleet.usecases.lending import ACCESSORIES
from tui import device_words, words
from tui.bench import SlotPhase, SlotView
from tui.sentences import SENTENCES, sentence

ROOT = Path(__file__).parents[2]
PACKAGES = ("fleet", "agents", "db", "tui")
TABLES = {"sentences.py", "desk_words.py", "fault_words.py", "command_words.py", "device_words.py"}
CODE = re.compile(r"[a-z_]+(\.[a-z_]+)+")
RAISERS = re.compile(
    r".*Error|Refusal|InvalidInput|NotFound|Rejected|Damage|Finding|.*fault|reject"
)
FROM_TABLES = re.compile(r"(storage|cell|line|check|enrol|passage)\.")
PLANNED_FOR_USB = {
    "device.busy",
    "device.charge_only",
    "device.debugging_off",
    "device.no_rights",
}
"""Promised by ``fleet.errors``; the cable's transport raises them."""


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path, ast.parse(path.read_text())


def name_of(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def raised_codes() -> set[str]:
    """Codes that stand as a literal in a call which makes an error, a fault or a finding."""
    found = set()
    for _path, tree in modules():
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or not RAISERS.fullmatch(name_of(call)):
                continue
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            found |= {
                each.value
                for part in given
                for each in ast.walk(part)
                if isinstance(each, ast.Constant)
                and isinstance(each.value, str)
                and CODE.fullmatch(each.value)
            }
    return found


def table_codes() -> set[str]:
    """Codes of the families that are picked from a table before they are raised."""
    return {code for code in mentioned_codes() if CODE.fullmatch(code) and FROM_TABLES.match(code)}


def mentioned_codes() -> set[str]:
    return {
        node.value
        for path, tree in modules()
        if path.name not in TABLES
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_code_in_the_source_has_a_sentence_and_a_remedy() -> None:
    codes = raised_codes() | table_codes()
    assert len(codes) > 80
    assert sorted(codes - SENTENCES.keys()) == []


def test_no_sentence_is_for_an_error_that_nobody_raises() -> None:
    assert sorted(SENTENCES.keys() - mentioned_codes() - PLANNED_FOR_USB) == []


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_sentence_says_what_happened_and_what_to_do(code: str) -> None:
    shown = sentence(FleetError(code))
    assert shown.what[-1] in ".?!)—" or "{" not in shown.what
    assert shown.remedy
    assert "{" not in f"{shown}"


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_french_typography_is_kept(code: str) -> None:
    text = str(sentence(FleetError(code)))
    assert not re.search(r" [;:!?»]|« ", text), text
    assert "'" not in text, text


def test_parameters_are_words_not_codes() -> None:
    error = Refusal("loan.bad_state", tag="KDRTBXLP", state=State.IN_REPAIR.value)
    assert sentence(error).what == "KDRT BXLP ne peut pas être prêté\u202f: en réparation."
    error = Refusal(
        "loan.already_lent",
        tag="KDRTBXLP",
        person="NGUYEN Léa",
        class_name="CM2 A",
        since="2026-09-12T08:00:00.000Z",
    )
    assert sentence(error).what == (
        "KDRT BXLP est déjà en prêt\u202f: NGUYEN Léa (CM2 A), depuis le 12 sept. 2026."
    )


def test_a_code_without_words_shows_itself() -> None:
    shown = sentence(FleetError("moon.eclipsed"))
    assert shown.what == "moon.eclipsed."
    assert shown.remedy


def test_every_closed_list_has_its_words() -> None:
    assert words.STATES.keys() == set(State)
    assert words.KINDS.keys() == set(AssetKind)
    assert words.PERSON_KINDS.keys() == set(PersonKind)
    assert words.CONDITIONS.keys() == set(Condition)
    assert words.HISTORY.keys() >= movements.KINDS
    assert words.ACCESSORIES.keys() == set(ACCESSORIES)
    assert device_words.OUTCOMES.keys() == set(StepState)


def test_every_state_has_a_glyph_of_one_cell_and_a_word() -> None:
    looks = [*words.STATES.values(), *words.HISTORY.values(), *device_words.OUTCOMES.values()]
    assert all(len(look.glyph) == 1 and look.word for look in looks)


@pytest.mark.parametrize("phase", SlotPhase)
def test_every_phase_of_a_slot_has_a_look(phase: SlotPhase) -> None:
    error = DeviceError("device.timeout", device="slot 1") if phase is SlotPhase.FAILED else None
    assert device_words.slot_look(SlotView(1, phase, error=error)).word


def test_every_code_of_policies_plans_and_steps_has_words() -> None:
    wanted = {
        code
        for code in mentioned_codes()
        if re.fullmatch(r"(why|remedy|apply|plan)\.[a-z_]+", code)
    }
    assert sorted(wanted - device_words.WORDS.keys() - {"plan.apply", "plan.tcss"}) == []


def test_families_of_errors_carry_the_exit_codes_of_the_contract() -> None:
    families = {
        name: each.exit_code
        for name, each in vars(errors).items()
        if isinstance(each, type) and issubclass(each, FleetError)
    }
    assert {families[name] for name in ("Refusal", "InvalidInput", "NotFound")} == {1, 2, 3}
