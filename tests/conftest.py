"""Fixtures for the whole suite: outside programs, real APKs built on the spot, a small city."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pytest
from small_city import City, add_pupils, add_schools, add_tablets

from db.store import SqlStore
from fleet.asset import Asset
from fleet.kinds import AssetKind
from fleet.persons import Person

FRAMEWORK = Path("/usr/share/android-framework-res/framework-res.apk")


def find_tool(name: str) -> str:
    """The path of a program; skips the test without it, or fails it in CI, where it must be."""
    found = shutil.which(name)
    if found is not None:
        return found
    reason = f"needs the program {name}"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}, which CI must install")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def require_tool() -> Callable[[str], str]:
    """Asks for a program by name and gives its path."""
    return find_tool


class MakeApk(Protocol):
    def __call__(
        self,
        package: str = "fr.ardoise.essai",
        *,
        version_code: int = 1,
        min_sdk: int = 21,
        target_sdk: int = 29,
        permissions: Sequence[str] = ("android.permission.CAMERA",),
        key: str = "first",
        schemes: Sequence[int] = (1, 2, 3),
        application: str = "",
        extra: dict[str, bytes] | None = None,
    ) -> Path: ...


@pytest.fixture(scope="session")
def make_apk(tmp_path_factory: pytest.TempPathFactory) -> MakeApk:
    """Builds and signs APKs with aapt, zipalign and apksigner; ``key`` names a signing key.

    ``schemes`` are the signature versions, none for an unsigned APK; ``extra`` are further entries.
    """
    for tool in ("aapt", "apksigner", "zipalign", "keytool"):
        find_tool(tool)
    if not FRAMEWORK.exists():
        find_tool(str(FRAMEWORK))
    folder = tmp_path_factory.mktemp("apks")

    def run(*command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, cwd=folder, timeout=120)

    def keystore(key: str) -> Path:
        path = folder / f"{key}.jks"
        if not path.exists():
            run(
                *("keytool", "-genkeypair", "-keystore", str(path), "-alias", "k"),
                *("-storepass", "essai-essai", "-keypass", "essai-essai", "-dname", f"CN={key}"),
                *("-keyalg", "RSA", "-keysize", "2048", "-validity", "30"),
            )
        return path

    built: dict[tuple[object, ...], Path] = {}

    def make(
        package: str = "fr.ardoise.essai",
        *,
        version_code: int = 1,
        min_sdk: int = 21,
        target_sdk: int = 29,
        permissions: Sequence[str] = ("android.permission.CAMERA",),
        key: str = "first",
        schemes: Sequence[int] = (1, 2, 3),
        application: str = "",
        extra: dict[str, bytes] | None = None,
    ) -> Path:
        wanted = (
            *(package, version_code, min_sdk, target_sdk, tuple(permissions), key),
            *(tuple(schemes), application, tuple(sorted((extra or {}).items()))),
        )
        if wanted in built:
            return built[wanted]
        work = folder / f"apk{len(built)}"
        work.mkdir()
        uses = "".join(f'<uses-permission android:name="{name}"/>' for name in permissions)
        manifest = work / "AndroidManifest.xml"
        manifest.write_text(
            '<manifest xmlns:android="http://schemas.android.com/apk/res/android" '
            f'package="{package}" android:versionCode="{version_code}" '
            f'android:versionName="1.{version_code}">'
            f'<uses-sdk android:minSdkVersion="{min_sdk}" android:targetSdkVersion="{target_sdk}"/>'
            f"{uses}<application {application}/></manifest>"
        )
        raw, aligned = work / "raw.apk", work / f"{package}-{version_code}.apk"
        run("aapt", "package", "-f", "-M", str(manifest), "-I", str(FRAMEWORK), "-F", str(raw))
        entries = work / "entries"
        for name, content in {"assets/lisez-moi.txt": b"bonjour\n", **(extra or {})}.items():
            (entries / name).parent.mkdir(parents=True, exist_ok=True)
            (entries / name).write_bytes(content)
            subprocess.run(
                ["aapt", "add", str(raw), name],
                check=True,
                capture_output=True,
                cwd=entries,
                timeout=120,
            )
        run("zipalign", "-f", "4", str(raw), str(aligned))
        if schemes:
            run(
                *("apksigner", "sign", "--ks", str(keystore(key)), "--ks-pass"),
                "pass:essai-essai",
                *(f"--v{one}-signing-enabled={str(one in schemes).lower()}" for one in (1, 2, 3)),
                str(aligned),
            )
        built[wanted] = aligned
        return aligned

    return make


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file without an operation, migrated once for every test that copies it."""
    path = tmp_path_factory.mktemp("empty") / "ardoise.sqlite3"
    City(path).close()
    return path


@pytest.fixture
def city(tmp_path: Path, empty_database: Path) -> Iterator[City]:
    """An empty database file with a clock that a test moves."""
    shutil.copy(empty_database, tmp_path / "ardoise.sqlite3")
    made = City(tmp_path / "ardoise.sqlite3", seed=2)
    yield made
    made.close()


@pytest.fixture
def store(city: City) -> SqlStore:
    return city.store


@pytest.fixture
def school(city: City) -> str:
    """UAI of the first of two schools."""
    return add_schools(city)


@pytest.fixture
def people(city: City, school: str) -> list[Person]:
    """Three pupils of one class."""
    return add_pupils(city)


@pytest.fixture
def cart(city: City, school: str) -> Asset:
    """An empty cart of 16 slots."""
    return city.receive(AssetKind.CART, name="M-01", capacity=16)


@pytest.fixture
def tablets(city: City, cart: Asset) -> list[Asset]:
    """Six tablets in the first slots of the cart."""
    return add_tablets(city, cart)
