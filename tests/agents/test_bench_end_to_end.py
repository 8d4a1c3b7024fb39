"""The bench's job on virtual tablets, over the real link: audit, plan, apply, audit, no plan."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

import tui
from agents.adb.apply import OnStep, apply_plan, wait_until_booted
from agents.adb.bridge import KeyStore, TcpLink
from agents.adb.facts import fetch_facts
from agents.profiles import read_profile
from agents.virtual import MODELS, Farm, make_tablet, serve
from fleet.errors import DeviceError
from fleet.facts import ASSET_TAG_SETTING, BatteryHealth, DeviceFacts, Namespace
from fleet.plan import Plan, plan
from fleet.policies import audit
from fleet.profile import Profile, WantedFile
from fleet.steps import PutSetting, StepOutcome, StepState, Word

PROFILE = read_profile(Path(tui.__file__).parent / "demo" / "profile.toml")


@pytest.fixture
def farm() -> Iterator[Farm]:
    """One drifted tablet of each model, Android 9 to 14."""
    with serve([make_tablet(index) for index in range(len(MODELS))]) as running:
        yield running


@pytest.fixture(scope="module")
def link(tmp_path_factory: pytest.TempPathFactory) -> TcpLink:
    return TcpLink(KeyStore(tmp_path_factory.mktemp("keys")))


def read(link: TcpLink, address: str, profile: Profile = PROFILE) -> DeviceFacts:
    bridge = link.connect(address)
    try:
        return fetch_facts(bridge, profile.paths)
    finally:
        bridge.close()


def carry_out(
    link: TcpLink, address: str, made: Plan, on_step: OnStep | None = None
) -> list[StepOutcome]:
    bridge = link.connect(address)
    try:
        return apply_plan(bridge, made, on_step=on_step)
    finally:
        bridge.close()


def follow_reboot(link: TcpLink, address: str, before: DeviceFacts) -> None:
    wait_until_booted(
        lambda: link.connect(address), before.boot_id, timeout_s=30, pause_s=0.05
    ).close()


def with_file(source: Path) -> Profile:
    digest = sha256(source.read_bytes()).hexdigest()
    return replace(PROFILE, files=(WantedFile("/sdcard/Documents/film.bin", str(source), digest),))


def test_a_virtual_tablet_leaves_no_fact_unknown(farm: Farm, link: TcpLink) -> None:
    facts, tablet = read(link, farm.addresses[0]), farm.tablets[0]

    unread = {name for name in DeviceFacts.__slots__ if getattr(facts, name) is None}
    assert unread <= {"running_locale"}
    assert (facts.serial, facts.model, facts.wifi_mac) == (tablet.serial, "SM-T500", tablet.mac)
    assert (facts.release, facts.sdk, facts.security_patch) == ("11", 30, "2021-11-01")
    assert facts.boot_id == tablet.boot_id
    assert facts.battery is not None
    assert facts.battery.health is BatteryHealth.GOOD
    assert facts.battery.level == tablet.battery.level
    assert facts.storage is not None
    assert 0 < facts.storage.free_bytes < facts.storage.total_bytes
    assert (facts.users, facts.owner, facts.asset_tag) == ((0,), "", "")
    assert facts.files == {"/sdcard/Documents/charte.txt": ""}
    assert facts.packages is not None
    youtube = facts.packages["com.google.android.youtube"]
    assert (youtube.system, youtube.version_code) == (True, 1_526_103_488)


def test_a_tag_written_at_enrolment_is_read_at_the_next_audit(farm: Farm, link: TcpLink) -> None:
    (address, *_) = farm.addresses
    step = PutSetting(Namespace.GLOBAL, ASSET_TAG_SETTING, "KDRTBXLP", Word("why.enrolment"))
    carry_out(link, address, Plan((step,), ()))

    assert read(link, address).asset_tag == "KDRTBXLP"


def test_drifted_tablets_become_compliant_and_then_nothing_is_left_to_do(
    farm: Farm, link: TcpLink
) -> None:
    rebooted = 0
    for address in farm.addresses:
        before = read(link, address)
        made = plan(PROFILE, before)
        assert not audit(PROFILE, before).is_compliant
        assert made.steps

        outcomes = carry_out(link, address, made)
        assert {outcome.state for outcome in outcomes} == {StepState.DONE}
        if made.reboots:
            follow_reboot(link, address, before)
            rebooted += 1

        after = read(link, address)
        assert [each.policy for each in audit(PROFILE, after).verdicts if each.ok is None] == []
        assert audit(PROFILE, after).is_compliant
        assert plan(PROFILE, after).steps == ()
        assert after.locale == "fr-FR"
        assert (after.boot_id != before.boot_id) == made.reboots
    assert rebooted


def test_a_cable_pulled_in_the_middle_costs_nothing_but_a_second_run(
    link: TcpLink, tmp_path: Path
) -> None:
    source = tmp_path / "film.bin"
    source.write_bytes(bytes(range(256)) * 4096)
    profile, seen = with_file(source), list[StepOutcome]()
    with serve([make_tablet(0)], scenario="pulled_mid_push") as farm:
        (address,) = farm.addresses
        made = plan(profile, read(link, address, profile))
        with pytest.raises(DeviceError):
            carry_out(link, address, made, seen.append)
        assert (seen[-1].step.kind, seen[-1].state) == ("put_file", StepState.FAILED)

        left = plan(profile, read(link, address, profile))
        assert left.steps == made.steps[seen[-1].number - 1 :]
        carry_out(link, address, left)
        assert audit(profile, read(link, address, profile)).is_compliant


def test_a_full_tablet_refuses_the_file_and_takes_the_rest(link: TcpLink, tmp_path: Path) -> None:
    source = tmp_path / "film.bin"
    source.write_bytes(bytes(1024 * 1024))
    profile = with_file(source)
    with serve([make_tablet(0)], scenario="storage_full") as farm:
        (address,) = farm.addresses
        outcomes = carry_out(link, address, plan(profile, read(link, address, profile)))

    states = {outcome.step.kind: outcome.state for outcome in outcomes}
    assert states.pop("put_file") is StepState.REFUSED
    assert set(states.values()) == {StepState.DONE}
