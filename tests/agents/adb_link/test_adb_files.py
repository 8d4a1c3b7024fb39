"""Files to and from the device: whole or not at all, and the device's own words when it refuses."""

import errno
import os
import socket
import stat
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_device import WRTE, Connect, DeviceEnd, Service

from agents.adb.bridge import Patience, RemoteFile
from agents.adb.sync import _frames
from fleet.errors import DeviceError, StorageError

MTIME = 1_700_000_000


def head(kind: bytes, number: int) -> bytes:
    return struct.pack("<4sI", kind, number)


def stat_2(size: int, *, mode: int = 0o100644, error: int = 0) -> bytes:
    return struct.pack("<4sI2Q4IQ3q", b"STA2", error, 1, 2, mode, 1, 0, 0, size, 0, MTIME, 0)


def take_request(service: Service, kind: bytes) -> bytes:
    found, length = struct.unpack("<4sI", service.hear(8))
    assert found == kind
    return service.hear(length)


def take_file(service: Service) -> tuple[bytes, bytes, int]:
    """Take a SEND to its end: name, content, time."""
    name = take_request(service, b"SEND")
    content = bytearray()
    while True:
        kind, number = struct.unpack("<4sI", service.hear(8))
        if kind == b"DONE":
            return name, bytes(content), number
        assert kind == b"DATA"
        assert number <= 65536
        content += service.hear(number)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.bin"
    path.write_bytes(os.urandom(3_000_001))
    os.utime(path, (MTIME, MTIME))
    return path


@pytest.mark.parametrize(
    "device",
    [
        {},
        {"features": "stat_v2,delayed_ack", "window": 1 << 20},
        {"max_payload": 256 * 1024},
        {"max_payload": 4096, "version": 0x01000000, "features": ""},
    ],
    ids=["modern", "delayed_ack", "Android 7", "2010s"],
)
def test_a_pushed_file_arrives_with_its_mode_and_time(
    connect: Connect, source: Path, device: dict[str, object]
) -> None:
    seen: list[tuple[bytes, bytes, int]] = []

    def script(end: DeviceEnd) -> None:
        service = end.accept()
        assert service.name == "sync:"
        seen.append(take_file(service))
        service.say(head(b"OKAY", 0))
        if "stat_v2" in end.features:
            assert take_request(service, b"STA2") == "/sdcard/é, à.bin".encode()
            service.say(stat_2(3_000_001))
        else:
            take_request(service, b"STAT")
            service.say(struct.pack("<4s3I", b"STAT", 0o100644, 3_000_001, MTIME))
        service.expect_close()

    steps: list[tuple[int, int]] = []
    sent = connect(script, **device).push(
        source, "/sdcard/é, à.bin", mode=0o755, progress=lambda *step: steps.append(step)
    )
    assert sent == 3_000_001
    assert seen == [(f"/sdcard/é, à.bin,{0o100755}".encode(), source.read_bytes(), MTIME)]
    assert steps == sorted(steps)
    assert steps[-1] == (3_000_001, 3_000_001)


