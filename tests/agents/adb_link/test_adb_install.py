"""Installing: the three ways in, and Android's words when it refuses."""

import os
import struct
from pathlib import Path

import pytest
from scripted_device import CLSE, OPEN, WRTE, Connect, DeviceEnd, Service

from agents.adb.bridge import Patience
from agents.adb.install import judge
from fleet.errors import DeviceError


def frame(kind: int, data: bytes) -> bytes:
    return struct.pack("<BI", kind, len(data)) + data


@pytest.fixture
def apk(tmp_path: Path) -> Path:
    path = tmp_path / "app.apk"
    path.write_bytes(os.urandom(2_500_000))
    return path


def answer(service: Service, text: bytes) -> None:
    service.say(text)
    service.close()
    service.expect_close()


def test_the_apk_is_streamed_to_the_package_service(connect: Connect, apk: Path) -> None:
    received = []

    def script(end: DeviceEnd) -> None:
        service = end.accept()
        assert service.name == "exec:cmd 'package' 'install' '-r' '-i' 'fr.école' '-S' '2500000'"
        received.append(service.hear(2_500_000))
        answer(service, b"Success\n")

    steps: list[tuple[int, int]] = []
    line = connect(script).install(
        apk, options=["-r", "-i", "fr.école"], progress=lambda *step: steps.append(step)
    )
    assert line == "Success"
    assert received == [apk.read_bytes()]
    assert steps[-1] == (2_500_000, 2_500_000)


def test_a_device_with_abb_gets_its_words_apart_by_nul(connect: Connect, apk: Path) -> None:
    def script(end: DeviceEnd) -> None:
        service = end.accept()
        assert service.name == "abb_exec:package\0install\0-S\x002500000"
        service.hear(2_500_000)
        answer(service, b"Success\n")

    assert connect(script, features="cmd,abb_exec").install(apk) == "Success"


def test_a_refused_abb_falls_back_to_exec(connect: Connect, apk: Path) -> None:
    def script(end: DeviceEnd) -> None:
        end.send(CLSE, 0, end.expect(OPEN).arg0)
        service = end.accept()
        assert service.name.startswith("exec:cmd")
        service.hear(2_500_000)
        answer(service, b"Success\n")

    assert connect(script, features="cmd,abb_exec").install(apk) == "Success"


def test_a_refusal_before_the_last_byte_stops_the_stream(connect: Connect, apk: Path) -> None:
    def script(end: DeviceEnd) -> None:
        service = end.accept()
        end.expect(WRTE)
        service.end.send(
            WRTE, service.ours, service.theirs, b"Failure [INSTALL_FAILED_INSUFFICIENT_STORAGE]\n"
        )
        service.close()
        service.expect_close()

    with pytest.raises(DeviceError) as caught:
        connect(script).install(apk)
    assert caught.value.code == "device.install_refused"
    assert caught.value.params["reason"] == "INSTALL_FAILED_INSUFFICIENT_STORAGE"


def test_a_device_before_android_7_installs_from_a_file_that_is_removed(
    connect: Connect, apk: Path
) -> None:
    commands = []

    def shell(end: DeviceEnd, text: bytes) -> None:
        service = end.accept()
        command, _, echo = service.name.rpartition("; echo ")
        commands.append(command)
        answer(service, text + echo.removesuffix("$?").encode() + b"0\r\n")

    def script(end: DeviceEnd) -> None:
        sync = end.accept()
        _, length = struct.unpack("<4sI", sync.hear(8))
        commands.append(sync.hear(length).decode())
        while sync.hear(4) == b"DATA":
            sync.hear(int.from_bytes(sync.hear(4), "little"))
        sync.hear(4)
        sync.say(b"OKAY\0\0\0\0")
        _, length = struct.unpack("<4sI", sync.hear(8))
        sync.hear(length)
        sync.say(struct.pack("<4s3I", b"STAT", 0o100644, 2_500_000, 1))
        sync.expect_close()
        shell(end, b"\tpkg: /data/local/tmp/x.apk\r\nSuccess\r\n")
        shell(end, b"")

    bridge = connect(script, version=0x01000000, features="", max_payload=4096)
    assert bridge.install(apk, options=["-r"]) == "Success"
    place = commands[0].partition(",")[0]
    assert place.startswith("/data/local/tmp/")
    assert commands[1] == f"shell:sh -c 'pm install '\\''-r'\\'' {place}'"
    assert commands[2] == f"shell:sh -c 'rm -f {place}'"


def test_a_package_service_that_never_answers_is_given_up(connect: Connect, apk: Path) -> None:
    def script(end: DeviceEnd) -> None:
        service = end.accept()
        service.hear(2_500_000)
        service.expect_close()

    with pytest.raises(DeviceError) as caught:
        connect(script, patience=Patience(install_s=0.2)).install(apk)
    assert caught.value.code == "device.timeout"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Success\n", "Success"),
        ("WARNING: linker: app_process has text relocations\r\nSuccess\r\n", "Success"),
        ("Success: streamed 12 bytes\n", "Success: streamed 12 bytes"),
    ],
)
def test_success_is_a_line_that_starts_with_it(text: str, line: str) -> None:
    assert judge(text, "a:1") == line


@pytest.mark.parametrize(
    ("text", "code", "reason", "detail"),
    [
        (
            "Failure [INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected: Update version code 1 "
            "is older than current 2]\n",
            "device.install_refused",
            "INSTALL_FAILED_VERSION_DOWNGRADE",
            "Downgrade detected: Update version code 1 is older than current 2",
        ),
        (
            "Failure [INSTALL_FAILED_TEST_ONLY]",
            "device.install_refused",
            "INSTALL_FAILED_TEST_ONLY",
            None,
        ),
        (
            "Failure [INSTALL_PARSE_FAILED_NOT_APK: two\nlines [of it]]\n",
            "device.install_refused",
            "INSTALL_PARSE_FAILED_NOT_APK",
            "two\nlines [of it]",
        ),
        (
            "cmd: Can't find service: package\n",
            "device.remote",
            "cmd: Can't find service: package",
            None,
        ),
        ("\n", "device.protocol", "no_answer", None),
        ("Unsuccessful: Success\n", "device.remote", "Unsuccessful: Success", None),
    ],
)
def test_everything_else_is_told_in_the_devices_words(
    text: str, code: str, reason: str, detail: str | None
) -> None:
    with pytest.raises(DeviceError) as caught:
        judge(text, "a:1")
    error = caught.value
    assert (error.code, error.params["reason"]) == (code, reason)
    assert error.params.get("detail") == detail
    assert error.params["device"] == "a:1"
