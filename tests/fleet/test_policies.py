"""A tablet is judged by what it says; what it does not say is unknown, never kept."""

from dataclasses import replace

import pytest

from fleet.facts import (
    Battery,
    BatteryHealth,
    DeviceFacts,
    InstalledApp,
    Namespace,
    Storage,
)
from fleet.policies import Verdict, audit
from fleet.profile import Profile, WantedApp, WantedFile, WantedSetting

ONE = "1" * 64
OTHER = "2" * 64
TIMEOUT = WantedSetting(Namespace.SYSTEM, "screen_off_timeout", "600000")
NO_PROXY = WantedSetting(Namespace.GLOBAL, "http_proxy", "")


def app(version: int | None = 10, enabled: bool | None = True) -> InstalledApp:
    return InstalledApp(version, "", "/data/app/base.apk", enabled, system=False)


def facts(**changes: object) -> DeviceFacts:
    good = DeviceFacts(
        locale="fr-FR",
        running_locale="fr-FR",
        timezone="Europe/Paris",
        security_patch="2021-11-01",
        settings={
            Namespace.SYSTEM: {"screen_off_timeout": "600000"},
            Namespace.GLOBAL: {},
            Namespace.SECURE: {},
        },
        packages={"com.wanted": app()},
        battery=Battery(80, charging=False, health=BatteryHealth.GOOD),
        storage=Storage(free_bytes=5_000_000_000, total_bytes=20_000_000_000),
        files={"/sdcard/a": ONE},
    )
    return replace(good, **changes)  # type: ignore[arg-type]


def profile(**parts: object) -> Profile:
    return Profile("école", 4, **parts)  # type: ignore[arg-type]


EVERYTHING = profile(
    settings=(TIMEOUT, NO_PROXY),
    disabled=("com.off",),
    forbidden=("com.game",),
    apps=(WantedApp("com.wanted", 10),),
    locale="fr-FR",
    timezone="Europe/Paris",
    files=(WantedFile("/sdcard/a", "a", ONE),),
    least_battery_percent=30,
    least_free_mb=1000,
    least_security_patch="2021-01-01",
)


def only(wanted: Profile, **changes: object) -> Verdict:
    (verdict,) = audit(wanted, facts(**changes)).verdicts
    return verdict


def judged(verdict: Verdict) -> tuple[bool | None, str | None, str | None]:
    return verdict.ok, verdict.found, verdict.remedy


def test_a_tablet_that_follows_its_profile_is_compliant() -> None:
    report = audit(EVERYTHING, facts())

    assert report.is_compliant
    assert report.open_verdicts == ()
    assert all(verdict.remedy is None for verdict in report.verdicts)
    assert report.profile == "école-v4"


def test_a_tablet_that_says_nothing_is_not_compliant_and_nothing_is_held_against_it() -> None:
    report = audit(EVERYTHING, DeviceFacts())

    assert not report.is_compliant
    assert {verdict.ok for verdict in report.verdicts} == {None}
    assert {verdict.found for verdict in report.verdicts} == {None}
    assert {verdict.remedy for verdict in report.verdicts} == {"remedy.read_again"}


def test_policies_have_names_that_do_not_repeat() -> None:
    names = [verdict.policy for verdict in audit(EVERYTHING, facts()).verdicts]

    assert len(names) == len(set(names))
    assert "setting.system.screen_off_timeout" in names


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"screen_off_timeout": "600000"}, (True, "600000", None)),
        ({"screen_off_timeout": "30000"}, (False, "30000", "remedy.settings_put")),
        ({}, (False, "absent", "remedy.settings_put")),
        (None, (None, None, "remedy.read_again")),
    ],
)
def test_a_setting_is_its_value(
    found: dict[str, str] | None, expected: tuple[bool | None, str | None, str | None]
) -> None:
    verdict = only(profile(settings=(TIMEOUT,)), settings={Namespace.SYSTEM: found})

    assert judged(verdict) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({}, (True, "absent", None)),
        ({"http_proxy": "10.0.0.1:8080"}, (False, "10.0.0.1:8080", "remedy.settings_delete")),
        (None, (None, None, "remedy.read_again")),
    ],
)
def test_a_setting_can_be_wanted_away(
    found: dict[str, str] | None, expected: tuple[bool | None, str | None, str | None]
) -> None:
    verdict = only(profile(settings=(NO_PROXY,)), settings={Namespace.GLOBAL: found})

    assert judged(verdict) == expected


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        ({}, (True, "absent", None)),
        ({"com.off": app(enabled=False)}, (True, "disabled", None)),
        ({"com.off": app(enabled=True)}, (False, "enabled", "remedy.disable_app")),
        ({"com.off": app(enabled=None)}, (None, None, "remedy.read_again")),
        (None, (None, None, "remedy.read_again")),
    ],
)
def test_a_disabled_app_may_also_be_missing(
    packages: dict[str, InstalledApp] | None,
    expected: tuple[bool | None, str | None, str | None],
) -> None:
    assert judged(only(profile(disabled=("com.off",)), packages=packages)) == expected


