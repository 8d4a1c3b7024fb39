"""The steps that bring a tablet to its profile, and what became of each.

A step is one change that can be repeated without harm and read back. It says what is wanted and
why; how it is done on a device is ``agents.adb.apply``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from fleet.errors import Param
from fleet.facts import Namespace
from fleet.operation import Json


@dataclass(frozen=True, slots=True)
class Word:
    """A code with what its sentence needs; ``tui`` words it."""

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)

    def to_json(self) -> dict[str, Json]:
        """As the command line prints it."""
        return {"code": self.code, "params": dict(self.params)}


@dataclass(frozen=True, slots=True)
class UninstallForUser:
    """Remove a forbidden package for user 0; one of the system image stays in the image."""

    kind: ClassVar[str] = "uninstall"
    package: str
    why: Word

    @property
    def subject(self) -> str:
        return self.package


@dataclass(frozen=True, slots=True)
class InstallApp:
    """Install or update a package from an APK of the catalogue."""

    kind: ClassVar[str] = "install"
    package: str
    version_code: int
    """Of the APK; the device must have this one or a later one afterwards."""
    apk: str
    """Path on this machine."""
    why: Word

    @property
    def subject(self) -> str:
        return self.package


@dataclass(frozen=True, slots=True)
class EnablePackage:
    """Enable a package that the profile wants and that somebody disabled."""

    kind: ClassVar[str] = "enable"
    package: str
    why: Word

    @property
    def subject(self) -> str:
        return self.package


@dataclass(frozen=True, slots=True)
class DisablePackage:
    """Disable a package for user 0: it stays installed and can be enabled again."""

    kind: ClassVar[str] = "disable"
    package: str
    why: Word

    @property
    def subject(self) -> str:
        return self.package


@dataclass(frozen=True, slots=True)
class PutSetting:
    """Write one setting."""

    kind: ClassVar[str] = "put_setting"
    namespace: Namespace
    key: str
    value: str
    why: Word

    @property
    def subject(self) -> str:
        return f"{self.namespace}/{self.key}"


@dataclass(frozen=True, slots=True)
class DeleteSetting:
    """Remove one setting, which is not the same as writing ``null`` into it."""

    kind: ClassVar[str] = "delete_setting"
    namespace: Namespace
    key: str
    why: Word

    @property
    def subject(self) -> str:
        return f"{self.namespace}/{self.key}"


@dataclass(frozen=True, slots=True)
class PutFile:
    """Copy a file to the tablet's shared storage."""

    kind: ClassVar[str] = "put_file"
    source: str
    """Path on this machine."""
    target: str
    sha256: str
    why: Word

    @property
    def subject(self) -> str:
        return self.target


@dataclass(frozen=True, slots=True)
class SetTimezone:
    """Set the time zone."""

    kind: ClassVar[str] = "set_timezone"
    timezone: str
    why: Word

    @property
    def subject(self) -> str:
        return self.timezone


@dataclass(frozen=True, slots=True)
class SetLocale:
    """Choose the language; Android shows it from the next boot on."""

    kind: ClassVar[str] = "set_locale"
    locale: str
    why: Word

    @property
    def subject(self) -> str:
        return self.locale


@dataclass(frozen=True, slots=True)
class Reboot:
    """Restart the tablet, last of all; who applies the plan connects again afterwards."""

    kind: ClassVar[str] = "reboot"
    why: Word

    @property
    def subject(self) -> str:
        return ""


Step = (
    UninstallForUser
    | InstallApp
    | EnablePackage
    | DisablePackage
    | PutSetting
    | DeleteSetting
    | PutFile
    | SetTimezone
    | SetLocale
    | Reboot
)


class StepState(StrEnum):
    """Where a step stands."""

    PLANNED = "planned"
    DOING = "doing"
    DONE = "done"
    """Done and read back."""
    SKIPPED = "skipped"
    """Nothing was left to do."""
    REFUSED = "refused"
    """The tablet said no, in words or by exit code."""
    FAILED = "failed"
    """It was sent, and what was read back is not what was wanted."""


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """What became of one step of a plan."""

    number: int
    """From 1."""
    total: int
    step: Step
    state: StepState
    message: str
    """A code: the step's reason before it is done, then what happened."""
    detail: str = ""
    """The tablet's own words, for the curious and for the log."""

    def to_json(self) -> dict[str, Json]:
        """As the command line's contract wants it."""
        return {
            "step": self.step.kind,
            "subject": self.step.subject,
            "state": self.state.value,
            "message": self.message,
            "detail": self.detail,
        }
