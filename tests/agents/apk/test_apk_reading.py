"""An APK says who it is; what is no APK is refused with a code."""

import hashlib
import io
import re
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.apk import read_apk
from fleet.errors import InvalidInput


def code_of(content: bytes) -> str:
    with pytest.raises(InvalidInput) as caught:
        read_apk(io.BytesIO(content))
    return caught.value.code


def code_or_none(content: bytes) -> str | None:
    try:
        read_apk(io.BytesIO(content))
    except InvalidInput as error:
        return error.code
    return None


def zipped(**entries: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("_", "."), content)
    return buffer.getvalue()


def test_a_real_apk_is_read_whole(make_apk: Any) -> None:
    apk = read_apk(
        make_apk(
            "fr.ecole.lecture",
            version_code=12,
            min_sdk=23,
            target_sdk=30,
            permissions=("android.permission.CAMERA", "android.permission.INTERNET"),
        )
    )
    assert (apk.package, apk.version_code, apk.version_name) == ("fr.ecole.lecture", 12, "1.12")
    assert (apk.min_sdk, apk.target_sdk) == (23, 30)
    assert apk.permissions == ("android.permission.CAMERA", "android.permission.INTERNET")
    assert apk.split is None
    assert apk.abis == frozenset()
    assert not apk.is_debuggable
    assert not apk.is_test_only


def test_flags_and_native_code_are_seen(make_apk: Any) -> None:
    apk = read_apk(
        make_apk(
            "fr.ecole.natif",
            application='android:debuggable="true" android:testOnly="true"',
            extra={"lib/arm64-v8a/libx.so": b"\x7fELF"},
        )
    )
    assert apk.is_debuggable
    assert apk.is_test_only
    assert apk.abis == {"arm64-v8a"}


@pytest.mark.parametrize("schemes", [(1, 2, 3), (1, 2), (1,), (2,), (3,)])
def test_the_signer_is_the_one_that_apksigner_names(
    schemes: tuple[int, ...], make_apk: Any, require_tool: Callable[[str], str]
) -> None:
    path = make_apk("fr.ecole.signe", schemes=schemes, min_sdk=28 if schemes == (3,) else 24)
    oldest = "21" if 1 in schemes else "28"
    printed = subprocess.run(
        [
            *(require_tool("apksigner"), "verify", "--min-sdk-version", oldest),
            *("--print-certs", str(path)),
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    ).stdout
    found = re.search(r"certificate SHA-256 digest: ([0-9a-f]{64})", printed)
    assert found is not None
    assert read_apk(path).signer_sha256 == found[1]


def test_an_unsigned_apk_has_no_signer(make_apk: Any) -> None:
    assert read_apk(make_apk("fr.ecole.nu", schemes=())).signer_sha256 is None


def test_two_keys_are_two_signers(make_apk: Any) -> None:
    first = read_apk(make_apk("fr.ecole.cles")).signer_sha256
    second = read_apk(make_apk("fr.ecole.cles", key="second")).signer_sha256
    assert first != second


def test_the_framework_is_read_although_it_is_large(require_tool: Callable[[str], str]) -> None:
    framework = Path("/usr/share/android-framework-res/framework-res.apk")
    if not framework.exists():
        require_tool(str(framework))
    assert read_apk(framework).package == "android"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "apk.not_an_apk"),
        (b"just text", "apk.not_an_apk"),
        (b"PK\x03\x04 and nothing behind", "apk.not_an_apk"),
        (zipped(readme_txt=b"a zip, but no APK"), "apk.not_an_apk"),
        (zipped(AndroidManifest_xml=b""), "apk.manifest_malformed"),
        (zipped(AndroidManifest_xml=b"<manifest package='x'/>"), "apk.manifest_malformed"),
        (zipped(AndroidManifest_xml=struct.pack("<HHI", 3, 8, 8)), "apk.manifest_malformed"),
        (zipped(AndroidManifest_xml=struct.pack("<HHI", 3, 8, 2**31)), "apk.manifest_malformed"),
    ],
)
def test_what_is_no_apk_is_refused(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_apk(tmp_path / "nothing.apk")
    assert caught.value.code == "apk.unreadable"
    assert caught.value.params["file"] == "nothing.apk"


def test_a_manifest_that_inflates_without_end_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("AndroidManifest.xml", bytes(64 * 1024 * 1024))
    assert code_of(buffer.getvalue()) == "apk.not_an_apk"


@given(st.binary(max_size=400))
@settings(max_examples=200)
def test_any_bytes_as_manifest_give_a_value_or_a_code(manifest: bytes) -> None:
    code = code_or_none(zipped(AndroidManifest_xml=b"\x03\x00\x08\x00" + manifest))
    assert code in (None, "apk.manifest_malformed")


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_apk_never_raises_anything_else(data: st.DataObject, make_apk: Any) -> None:
    content = bytearray(make_apk("fr.ecole.abime").read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    code = code_or_none(bytes(content[:cut] if data.draw(st.booleans()) else content))
    assert code in (None, "apk.not_an_apk", "apk.manifest_malformed")


def test_reading_does_not_change_the_file(make_apk: Any, tmp_path: Path) -> None:
    copy = tmp_path / "copie.apk"
    shutil.copyfile(make_apk(), copy)
    before = hashlib.sha256(copy.read_bytes()).digest()
    read_apk(copy)
    assert hashlib.sha256(copy.read_bytes()).digest() == before
