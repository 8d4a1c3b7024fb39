"""Judging a tablet: a profile and its facts in, one verdict per policy out.

A policy that cannot be read is neither kept nor broken: its verdict is unknown, and an unknown
critical policy is enough to withhold the word *compliant*. Nothing here changes a tablet; the
remedy of a verdict is a code, which ``fleet.plan`` or a person turns into a gesture.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fleet.facts import DeviceFacts, InstalledApp
from fleet.operation import Json
from fleet.profile import Profile, WantedApp, WantedFile, WantedSetting

ABSENT = "absent"
PRESENT = "present"
ENABLED = "enabled"
DISABLED = "disabled"
READ_AGAIN = "remedy.read_again"

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one policy says of one tablet."""

    policy: str
    """``setting.system.screen_off_timeout``, ``disabled.com.example`` …"""
    ok: bool | None
    """None: unknown."""
    found: str | None
    """A value as the tablet gave it, or one of the words of this module; None when unknown."""
    wanted: str
    critical: bool
    """A tablet that breaks it is not compliant; the others only ask for attention."""
    remedy: str | None
    """A code; None when the policy is kept."""

    def to_json(self) -> dict[str, Json]:
        """As the command line's contract wants it."""
        return {
            "policy": self.policy,
            "ok": self.ok,
            "found": self.found,
            "wanted": self.wanted,
            "critical": self.critical,
            "remedy": self.remedy,
        }


@dataclass(frozen=True, slots=True)
class Audit:
    """Every verdict of one reading."""

    profile: str
    """Label of the profile, with its version."""
    verdicts: tuple[Verdict, ...]

    @property
    def is_compliant(self) -> bool:
        """No critical policy is broken or unknown."""
        return all(verdict.ok is True for verdict in self.verdicts if verdict.critical)

    @property
    def open_verdicts(self) -> tuple[Verdict, ...]:
        """What is broken or unknown, critical or not."""
        return tuple(verdict for verdict in self.verdicts if verdict.ok is not True)

    def to_json(self) -> dict[str, Json]:
        """As the command line's contract wants it."""
        return {
            "profile": self.profile,
            "compliant": self.is_compliant,
            "verdicts": [verdict.to_json() for verdict in self.verdicts],
        }


def audit(profile: Profile, facts: DeviceFacts) -> Audit:
    """Judge a tablet by every policy that its profile states."""
    verdicts = [
        *(judge_forbidden(package, facts) for package in profile.forbidden),
        *(judge_app(app, facts) for app in profile.apps),
        *(judge_disabled(package, facts) for package in profile.disabled),
        *(judge_setting(setting, facts) for setting in profile.settings),
        *(judge_file(file, facts) for file in profile.files),
    ]
    if profile.timezone is not None:
        verdicts.append(judge_timezone(profile.timezone, facts))
    if profile.locale is not None:
        verdicts.append(judge_locale(profile.locale, facts))
    if profile.least_battery_percent is not None:
        verdicts.append(judge_battery(profile.least_battery_percent, facts))
    if profile.least_free_mb is not None:
        verdicts.append(judge_storage(profile.least_free_mb, facts))
    if profile.least_security_patch is not None:
        verdicts.append(judge_patch(profile.least_security_patch, facts))
    return Audit(profile.label, tuple(verdicts))


def judge_setting(wanted: WantedSetting, facts: DeviceFacts) -> Verdict:
    """A setting has its value, or is not set where the profile says so."""
    found = facts.setting(wanted.namespace, wanted.key)
    remedy = "remedy.settings_put" if wanted.value else "remedy.settings_delete"
    return _verdict(
        f"setting.{wanted.namespace}.{wanted.key}",
        None if found is None else found == wanted.value,
        _or_absent(found),
        wanted.value or ABSENT,
        remedy,
    )


def judge_disabled(package: str, facts: DeviceFacts) -> Verdict:
    """A package is disabled, or not there at all."""
    found = _presence(package, facts)
    ok = None if found is None else found in (DISABLED, ABSENT)
    return _verdict(f"disabled.{package}", ok, found, DISABLED, "remedy.disable_app")


def judge_forbidden(package: str, facts: DeviceFacts) -> Verdict:
    """A package is not there, not even disabled."""
    packages = facts.packages
    found = None if packages is None else (PRESENT if package in packages else ABSENT)
    ok = None if found is None else found == ABSENT
    return _verdict(f"forbidden.{package}", ok, found, ABSENT, "remedy.uninstall_app")


