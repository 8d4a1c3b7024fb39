"""From verdicts to steps: what to change on one tablet, in which order and why.

Pure and idempotent: the plan of a tablet that already follows its profile is empty and says so.
What no step can mend (a low battery, an app without an APK, a fact that could not be read) becomes
a note, never a guess.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fleet.facts import DeviceFacts
from fleet.operation import Json
from fleet.policies import (
    Verdict,
    audit,
    judge_app,
    judge_disabled,
    judge_file,
    judge_forbidden,
    judge_locale,
    judge_setting,
    judge_timezone,
)
from fleet.profile import Profile
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
    StepOutcome,
    StepState,
    UninstallForUser,
    Word,
)


@dataclass(frozen=True, slots=True)
class Apk:
    """An application file of the catalogue."""

    path: str
    """On this machine."""
    version_code: int


Catalogue = Mapping[str, Apk]
"""Which file installs which package."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be done to one tablet, and what will not."""

    steps: tuple[Step, ...]
    notes: tuple[Word, ...]

    @property
    def reboots(self) -> bool:
        """The tablet will leave and come back."""
        return any(isinstance(step, Reboot) for step in self.steps)

    def outcomes(self) -> list[StepOutcome]:
        """Every step as *planned*, for a screen or a report before anything is changed."""
        return [
            StepOutcome(number, len(self.steps), step, StepState.PLANNED, step.why.code)
            for number, step in enumerate(self.steps, start=1)
        ]

    def to_json(self) -> dict[str, Json]:
        """As ``provision --plan`` prints it."""
        return {
            "steps": [outcome.to_json() for outcome in self.outcomes()],
            "notes": [note.to_json() for note in self.notes],
        }


def plan(profile: Profile, facts: DeviceFacts, catalogue: Catalogue | None = None) -> Plan:
    """The steps that bring a tablet to its profile, and notes on what they leave.

    Order: removals make room for installs, a reboot comes last. Notes: ``plan.already_so``,
    ``plan.unknown``, ``plan.by_hand``, ``plan.no_apk``, ``plan.apk_too_old``,
    ``plan.package_case``.
    """
    notes: list[Word] = []
    steps = [
        *_removals(profile, facts),
        *_apps(profile, facts, catalogue or {}, notes),
        *_disablings(profile, facts),
        *_settings(profile, facts),
        *_files(profile, facts),
        *_place(profile, facts),
    ]
    verdicts = audit(profile, facts).verdicts
    for verdict in verdicts:
        if verdict.ok is None:
            notes.append(Word("plan.unknown", {"policy": verdict.policy}))
        elif verdict.ok is False and not verdict.critical:
            notes.append(
                Word(
                    "plan.by_hand",
                    {
                        "policy": verdict.policy,
                        "found": verdict.found,
                        "wanted": verdict.wanted,
                        "remedy": verdict.remedy,
                    },
                )
            )
    if not steps and not notes:
        notes.append(Word("plan.already_so", {"profile": profile.label, "policies": len(verdicts)}))
    return Plan(tuple(steps), tuple(notes))


def _why(code: str, verdict: Verdict) -> Word:
    return Word(code, {"found": verdict.found, "wanted": verdict.wanted})


def _removals(profile: Profile, facts: DeviceFacts) -> Iterator[Step]:
    for package in profile.forbidden:
        verdict = judge_forbidden(package, facts)
        if verdict.ok is False:
            yield UninstallForUser(package, _why("why.forbidden", verdict))


def _apps(
    profile: Profile, facts: DeviceFacts, catalogue: Catalogue, notes: list[Word]
) -> Iterator[Step]:
    for wanted in profile.apps:
        verdict = judge_app(wanted, facts)
        if verdict.ok is not False:
            continue
        about = {"package": wanted.package, "found": verdict.found, "wanted": verdict.wanted}
        installed = (facts.packages or {}).get(wanted.package)
        if verdict.remedy == "remedy.fix_package_case":
            notes.append(Word("plan.package_case", about))
        elif verdict.remedy in ("remedy.install_app", "remedy.update_app"):
            apk = catalogue.get(wanted.package)
            if apk is None:
                notes.append(Word("plan.no_apk", about))
            elif apk.version_code < wanted.least_version_code:
                notes.append(Word("plan.apk_too_old", {**about, "version": apk.version_code}))
            else:
                code = "why.app_missing" if installed is None else "why.app_old"
                yield InstallApp(wanted.package, apk.version_code, apk.path, _why(code, verdict))
        # An update leaves an app disabled, so both steps may be due at once.
        if installed is not None and installed.enabled is False:
            yield EnablePackage(wanted.package, _why("why.app_disabled", verdict))


def _disablings(profile: Profile, facts: DeviceFacts) -> Iterator[Step]:
    for package in profile.disabled:
        verdict = judge_disabled(package, facts)
        if verdict.ok is False:
            yield DisablePackage(package, _why("why.app_enabled", verdict))


def _settings(profile: Profile, facts: DeviceFacts) -> Iterator[Step]:
    for wanted in profile.settings:
        verdict = judge_setting(wanted, facts)
        if verdict.ok is False:
            why = _why("why.setting_differs", verdict)
            if wanted.value:
                yield PutSetting(wanted.namespace, wanted.key, wanted.value, why)
            else:
                yield DeleteSetting(wanted.namespace, wanted.key, why)


def _files(profile: Profile, facts: DeviceFacts) -> Iterator[Step]:
    for wanted in profile.files:
        verdict = judge_file(wanted, facts)
        if verdict.ok is False and wanted.sha256 is not None:
            missing = facts.files.get(wanted.target) == ""
            code = "why.file_missing" if missing else "why.file_differs"
            yield PutFile(wanted.source, wanted.target, wanted.sha256, _why(code, verdict))


def _place(profile: Profile, facts: DeviceFacts) -> Iterator[Step]:
    if profile.timezone is not None:
        verdict = judge_timezone(profile.timezone, facts)
        if verdict.ok is False:
            yield SetTimezone(profile.timezone, _why("why.timezone_differs", verdict))
    if profile.locale is not None:
        verdict = judge_locale(profile.locale, facts)
        if verdict.ok is False:
            if verdict.remedy == "remedy.set_locale":
                yield SetLocale(profile.locale, _why("why.locale_differs", verdict))
            yield Reboot(_why("why.locale_needs_boot", verdict))
