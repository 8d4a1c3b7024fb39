"""A plan holds what must change and nothing else; carried out, it leaves nothing to plan."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.facts import Battery, BatteryHealth, DeviceFacts, InstalledApp, Namespace, Storage
from fleet.plan import Apk, Plan, plan
from fleet.policies import audit
from fleet.profile import Profile, WantedApp, WantedFile, WantedSetting
from fleet.steps import (
    DeleteSetting,
    DisablePackage,
    EnablePackage,
    InstallApp,
    PutFile,
    PutSetting,
    Reboot,
    SetLocale,
    SetTimezone,
    Step,
    StepState,
    UninstallForUser,
)

ONE, OTHER = "1" * 64, "2" * 64
CATALOGUE = {"com.wanted": Apk("/apks/wanted.apk", 12)}
PROFILE = Profile(
    name="école",
    version=4,
    settings=(
        WantedSetting(Namespace.SYSTEM, "screen_off_timeout", "600000"),
        WantedSetting(Namespace.GLOBAL, "http_proxy", ""),
    ),
    disabled=("com.off",),
    forbidden=("com.game",),
    apps=(WantedApp("com.wanted", 10),),
    locale="fr-FR",
    timezone="Europe/Paris",
    files=(WantedFile("/sdcard/a", "/here/a", ONE),),
    least_battery_percent=30,
)


def app(version: int | None = 10, enabled: bool | None = True) -> InstalledApp:
    return InstalledApp(version, "", "/data/app/base.apk", enabled, system=False)


GOOD = DeviceFacts(
    locale="fr-FR",
    timezone="Europe/Paris",
    settings={
        Namespace.SYSTEM: {"screen_off_timeout": "600000"},
        Namespace.GLOBAL: {},
        Namespace.SECURE: {},
    },
    packages={"com.wanted": app(), "com.off": app(enabled=False)},
    battery=Battery(80, charging=False, health=BatteryHealth.GOOD),
    storage=Storage(5 * 10**9, 20 * 10**9),
    files={"/sdcard/a": ONE},
)
BAD = DeviceFacts(
    locale="en-US",
    running_locale="en-US",
    timezone="Asia/Shanghai",
    settings={
        Namespace.SYSTEM: {"screen_off_timeout": "30000"},
        Namespace.GLOBAL: {"http_proxy": "10.0.0.1:8080"},
    },
    packages={"com.game": app(), "com.off": app()},
    battery=Battery(80, charging=False, health=BatteryHealth.GOOD),
    files={"/sdcard/a": OTHER},
)


def after(facts: DeviceFacts, step: Step) -> DeviceFacts:
    """The facts of a tablet that did what the step says."""
    packages = dict(facts.packages or {})
    settings = {name: values and dict(values) for name, values in facts.settings.items()}
    match step:
        case UninstallForUser(package):
            del packages[package]
        case InstallApp(package, version):
            enabled = packages[package].enabled if package in packages else True
            packages[package] = app(version, enabled)
        case EnablePackage(package):
            packages[package] = replace(packages[package], enabled=True)
        case DisablePackage(package):
            packages[package] = replace(packages[package], enabled=False)
        case PutSetting(namespace, key, value):
            settings[namespace] = {**(settings[namespace] or {}), key: value}
        case DeleteSetting(namespace, key):
            settings[namespace] = {k: v for k, v in (settings[namespace] or {}).items() if k != key}
        case PutFile(_, target, sha256):
            return replace(facts, files={**facts.files, target: sha256})
        case SetTimezone(timezone):
            return replace(facts, timezone=timezone)
        case SetLocale(locale):
            return replace(facts, locale=locale)
        case Reboot():
            return replace(facts, running_locale=facts.locale)
    return replace(
        facts, packages=packages if facts.packages is not None else None, settings=settings
    )


def codes(made: Plan) -> list[str]:
    return [note.code for note in made.notes]


def kinds(made: Plan) -> list[str]:
    return [step.kind for step in made.steps]


def test_everything_that_differs_becomes_a_step_in_the_right_order() -> None:
    made = plan(PROFILE, BAD, CATALOGUE)

    assert kinds(made) == [
        "uninstall",
        "install",
        "disable",
        "put_setting",
        "delete_setting",
        "put_file",
        "set_timezone",
        "set_locale",
        "reboot",
    ]
    assert made.notes == ()
    assert made.reboots


def test_each_step_says_what_was_found_and_what_is_wanted() -> None:
    made = plan(replace(PROFILE, locale=None), replace(GOOD, timezone="Asia/Shanghai"))

    (step,) = made.steps
    assert step.why.code == "why.timezone_differs"
    assert step.why.params == {"found": "Asia/Shanghai", "wanted": "Europe/Paris"}


def test_nothing_to_do_says_why() -> None:
    made = plan(PROFILE, GOOD)

    assert made.steps == ()
    (note,) = made.notes
    assert note.code == "plan.already_so"
    assert note.params == {"profile": "école-v4", "policies": 9}
    assert not made.reboots


def test_a_tablet_that_says_nothing_is_left_alone() -> None:
    made = plan(PROFILE, DeviceFacts(), CATALOGUE)

    assert made.steps == ()
    assert set(codes(made)) == {"plan.unknown"}
    assert len(made.notes) == len(audit(PROFILE, DeviceFacts()).verdicts)


def test_an_app_without_an_apk_is_a_note_and_blocks_nothing() -> None:
    made = plan(PROFILE, BAD)

    assert codes(made) == ["plan.no_apk"]
    assert "put_setting" in kinds(made)
    assert "install" not in kinds(made)


def test_an_apk_that_is_too_old_is_not_installed() -> None:
    made = plan(PROFILE, BAD, {"com.wanted": Apk("/apks/old.apk", 9)})

    assert codes(made) == ["plan.apk_too_old"]
    assert made.notes[0].params["version"] == 9


def test_an_app_that_is_recent_enough_is_not_updated_to_the_newest() -> None:
    assert plan(PROFILE, GOOD, CATALOGUE).steps == ()


@pytest.mark.parametrize(("version", "expected"), [(10, ["enable"]), (9, ["install", "enable"])])
def test_a_wanted_app_that_was_disabled_is_enabled(version: int, expected: list[str]) -> None:
    facts = replace(GOOD, packages={"com.wanted": app(version, enabled=False)})

    assert kinds(plan(PROFILE, facts, CATALOGUE)) == expected


def test_a_package_that_differs_by_case_is_a_slip_in_the_profile() -> None:
    made = plan(PROFILE, replace(GOOD, packages={"com.Wanted": app()}), CATALOGUE)

    assert made.steps == ()
    assert codes(made) == ["plan.package_case"]
    assert made.notes[0].params["found"] == "com.Wanted"


def test_a_language_that_waits_for_a_boot_only_reboots() -> None:
    made = plan(PROFILE, replace(GOOD, running_locale="en-US"))

    assert kinds(made) == ["reboot"]


def test_a_reboot_comes_last_and_only_when_the_language_changes() -> None:
    assert not plan(PROFILE, replace(BAD, locale="fr-FR", running_locale=None)).reboots
    assert kinds(plan(PROFILE, BAD))[-1] == "reboot"


def test_a_low_battery_is_for_a_person() -> None:
    low = Battery(3, charging=False, health=BatteryHealth.GOOD)
    made = plan(PROFILE, replace(GOOD, battery=low))

    assert made.steps == ()
    (note,) = made.notes
    assert note.code == "plan.by_hand"
    assert note.params["remedy"] == "remedy.charge"


def test_a_file_that_is_missing_and_one_that_differs_have_their_own_reasons() -> None:
    missing = plan(PROFILE, replace(GOOD, files={"/sdcard/a": ""})).steps[0]
    other = plan(PROFILE, replace(GOOD, files={"/sdcard/a": OTHER})).steps[0]

    assert (missing.why.code, other.why.code) == ("why.file_missing", "why.file_differs")


def test_a_plan_prints_its_steps_before_they_are_done() -> None:
    made = plan(PROFILE, replace(GOOD, timezone="Asia/Shanghai"))

    assert [outcome.state for outcome in made.outcomes()] == [StepState.PLANNED]
    assert made.to_json() == {
        "steps": [
            {
                "step": "set_timezone",
                "subject": "Europe/Paris",
                "state": "planned",
                "message": "why.timezone_differs",
                "detail": "",
            }
        ],
        "notes": [],
    }


names = st.sampled_from(["com.wanted", "com.Wanted", "com.off", "com.game", "com.other"])
apps = st.builds(
    app,
    st.none() | st.integers(1, 20),
    st.none() | st.booleans(),
)
values = st.sampled_from(["600000", "30000", "", "10.0.0.1:8080"])
namespaces = st.fixed_dictionaries(
    {
        name: st.none()
        | st.dictionaries(st.sampled_from(["screen_off_timeout", "http_proxy"]), values)
        for name in Namespace
    }
)
locales = st.sampled_from(["fr-FR", "en-US", "", None])
facts_of_any_tablet = st.builds(
    DeviceFacts,
    locale=locales,
    running_locale=locales,
    timezone=st.sampled_from(["Europe/Paris", "Asia/Shanghai", "", None]),
    settings=namespaces,
    packages=st.none() | st.dictionaries(names, apps),
    files=st.dictionaries(st.just("/sdcard/a"), st.sampled_from([ONE, OTHER, "", None])),
)


@given(facts_of_any_tablet, st.sampled_from([{}, CATALOGUE]))
def test_a_plan_carried_out_leaves_nothing_to_plan(
    facts: DeviceFacts, catalogue: dict[str, Apk]
) -> None:
    made = plan(PROFILE, facts, catalogue)
    for step in made.steps:
        facts = after(facts, step)

    assert plan(PROFILE, facts, catalogue).steps == ()


@given(facts_of_any_tablet, st.integers(0, 9))
def test_a_plan_cut_short_is_finished_by_the_next_one(facts: DeviceFacts, done: int) -> None:
    for step in plan(PROFILE, facts, CATALOGUE).steps[:done]:
        facts = after(facts, step)
    for step in plan(PROFILE, facts, CATALOGUE).steps:
        facts = after(facts, step)

    assert plan(PROFILE, facts, CATALOGUE).steps == ()


@given(facts_of_any_tablet)
def test_a_tablet_is_compliant_once_planned_with_everything_known(facts: DeviceFacts) -> None:
    for step in plan(PROFILE, facts, CATALOGUE).steps:
        facts = after(facts, step)
    report = audit(PROFILE, facts)
    known = all(
        verdict.ok is not None and verdict.remedy != "remedy.fix_package_case"
        for verdict in report.verdicts
        if verdict.critical
    )

    assert report.is_compliant == known


@given(facts_of_any_tablet)
def test_every_policy_that_is_broken_is_a_step_or_a_note(facts: DeviceFacts) -> None:
    made = plan(PROFILE, facts)
    broken = audit(PROFILE, facts).open_verdicts

    assert len(made.steps) + len(made.notes) >= len(broken)
