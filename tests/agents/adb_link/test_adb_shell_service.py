"""Commands on the device: exit codes, streams apart, odd cuts, old daemons."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_device import WRTE, Connect, DeviceEnd

from agents.adb.shell import Demultiplexer, split_marked
from fleet.bridge import ShellResult
from fleet.errors import DeviceError


def frame(kind: int, data: bytes) -> bytes:
    return struct.pack("<BI", kind, len(data)) + data


def test_output_error_and_exit_code_come_apart(connect: Connect) -> None:
    def script(end: DeviceEnd) -> None:
        service = end.accept()
        assert service.name == "shell,v2,raw:ls 'été'"
        service.say(frame(1, "été\n".encode()) + frame(2, b"ls: bad\n") + frame(3, b"\x02"))
        service.expect_close()

    assert connect(script).shell("ls 'été'") == ShellResult(2, "été\n", "ls: bad\n")


def test_the_command_reads_an_empty_input(connect: Connect) -> None:
    def script(end: DeviceEnd) -> None:
        service = end.accept()
        assert service.hear(5) == frame(4, b"")
        service.say(frame(3, b"\0"))
        service.expect_close()

    assert connect(script).shell("cat").code == 0


def test_frames_cut_anywhere_and_sent_byte_by_byte_are_put_together(connect: Connect) -> None:
    raw = frame(1, "ça va".encode()) + frame(2, b"") + frame(1, b"\xff") + frame(3, b"\x07")

    def script(end: DeviceEnd) -> None:
        service = end.accept()
        for position in range(len(raw)):
            service.say(raw[position : position + 1])
        service.expect_close()

    assert connect(script, dribble=True).shell("x") == ShellResult(7, "ça va\ufffd", "")


def test_a_device_that_hides_the_exit_code_is_an_error(connect: Connect) -> None:
    def script(end: DeviceEnd) -> None:
        service = end.accept()
        service.say(frame(1, b"half"))
        service.close()
        service.expect_close()

    with pytest.raises(DeviceError) as caught:
        connect(script).shell("x")
    assert caught.value.code == "device.protocol"
    assert caught.value.params["reason"] == "no_exit_code"


def test_a_command_out_of_time_is_closed_and_the_device_stays_usable(connect: Connect) -> None:
    def script(end: DeviceEnd) -> None:
        silent = end.accept()
        silent.hear(5)
        silent.expect_close()
        end.send(WRTE, silent.ours, silent.theirs, frame(1, b"late"))
        silent.close()
        silent.close()
        service = end.accept()
        service.say(frame(3, b"\0"))
        service.expect_close()

    bridge = connect(script)
    with pytest.raises(DeviceError) as caught:
        bridge.shell("sleep 100", timeout_s=0.2)
    assert caught.value.code == "device.timeout"
    assert caught.value.params["device"] == bridge.address
    assert bridge.shell("true").code == 0


def test_an_old_device_carries_the_exit_code_by_a_marker(connect: Connect) -> None:
    def script(end: DeviceEnd) -> None:
        service = end.accept()
        command, _, echo = service.name.rpartition("; echo ")
        assert command == "shell:sh -c 'ls /nowhere'"
        marker = echo.removesuffix("$?")
        service.say(b"ls: /nowhere: \xc3")
        service.say(b"\xa9\r\nno newline" + marker.encode()[:4])
        service.say(marker.encode()[4:] + b"12\r\n")
        service.close()
        service.expect_close()

    bridge = connect(script, version=0x01000000, max_payload=4096, features="")
    assert bridge.shell("ls /nowhere") == ShellResult(12, "ls: /nowhere: é\nno newline", "")


def test_an_endless_output_is_stopped(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.adb.shell.MAX_OUTPUT", 1000)

    def script(end: DeviceEnd) -> None:
        service = end.accept()
        service.say(frame(1, b"y\n" * 300))
        service.say(frame(1, b"y\n" * 300))
        service.expect_close()

    with pytest.raises(DeviceError) as caught:
        connect(script).shell("yes")
    assert caught.value.params["reason"] == "too_much_output"


def test_a_command_too_long_for_an_old_device_is_refused_before_sending(connect: Connect) -> None:
    bridge = connect(lambda end: None, version=0x01000000, max_payload=4096, features="")
    with pytest.raises(DeviceError) as caught:
        bridge.shell("x" * 5000)
    assert caught.value.params["reason"] == "command_too_long"


def test_a_nul_byte_is_no_command(connect: Connect) -> None:
    bridge = connect(lambda end: None)
    with pytest.raises(ValueError, match="NUL"):
        bridge.shell("a\0b")


@given(
    frames=st.lists(st.tuples(st.sampled_from([1, 2, 9]), st.binary(max_size=40)), max_size=8),
    code=st.integers(0, 255),
    data=st.data(),
)
def test_frames_survive_any_cut(
    frames: list[tuple[int, bytes]], code: int, data: st.DataObject
) -> None:
    raw = b"".join(frame(kind, body) for kind, body in frames) + frame(3, bytes([code]))
    cuts = data.draw(st.lists(st.integers(0, len(raw)), max_size=10).map(sorted))
    frames_in = Demultiplexer()
    for start, stop in zip([0, *cuts], [*cuts, len(raw)], strict=True):
        frames_in.feed(raw[start:stop])
    assert frames_in.out == b"".join(body for kind, body in frames if kind == 1)
    assert frames_in.err == b"".join(body for kind, body in frames if kind == 2)
    assert frames_in.code == code


@given(output=st.binary(), code=st.integers(0, 255), has_terminal=st.booleans())
def test_a_terminal_is_undone_exactly_and_only_where_there_was_one(
    output: bytes, code: int, has_terminal: bool
) -> None:
    raw = output + b"exit-0badcafe:%d\n" % code
    if has_terminal:
        raw = raw.replace(b"\n", b"\r\n")
    assert split_marked(raw, b"exit-0badcafe:") == (code, output)