@pytest.mark.parametrize("enabled", [True, False, None])
def test_a_forbidden_app_is_forbidden_even_when_it_is_disabled(enabled: bool | None) -> None:
    verdict = only(profile(forbidden=("com.game",)), packages={"com.game": app(enabled=enabled)})

    assert judged(verdict) == (False, "present", "remedy.uninstall_app")


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        ({"com.wanted": app(10)}, (True, "10", None)),
        ({"com.wanted": app(11)}, (True, "11", None)),
        ({"com.wanted": app(9)}, (False, "9", "remedy.update_app")),
        ({"com.wanted": app(9, enabled=False)}, (False, "9", "remedy.update_app")),
        ({"com.wanted": app(10, enabled=False)}, (False, "disabled", "remedy.enable_app")),
        ({"com.wanted": app(None)}, (None, None, "remedy.read_again")),
        ({"com.wanted": app(10, enabled=None)}, (None, None, "remedy.read_again")),
        ({"com.other": app(10)}, (False, "absent", "remedy.install_app")),
        ({"com.Wanted": app(10)}, (False, "com.Wanted", "remedy.fix_package_case")),
        (None, (None, None, "remedy.read_again")),
    ],
)
def test_a_wanted_app_is_there_recent_and_enabled(
    packages: dict[str, InstalledApp] | None,
    expected: tuple[bool | None, str | None, str | None],
) -> None:
    verdict = only(profile(apps=(WantedApp("com.wanted", 10),)), packages=packages)

    assert judged(verdict) == expected


def test_an_app_wanted_in_any_version_needs_no_version_from_an_old_android() -> None:
    verdict = only(profile(apps=(WantedApp("com.wanted", 1),)), packages={"com.wanted": app(None)})

    assert judged(verdict) == (True, "present", None)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"/sdcard/a": ONE}, (True, ONE, None)),
        ({"/sdcard/a": OTHER}, (False, OTHER, "remedy.put_file")),
        ({"/sdcard/a": ""}, (False, "absent", "remedy.put_file")),
        ({"/sdcard/a": None}, (None, None, "remedy.read_again")),
        ({}, (None, None, "remedy.read_again")),
    ],
)
def test_a_file_is_its_content(
    files: dict[str, str | None], expected: tuple[bool | None, str | None, str | None]
) -> None:
    verdict = only(profile(files=(WantedFile("/sdcard/a", "a", ONE),)), files=files)

    assert judged(verdict) == expected


@pytest.mark.parametrize(
    ("chosen", "running", "expected"),
    [
        ("fr-FR", "fr-FR", (True, "fr-FR", None)),
        ("fr-FR", None, (True, "fr-FR", None)),
        ("fr-FR", "en-US", (False, "en-US", "remedy.reboot")),
        ("en-US", "en-US", (False, "en-US", "remedy.set_locale")),
        ("en-US", "fr-FR", (False, "en-US", "remedy.set_locale")),
        ("", None, (False, "absent", "remedy.set_locale")),
        (None, "fr-FR", (None, None, "remedy.read_again")),
    ],
)
def test_a_language_is_chosen_and_on_the_screen(
    chosen: str | None,
    running: str | None,
    expected: tuple[bool | None, str | None, str | None],
) -> None:
    verdict = only(profile(locale="fr-FR"), locale=chosen, running_locale=running)

    assert judged(verdict) == expected


@pytest.mark.parametrize(
    ("wanted", "changes", "expected"),
    [
        (
            profile(least_battery_percent=30),
            {"battery": Battery(29, charging=True, health=BatteryHealth.GOOD)},
            (False, "29", "remedy.charge"),
        ),
        (
            profile(least_free_mb=1000),
            {"storage": Storage(free_bytes=999_999_999, total_bytes=10**10)},
            (False, "999", "remedy.free_storage"),
        ),
        (
            profile(least_security_patch="2021-01-01"),
            {"security_patch": "2020-12-31"},
            (False, "2020-12-31", "remedy.system_update"),
        ),
        (
            profile(least_security_patch="2021-01-01"),
            {"security_patch": "January 2021"},
            (None, "January 2021", "remedy.read_again"),
        ),
    ],
)
def test_what_the_bench_cannot_mend_is_said_and_does_not_block(
    wanted: Profile,
    changes: dict[str, object],
    expected: tuple[bool | None, str | None, str | None],
) -> None:
    report = audit(wanted, facts(**changes))

    assert judged(report.verdicts[0]) == expected
    assert report.is_compliant
    assert report.open_verdicts == report.verdicts


def test_a_verdict_has_the_keys_of_the_contract() -> None:
    verdict = only(profile(timezone="Europe/Paris"), timezone="Asia/Shanghai")

    assert verdict.to_json() == {
        "policy": "timezone",
        "ok": False,
        "found": "Asia/Shanghai",
        "wanted": "Europe/Paris",
        "critical": True,
        "remedy": "remedy.set_timezone",
    }
