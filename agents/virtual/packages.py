"""The packages of one virtual tablet: what is installed, for whom, in which state.

``PackageTable.install`` decides as Android's package service does and refuses in its words, with
the real manifest of the APK at hand. Sources: AOSP PackageManagerService and InstallPackageHelper.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from enum import Enum

from agents.apk import Apk

FIRST_APP_UID = 10_000
RUNTIME_PERMISSIONS = frozenset(
    f"android.permission.{name}"
    for name in (
        "ACCESS_COARSE_LOCATION",
        "ACCESS_FINE_LOCATION",
        "CALL_PHONE",
        "CAMERA",
        "GET_ACCOUNTS",
        "POST_NOTIFICATIONS",
        "READ_CALENDAR",
        "READ_CONTACTS",
        "READ_EXTERNAL_STORAGE",
        "READ_PHONE_STATE",
        "RECORD_AUDIO",
        "SEND_SMS",
        "WRITE_CALENDAR",
        "WRITE_CONTACTS",
        "WRITE_EXTERNAL_STORAGE",
    )
)
"""Those a person may grant or refuse (protection level *dangerous*)."""


class Enabled(Enum):
    """PackageManager's COMPONENT_ENABLED_STATE, with the shell's words."""

    DEFAULT = (0, "default")
    ENABLED = (1, "enabled")
    DISABLED = (2, "disabled")
    DISABLED_USER = (3, "disabled-user")
    DISABLED_UNTIL_USED = (4, "disabled-until-used")

    @property
    def number(self) -> int:
        return self.value[0]

    @property
    def word(self) -> str:
        return self.value[1]

    @property
    def is_off(self) -> bool:
        return self.number >= 2


@dataclass(slots=True)
class Package:
    """One package and its state for user 0."""

    name: str
    version_code: int
    version_name: str
    path: str
    """Of the base APK."""
    uid: int
    signer: str
    """SHA-256 of the signing certificate."""
    min_sdk: int = 21
    target_sdk: int = 30
    installer: str | None = None
    is_system: bool = False
    is_protected: bool = False
    """Android refuses to disable it: "Cannot disable a protected package"."""
    is_debuggable: bool = False
    is_installed: bool = True
    """False: a system package removed for the user, or data kept with ``uninstall -k``."""
    enabled: Enabled = Enabled.DEFAULT
    is_suspended: bool = False
    permissions: tuple[str, ...] = ()
    granted: set[str] = field(default_factory=set)
    splits: tuple[str, ...] = ()
    factory: "Package | None" = None
    """The version in the system image when an update hides it."""


class InstallRefused(Exception):
    """The package service said no; ``reason`` is its line between the brackets."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class InstallOptions:
    """The flags of ``pm install``."""

    may_replace: bool = True
    may_downgrade: bool = False
    grants_all: bool = False
    allows_test_only: bool = False
    installer: str | None = None


class PackageTable:
    """Packages by name, and the uids that were given out."""

    def __init__(self, serial: str, sdk: int, abis: tuple[str, ...]) -> None:
        self._serial = serial
        self._sdk = sdk
        self._abis = frozenset(abis)
        self._next_uid = FIRST_APP_UID + 50
        self._installs = 0
        self.by_name: dict[str, Package] = {}

    def add(self, package: Package) -> None:
        """Put a package there as the system image does."""
        self.by_name[package.name] = package

    def new_uid(self) -> int:
        self._next_uid += 1
        return self._next_uid

    def installed(self, name: str) -> Package | None:
        """The package if the user has it."""
        package = self.by_name.get(name)
        return package if package is not None and package.is_installed else None

    def check(self, apk: Apk, options: InstallOptions) -> None:
        """Raise ``InstallRefused`` when the package service would."""
        if apk.signer_sha256 is None:
            raise InstallRefused(
                "INSTALL_PARSE_FAILED_NO_CERTIFICATES: Failed to collect certificates from "
                f"{self.staging_path()}: Attempt to get length of null array"
            )
        if apk.min_sdk > self._sdk:
            raise InstallRefused(
                "INSTALL_FAILED_OLDER_SDK: Failed parse during installPackageLI: Requires newer "
                f"sdk version #{apk.min_sdk} (current version is #{self._sdk})"
            )
        if apk.is_test_only and not options.allows_test_only:
            raise InstallRefused("INSTALL_FAILED_TEST_ONLY: installPackageLI")
        if apk.abis and not apk.abis & self._abis:
            raise InstallRefused(
                "INSTALL_FAILED_NO_MATCHING_ABIS: Failed to extract native libraries, res=-113"
            )
        present = self.by_name.get(apk.package)
        if present is None:
            return
        if present.is_installed and not options.may_replace:
            raise InstallRefused(
                "INSTALL_FAILED_ALREADY_EXISTS: Attempt to re-install "
                f"{apk.package} without first uninstalling."
            )
        if present.signer != apk.signer_sha256:
            raise InstallRefused(
                f"INSTALL_FAILED_UPDATE_INCOMPATIBLE: Package {apk.package} signatures do not "
                "match previously installed version; ignoring!"
                if self._sdk < 31
                else f"INSTALL_FAILED_UPDATE_INCOMPATIBLE: Existing package {apk.package} "
                "signatures do not match newer version; ignoring!"
            )
        if apk.version_code < present.version_code and not (
            options.may_downgrade and present.is_debuggable
        ):
            raise InstallRefused(
                "INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected: Update version code "
                f"{apk.version_code} is older than current {present.version_code}"
            )

    def install(self, apk: Apk, options: InstallOptions, splits: tuple[str, ...] = ()) -> Package:
        """Enter an APK that ``check`` let pass; its path is where the file must be put."""
        old = self.by_name.get(apk.package)
        self._installs += 1
        package = Package(
            name=apk.package,
            version_code=apk.version_code,
            version_name=apk.version_name or "null",
            path=f"{self._code_path(apk.package)}/base.apk",
            uid=old.uid if old else self.new_uid(),
            signer=apk.signer_sha256 or "",
            min_sdk=apk.min_sdk,
            target_sdk=apk.target_sdk,
            installer=options.installer,
            is_system=bool(old and old.is_system),
            is_protected=bool(old and old.is_protected),
            is_debuggable=apk.is_debuggable,
            enabled=old.enabled if old else Enabled.DEFAULT,
            permissions=apk.permissions,
            granted=set(old.granted) & set(apk.permissions) if old else set(),
            splits=splits,
            factory=(old.factory or old) if old and old.is_system else None,
        )
        if options.grants_all:
            package.granted |= RUNTIME_PERMISSIONS & set(apk.permissions)
        self.by_name[apk.package] = package
        return package

    def staging_path(self) -> str:
        """Where a session's APK lies before it is judged."""
        return f"/data/app/vmdl{1_000_000_000 + self._installs * 7919}.tmp/base.apk"

    def _code_path(self, name: str) -> str:
        """Directories with 16 random bytes, drawn from the serial so that runs repeat."""
        if self._sdk < 30:
            return f"/data/app/{name}-{self._token(name)}"
        return f"/data/app/~~{self._token('~' + name)}/{name}-{self._token(name)}"

    def _token(self, name: str) -> str:
        seed = f"{self._serial}/{name}/{self._installs}".encode()
        return base64.urlsafe_b64encode(hashlib.sha256(seed).digest()[:16]).decode()