def judge_app(wanted: WantedApp, facts: DeviceFacts) -> Verdict:
    """An application is installed, recent enough and enabled."""
    policy, least = f"app.{wanted.package}", str(wanted.least_version_code)
    if facts.packages is None:
        return _verdict(policy, None, None, least, READ_AGAIN)
    app = facts.packages.get(wanted.package)
    if app is None:
        twin = _case_twin(wanted.package, facts.packages)
        remedy = "remedy.install_app" if twin is None else "remedy.fix_package_case"
        return _verdict(policy, False, twin or ABSENT, least, remedy)
    if app.version_code is not None and app.version_code < wanted.least_version_code:
        return _verdict(policy, False, str(app.version_code), least, "remedy.update_app")
    if app.enabled is False:
        return _verdict(policy, False, DISABLED, least, "remedy.enable_app")
    if app.enabled is None or (app.version_code is None and wanted.least_version_code > 1):
        return _verdict(policy, None, None, least, READ_AGAIN)
    return _verdict(policy, True, str(app.version_code or PRESENT), least, "")


def judge_file(wanted: WantedFile, facts: DeviceFacts) -> Verdict:
    """A file lies on the tablet with the content that it has here."""
    found = facts.files.get(wanted.target)
    ok = None if found is None or wanted.sha256 is None else found == wanted.sha256
    return _verdict(
        f"file.{wanted.target}", ok, _or_absent(found), wanted.sha256 or PRESENT, "remedy.put_file"
    )


def judge_timezone(wanted: str, facts: DeviceFacts) -> Verdict:
    """The time zone is the school's."""
    ok = None if facts.timezone is None else facts.timezone == wanted
    return _verdict("timezone", ok, _or_absent(facts.timezone), wanted, "remedy.set_timezone")


def judge_locale(wanted: str, facts: DeviceFacts) -> Verdict:
    """The language is chosen and, as far as the tablet tells, on the screen."""
    if facts.locale == wanted and facts.running_locale not in (wanted, None):
        return _verdict("locale", False, facts.running_locale, wanted, "remedy.reboot")
    ok = None if facts.locale is None else facts.locale == wanted
    return _verdict("locale", ok, _or_absent(facts.locale), wanted, "remedy.set_locale")


def judge_battery(least_percent: int, facts: DeviceFacts) -> Verdict:
    """The battery would last a lesson; it heals by itself in the cart, so it is not critical."""
    battery = facts.battery
    ok = None if battery is None else battery.level >= least_percent
    found = None if battery is None else str(battery.level)
    return _verdict("battery", ok, found, str(least_percent), "remedy.charge", critical=False)


def judge_storage(least_mb: int, facts: DeviceFacts) -> Verdict:
    """Enough room is left; what to delete is for a person to say, so it is not critical."""
    found = None if facts.storage is None else facts.storage.free_bytes // 1_000_000
    ok = None if found is None else found >= least_mb
    words = None if found is None else str(found)
    return _verdict("storage", ok, words, str(least_mb), "remedy.free_storage", critical=False)


def judge_patch(least: str, facts: DeviceFacts) -> Verdict:
    """The security patch is recent enough; only the maker can mend that: not critical."""
    found = facts.security_patch
    known = found is not None and _ISO_DAY.fullmatch(found) is not None
    ok = found >= least if found is not None and known else None
    return _verdict(
        "security_patch", ok, found or None, least, "remedy.system_update", critical=False
    )


def _verdict(
    policy: str,
    ok: bool | None,
    found: str | None,
    wanted: str,
    remedy: str,
    critical: bool = True,
) -> Verdict:
    given = {True: None, False: remedy, None: READ_AGAIN}[ok]
    return Verdict(policy, ok, found, wanted, critical, given)


def _or_absent(found: str | None) -> str | None:
    return ABSENT if found == "" else found


def _presence(package: str, facts: DeviceFacts) -> str | None:
    if facts.packages is None:
        return None
    app = facts.packages.get(package)
    if app is None:
        return ABSENT
    return {True: ENABLED, False: DISABLED, None: None}[app.enabled]


def _case_twin(package: str, packages: Mapping[str, InstalledApp]) -> str | None:
    """A package whose name differs by case only: nearly always a slip in the profile."""
    folded = package.casefold()
    return next((name for name in packages if name.casefold() == folded), None)