def test_a_small_file_travels_in_one_payload(connect: Connect, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.write_bytes(b"abc")

    def script(end: DeviceEnd) -> None:
        service = end.accept()
        message = end.expect(WRTE)
        assert message.payload.startswith(
            head(b"SEND", 8) + b"/t,33188" + head(b"DATA", 3) + b"abc"
        )
        service.okay()
        service.say(head(b"OKAY", 0))
        take_request(service, b"STA2")
        service.say(stat_2(3))
        service.expect_close()

    assert connect(script).push(small, "/t") == 3


def test_an_empty_file_is_a_file(connect: Connect, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()

    def script(end: DeviceEnd) -> None:
        service = end.accept()
        assert take_file(service)[1] == b""
        service.say(head(b"OKAY", 0))
        take_request(service, b"STA2")
        service.say(stat_2(0))
        service.expect_close()

    assert connect(script).push(empty, "/t") == 0


@pytest.mark.parametrize("is_acknowledged", [True, False], ids=["acknowledged", "not"])
def test_a_refusal_in_the_middle_of_a_push_is_told_in_the_devices_words(
    connect: Connect, source: Path, is_acknowledged: bool
) -> None:
    reason = "couldn't create file: Permission denied"

    def script(end: DeviceEnd) -> None:
        service = end.accept()
        end.expect(WRTE)
        text = reason.encode()
        end.send(WRTE, service.ours, service.theirs, head(b"FAIL", len(text)) + text[:5])
        end.send(WRTE, service.ours, service.theirs, text[5:])
        if is_acknowledged:
            service.okay()
        service.expect_close()

    with pytest.raises(DeviceError) as caught:
        connect(script).push(source, "/system/x")
    assert (caught.value.code, caught.value.params["reason"]) == ("device.remote", reason)


def test_a_full_storage_is_told_after_the_last_byte(connect: Connect, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.write_bytes(b"abc")
    text = b"write failed: No space left on device"

    def script(end: DeviceEnd) -> None:
        service = end.accept()
        take_file(service)
        for byte in head(b"FAIL", len(text)) + text:
            service.say(bytes([byte]))
        service.expect_close()

    with pytest.raises(DeviceError) as caught:
        connect(script).push(small, "/sdcard/x")
    assert caught.value.params["reason"] == text.decode()


def test_a_device_that_kept_less_than_was_sent_is_caught(connect: Connect, source: Path) -> None:
    def script(end: DeviceEnd) -> None:
        service = end.accept()
        take_file(service)
        service.say(head(b"OKAY", 0))
        take_request(service, b"STA2")
        service.say(stat_2(3_000_000))
        service.expect_close()

    with pytest.raises(DeviceError) as caught:
        connect(script).push(source, "/sdcard/x")
    assert caught.value.params["reason"] == "size_differs"


def test_a_push_in_which_nothing_moves_is_given_up_and_closed(
    connect: Connect, source: Path
) -> None:
    def script(end: DeviceEnd) -> None:
        service = end.accept()
        end.expect(WRTE)
        service.expect_close()

    bridge = connect(script, patience=Patience(stall_s=0.2))
    with pytest.raises(DeviceError) as caught:
        bridge.push(source, "/sdcard/x")
    assert caught.value.code == "device.timeout"


def test_a_file_that_is_not_there_cannot_be_pushed(connect: Connect, tmp_path: Path) -> None:
    bridge = connect(lambda end: None)
    with pytest.raises(StorageError) as caught:
        bridge.push(tmp_path / "none", "/sdcard/x")
    assert (caught.value.code, caught.value.params["reason"]) == ("file.unreadable", "ENOENT")


def test_a_pulled_file_is_the_same_however_the_device_cuts_it(
    connect: Connect, tmp_path: Path
) -> None:
    content = os.urandom(150_000)
    answer = b"".join(
        head(b"DATA", len(content[at : at + 65536])) + content[at : at + 65536]
        for at in range(0, len(content), 65536)
    ) + head(b"DONE", 0)
    cuts = [1, 3, 8, 9, 70_000, 70_001, 131_080, 131_090, len(answer)]

    def script(end: DeviceEnd) -> None:
        service = end.accept()
        assert take_request(service, b"STA2") == b"/sdcard/x"
        service.say(stat_2(len(content)))
        assert take_request(service, b"RECV") == b"/sdcard/x"
        for start, stop in zip([0, *cuts], cuts, strict=False):
            service.say(answer[start:stop])
        service.expect_close()

    steps: list[tuple[int, int]] = []
    target = tmp_path / "x"
    target.write_bytes(b"what was there before")
    received = connect(script).pull("/sdcard/x", target, progress=lambda *step: steps.append(step))
    assert received == len(content)
    assert target.read_bytes() == content
    assert steps[-1] == (len(content), len(content))
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("ending", ["dies", "closes", "fails", "ends early"])
def test_a_pull_that_breaks_off_leaves_the_old_file_and_nothing_else(
    connect: Connect, tmp_path: Path, ending: str
) -> None:
    def script(end: DeviceEnd) -> None:
        service = end.accept()
        take_request(service, b"STA2")
        service.say(stat_2(1000))
        take_request(service, b"RECV")
        service.say(head(b"DATA", 500) + b"x" * 500)
        if ending == "dies":
            end.sock.shutdown(socket.SHUT_RDWR)
            return
        if ending == "closes":
            service.close()
        elif ending == "fails":
            service.say(head(b"FAIL", 4) + b"oops")
        else:
            service.say(head(b"DONE", 0))
        service.expect_close()

    target = tmp_path / "x"
    target.write_bytes(b"old")
    with pytest.raises(DeviceError) as caught:
        connect(script).pull("/sdcard/x", target)
    expected = {
        "dies": ("device.unplugged", "ECONNRESET"),
        "closes": ("device.protocol", "stream_closed"),
        "fails": ("device.remote", "oops"),
        "ends early": ("device.protocol", "size_differs"),
    }
    assert (caught.value.code, caught.value.params["reason"]) == expected[ending]
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_kernel_file_is_as_long_as_it_reads(connect: Connect, tmp_path: Path) -> None:
    def script(end: DeviceEnd) -> None:
        service = end.accept()
        take_request(service, b"STA2")
        service.say(stat_2(4096))
        take_request(service, b"RECV")
        service.say(head(b"DATA", 2) + b"1\n" + head(b"DONE", 0))
        service.expect_close()

    target = tmp_path / "online"
    assert connect(script).pull("/sys/devices/system/cpu/online", target) == 2


def test_a_folder_that_is_not_there_cannot_receive_a_pull(connect: Connect, tmp_path: Path) -> None:
    def script(end: DeviceEnd) -> None:
        service = end.accept()
        take_request(service, b"STA2")
        service.say(stat_2(4))
        service.expect_close()

    with pytest.raises(StorageError) as caught:
        connect(script).pull("/sdcard/x", tmp_path / "none" / "x")
    assert (caught.value.code, caught.value.params["reason"]) == ("file.unwritable", "ENOENT")


@pytest.mark.parametrize(
    ("features", "answer", "found"),
    [
        ("stat_v2", stat_2(7), RemoteFile(0o100644, 7, MTIME)),
        ("stat_v2", stat_2(0, mode=0, error=errno.ENOENT), None),
        ("", struct.pack("<4s3I", b"STAT", 0o40755, 1, 2), RemoteFile(0o40755, 1, 2)),
        ("", struct.pack("<4s3I", b"STAT", 0, 0, 0), None),
    ],
)
def test_a_path_is_described_or_absent(
    connect: Connect, features: str, answer: bytes, found: RemoteFile | None
) -> None:
    def script(end: DeviceEnd) -> None:
        service = end.accept()
        take_request(service, b"STA2" if features else b"STAT")
        service.say(answer)
        service.expect_close()

    assert connect(script, features=features).stat("/sdcard/x") == found


def test_a_path_that_may_not_be_seen_is_an_error(connect: Connect) -> None:
    def script(end: DeviceEnd) -> None:
        service = end.accept()
        take_request(service, b"STA2")
        service.say(stat_2(0, error=errno.EACCES))
        service.expect_close()

    with pytest.raises(DeviceError) as caught:
        connect(script).stat("/data/data/x")
    assert (caught.value.code, caught.value.params["reason"]) == ("device.remote", "EACCES")


@settings(max_examples=60)
@given(
    size=st.integers(0, 9000) | st.integers(65_000, 200_000),
    room=st.integers(1024, 8192) | st.sampled_from([256 * 1024, 1 << 20]),
    name=st.integers(1, 1000),
)
def test_any_file_is_cut_into_payloads_that_the_device_takes(
    tmp_path_factory: pytest.TempPathFactory, size: int, room: int, name: int
) -> None:
    path = tmp_path_factory.mktemp("cut") / "file"
    content = os.urandom(size)
    path.write_bytes(content)
    first = b"S" * name
    raw = bytearray()
    with path.open("rb") as file:
        for buffers, _ in _frames(file.fileno(), size, first, head(b"DONE", 5), room):
            assert sum(map(len, buffers)) <= room
            raw += b"".join(buffers)
    assert raw.startswith(first)
    del raw[:name]
    collected = bytearray()
    while True:
        kind, number = struct.unpack_from("<4sI", raw)
        del raw[:8]
        if kind == b"DONE":
            break
        assert 0 < number <= 65536
        collected += raw[:number]
        del raw[:number]
    assert not raw
    assert collected == content


def test_modes_are_those_of_a_plain_file() -> None:
    assert RemoteFile(stat.S_IFREG | 0o600, 0, 0).is_regular
    assert not RemoteFile(stat.S_IFDIR | 0o700, 0, 0).is_regular
