"""Many streams on one wire: order, flow control, late packets, death and cancellation."""

import socket
import struct
from threading import Barrier, Thread
from time import monotonic

import pytest
from scripted_device import CLSE, OKAY, OPEN, WRTE, Connect, DeviceEnd, Message, Service, packet

from agents.adb.bridge import AdbBridge, Patience
from fleet.bridge import CancelToken
from fleet.errors import DeviceError


def frame(kind: int, data: bytes) -> bytes:
    return struct.pack("<BI", kind, len(data)) + data


def done(service: Service) -> None:
    service.end.send(WRTE, service.ours, service.theirs, frame(3, b"\0"))


def in_threads(bridge: AdbBridge, count: int) -> tuple[list[Thread], list[str], list[DeviceError]]:
    """Run ``count`` shells at once; their outputs and their errors."""
    outputs: list[str] = []
    errors: list[DeviceError] = []

    def run(number: int) -> None:
        try:
            outputs.append(f"{number}={bridge.shell(str(number)).out}")
        except DeviceError as error:
            errors.append(error)

    threads = [Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    return threads, outputs, errors


def test_answers_out_of_order_reach_the_stream_they_belong_to(connect: Connect) -> None:
    count = 8

    def script(end: DeviceEnd) -> None:
        openings: list[Message] = []
        while len(openings) < count:
            message = end.receive()
            if message.command == OPEN:
                openings.append(message)
        for ours, opening in reversed(list(enumerate(openings, 1))):
            number = opening.payload.rstrip(b"\0").rpartition(b":")[2]
            end.send(OKAY, ours, opening.arg0)
            end.send(WRTE, ours, opening.arg0, frame(1, b"<" + number + b">") + frame(3, b"\0"))
            end.send(CLSE, ours, opening.arg0)
        closed: set[tuple[int, int]] = set()
        while len(closed) < count:
            message = end.receive()
            if message.command == CLSE:
                closed.add((message.arg0, message.arg1))
        assert closed == {(opening.arg0, ours) for ours, opening in enumerate(openings, 1)}

    threads, outputs, errors = in_threads(connect(script), count)
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(outputs) == [f"{number}=<{number}>" for number in range(count)]


def test_a_device_that_dies_wakes_every_stream(connect: Connect) -> None:
    count = 5
    barrier = Barrier(2)

    def script(end: DeviceEnd) -> None:
        for _ in range(count):
            opening = end.receive()
            while opening.command != OPEN:
                opening = end.receive()
            end.send(OKAY, 1000 + opening.arg0, opening.arg0)
        barrier.wait(5)
        end.sock.shutdown(socket.SHUT_RDWR)

    bridge = connect(script)
    threads, _, errors = in_threads(bridge, count)
    barrier.wait(5)
    begun = monotonic()
    for thread in threads:
        thread.join()
    assert monotonic() - begun < 1
    assert [error.code for error in errors] == ["device.unplugged"] * count
    assert {error.params["device"] for error in errors} == {bridge.address}
    with pytest.raises(DeviceError) as caught:
        bridge.shell("later")
    assert caught.value.code == "device.unplugged"


def test_what_a_dying_device_said_last_still_counts(connect: Connect) -> None:
    def script(end: DeviceEnd) -> None:
        service = end.accept()
        end.send(WRTE, service.ours, service.theirs, frame(1, b"bye") + frame(3, b"\0"))
        end.sock.shutdown(socket.SHUT_RDWR)

    assert connect(script).shell("reboot").out == "bye"


def test_cancelling_closes_the_stream_on_the_device_within_a_second(connect: Connect) -> None:
    token = CancelToken()
    barrier = Barrier(2)

    def script(end: DeviceEnd) -> None:
        service = end.accept()
        service.hear(5)
        barrier.wait(5)
        service.expect_close()

    threads, _, errors = in_threads(connect(script, cancel=token), 1)
    barrier.wait(5)
    begun = monotonic()
    token.cancel()
    threads[0].join()
    assert monotonic() - begun < 1
    assert [error.code for error in errors] == ["device.cancelled"]


def test_a_cancelled_bridge_opens_nothing_more(connect: Connect) -> None:
    token = CancelToken()
    bridge = connect(lambda end: None, cancel=token)
    token.cancel()
    with pytest.raises(DeviceError) as caught:
        bridge.shell("true")
    assert caught.value.code == "device.cancelled"


def test_a_service_that_opens_too_late_is_closed_on_the_device(connect: Connect) -> None:
    def script(end: DeviceEnd) -> None:
        slow = end.expect(OPEN)
        # The host has given up by the time it opens the next one.
        second = end.expect(OPEN)
        end.send(OKAY, 55, slow.arg0)
        closing = end.expect(CLSE)
        assert (closing.arg0, closing.arg1) == (slow.arg0, 55)
        end.send(CLSE, 55, slow.arg0)
        end.send(OKAY, 56, second.arg0)
        end.send(WRTE, 56, second.arg0, frame(3, b"\0"))
        while end.receive().command != CLSE:
            pass

    bridge = connect(script)
    with pytest.raises(DeviceError) as caught:
        bridge.shell("slow", timeout_s=0.2)
    assert caught.value.code == "device.timeout"
    assert bridge.shell("next").code == 0


@pytest.mark.parametrize("remote_id", [0, 77])
def test_a_refused_service_says_so_at_once(connect: Connect, remote_id: int) -> None:
    def script(end: DeviceEnd) -> None:
        opening = end.expect(OPEN)
        end.send(CLSE, remote_id, opening.arg0)

    with pytest.raises(DeviceError) as caught:
        connect(script).shell("x")
    assert caught.value.code == "device.protocol"
    assert caught.value.params["reason"] == "service_refused"


def test_packets_for_nobody_are_ignored(connect: Connect) -> None:
    def script(end: DeviceEnd) -> None:
        end.send(CLSE, 9, 4242)
        end.send(WRTE, 9, 4242, b"who?")
        end.send(OKAY, 9, 4242)
        service = end.accept()
        end.send(WRTE, 9999, service.theirs, frame(1, b"of another life"))
        end.send(CLSE, 9999, service.theirs)
        done(service)
        service.expect_close()
        service.close()
        service.close()
        second = end.accept()
        done(second)
        second.expect_close()

    bridge = connect(script)
    assert bridge.shell("true").out == ""
    assert bridge.shell("true").out == ""


def test_a_device_that_floods_a_stream_without_credit_is_cut_off(connect: Connect) -> None:
    def script(end: DeviceEnd) -> None:
        opening = end.expect(OPEN)
        end.send(OKAY, 1, opening.arg0)
        with pytest.raises(ConnectionError):
            end.send_raw(packet(WRTE, 1, opening.arg0, bytes(1 << 20)) * 64)

    bridge = connect(script)
    stream = bridge._connection.open("flood:", monotonic() + 5)
    stream.write(b"x", deadline=monotonic() + 5)
    with pytest.raises(DeviceError) as caught:
        stream.write(b"no OKAY came for the first", deadline=monotonic() + 5)
    assert caught.value.params["reason"] == "window_exceeded"


def test_a_packet_that_belongs_to_no_session_ends_it(connect: Connect) -> None:
    def script(end: DeviceEnd) -> None:
        end.expect(OPEN)
        end.send_raw(b"\0" * 24)

    with pytest.raises(DeviceError) as caught:
        connect(script).shell("true")
    assert caught.value.code == "device.protocol"


def test_a_device_that_takes_nothing_is_given_up(connect: Connect) -> None:
    def script(end: DeviceEnd) -> None:
        end.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        opening = end.expect(OPEN)
        end.send(OKAY, 1, opening.arg0, struct.pack("<i", 1 << 30))
        end_of_test.wait(10)

    end_of_test = Barrier(2)
    bridge = connect(script, patience=Patience(stall_s=0.3), features="delayed_ack")
    stream = bridge._connection.open("sink:", monotonic() + 5)

    def fill() -> None:
        for _ in range(64):
            stream.write(bytes(1 << 20), deadline=monotonic() + 5)

    with pytest.raises(DeviceError) as caught:
        fill()
    assert caught.value.code == "device.timeout"
    end_of_test.wait(10)


def test_cancelling_frees_a_thread_that_a_device_keeps_writing(connect: Connect) -> None:
    token = CancelToken()
    end_of_test = Barrier(2)

    def script(end: DeviceEnd) -> None:
        opening = end.expect(OPEN)
        end.send(OKAY, 1, opening.arg0, struct.pack("<i", 1 << 30))
        end_of_test.wait(10)

    bridge = connect(script, cancel=token, features="delayed_ack")
    stream = bridge._connection.open("sink:", monotonic() + 5)
    errors: list[DeviceError] = []

    def fill() -> None:
        try:
            for _ in range(64):
                stream.write(bytes(1 << 20), deadline=monotonic() + 30)
        except DeviceError as error:
            errors.append(error)

    writer = Thread(target=fill)
    writer.start()
    writer.join(0.3)
    assert writer.is_alive()
    begun = monotonic()
    token.cancel()
    writer.join()
    assert monotonic() - begun < 1
    assert [error.code for error in errors] == ["device.cancelled"]
    end_of_test.wait(10)


class TestDelayedAcknowledgements:
    """Both sides offer ``delayed_ack``: credit in bytes instead of one packet at a time."""

    def test_writing_goes_on_while_there_is_credit_and_then_waits(self, connect: Connect) -> None:
        def script(end: DeviceEnd) -> None:
            service = end.accept()
            assert service.window > 0
            for _ in range(3):
                end.expect(WRTE)
            service.okay(credit=-50)
            service.okay(credit=101)
            end.expect(WRTE)
            service.expect_close()

        bridge = connect(script, features="delayed_ack", window=250)
        with bridge._connection.open("sink:", monotonic() + 5) as stream:
            for _ in range(4):
                assert stream.write(b"x" * 100, deadline=monotonic() + 5)
            with pytest.raises(DeviceError) as caught:
                stream.write(b"x", deadline=monotonic() + 0.1)
            assert caught.value.code == "device.timeout"

    def test_what_is_read_is_credited_in_bytes(self, connect: Connect) -> None:
        block = bytes(1 << 20)

        def script(end: DeviceEnd) -> None:
            service = end.accept()
            left = service.window
            for _ in range(16):
                end.send(WRTE, service.ours, service.theirs, block)
                left -= len(block)
                while left <= 0:
                    left += struct.unpack("<i", end.expect(OKAY).payload)[0]
            service.close()
            service.expect_close()

        bridge = connect(script, features="delayed_ack", window=1 << 20)
        with bridge._connection.open("source:", monotonic() + 5) as stream:
            received = 0
            while (payload := stream.read(monotonic() + 5)) is not None:
                received += len(payload)
        assert received == 16 << 20

    def test_without_the_feature_no_window_is_announced(self, connect: Connect) -> None:
        def script(end: DeviceEnd) -> None:
            service = end.accept()
            assert service.window == 0
            done(service)
            service.expect_close()

        assert connect(script).shell("true").code == 0
