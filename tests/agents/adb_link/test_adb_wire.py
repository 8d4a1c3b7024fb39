"""Bytes on the wire: headers, sums, whole reads and whole writes however the network cuts them."""

import socket
from collections.abc import Iterator
from subprocess import run
from threading import Thread
from time import monotonic

import pytest
from adb_shell.adb_message import AdbMessage, checksum
from adb_shell.exceptions import (
    InvalidCommandError,
    InvalidResponseError,
    TcpTimeoutException,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.adb.address import Address, parse_address
from agents.adb.faults import ConnectionLost, Interrupted
from agents.adb.packet import Command, byte_sum, pack_header, parse_header
from agents.adb.transport import Shelf, TcpWire, read_packet, write_packet
from fleet.bridge import quote
from fleet.errors import InvalidInput

words = st.integers(0, 0xFFFFFFFF)


@pytest.fixture
def wire_and_peer() -> Iterator[tuple[TcpWire, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire = TcpWire("127.0.0.1", listener.getsockname()[1], lambda: False)
        wire.connect(5)
        peer, _ = listener.accept()
        with peer:
            yield wire, peer
            wire.close()


@given(command=st.sampled_from(Command), arg0=words, arg1=words, length=st.integers(0, 1 << 20))
def test_a_header_reads_back(command: Command, arg0: int, arg1: int, length: int) -> None:
    header = parse_header(pack_header(command, arg0, arg1, length, 7))
    assert (header.command, header.arg0, header.arg1) == (command, arg0, arg1)
    assert (header.length, header.checksum) == (length, 7)


@given(payload=st.binary(max_size=600))
def test_headers_and_sums_are_those_of_adb_shell(payload: bytes) -> None:
    assert byte_sum([payload]) == checksum(payload)
    assert byte_sum([payload, b"\x01"]) == checksum(payload) + 1
    ours = pack_header(Command.WRTE, 1, 2, len(payload), byte_sum([payload]))
    assert ours == AdbMessage(b"WRTE", 1, 2, payload).pack()


@given(raw=st.binary(min_size=24, max_size=24))
def test_noise_is_never_a_header(raw: bytes) -> None:
    with pytest.raises((InvalidCommandError, InvalidResponseError)):
        parse_header(raw)


@settings(max_examples=40, deadline=None)
@given(
    payloads=st.lists(st.binary(max_size=80), min_size=1, max_size=4),
    data=st.data(),
)
def test_packets_survive_any_cut(payloads: list[bytes], data: st.DataObject) -> None:
    raw = b"".join(
        pack_header(Command.WRTE, 1, number, len(payload), byte_sum([payload])) + payload
        for number, payload in enumerate(payloads)
    )
    cuts = data.draw(st.lists(st.integers(0, len(raw)), max_size=12).map(sorted))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire = TcpWire("127.0.0.1", listener.getsockname()[1], lambda: False)
        wire.connect(5)
        peer, _ = listener.accept()
    with peer:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def send() -> None:
            for start, stop in zip([0, *cuts], [*cuts, len(raw)], strict=True):
                peer.sendall(raw[start:stop])

        sender = Thread(target=send)
        sender.start()
        for number, payload in enumerate(payloads):
            packet = read_packet(
                wire, deadline=monotonic() + 5, max_payload=1 << 20, checked=True, shelf=Shelf()
            )
            assert (packet.arg1, bytes(packet.payload)) == (number, payload)
        sender.join()
        wire.close()


def test_a_write_larger_than_every_buffer_arrives_whole(
    wire_and_peer: tuple[TcpWire, socket.socket],
) -> None:
    wire, peer = wire_and_peer
    assert wire._connection is not None
    wire._connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
    parts = [bytes([number]) * 40_001 for number in range(20)]
    received = bytearray()

    def receive() -> None:
        while len(received) < 24 + 20 * 40_001:
            received.extend(peer.recv(65536))

    receiver = Thread(target=receive)
    receiver.start()
    write_packet(wire, Command.WRTE, 1, 2, *parts, checked=False, stall_s=10)
    receiver.join()
    assert bytes(received[24:]) == b"".join(parts)


def test_the_end_of_the_connection_is_an_error_at_once(
    wire_and_peer: tuple[TcpWire, socket.socket],
) -> None:
    wire, peer = wire_and_peer
    peer.sendall(b"half a hea")
    peer.shutdown(socket.SHUT_RDWR)
    with pytest.raises(ConnectionLost):
        wire.bulk_read(24, 30)


def test_waiting_ends_at_the_deadline_or_when_interrupted(
    wire_and_peer: tuple[TcpWire, socket.socket],
) -> None:
    wire, _ = wire_and_peer
    with pytest.raises(TcpTimeoutException):
        wire.bulk_read(1, 0.1)
    wire._interrupted = lambda: True
    with pytest.raises(Interrupted):
        wire.bulk_read(1, None)


def test_the_wire_is_tuned_for_round_trips(
    wire_and_peer: tuple[TcpWire, socket.socket],
) -> None:
    sock = wire_and_peer[0]._connection
    assert sock is not None
    assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("10.0.0.7", Address("10.0.0.7", 5555)),
        ("10.0.0.7:7000", Address("10.0.0.7", 7000)),
        ("tab-07.ecole.lan:1", Address("tab-07.ecole.lan", 1)),
        ("[::1]", Address("::1", 5555)),
        ("[fe80::1%eth0]:65535", Address("fe80::1%eth0", 65535)),
    ],
)
def test_an_address_is_read(text: str, address: Address) -> None:
    assert parse_address(text) == address
    assert parse_address(str(address)) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":5555",
        "host:",
        "host:0",
        "host:65536",
        "host:٣",
        "host: 1",
        "::1",
        "[::1",
        "[]:1",
        "[host]:1",
        "[::1]5555",
        "a b:1",
        "-host:1",
        "host\n",
        "http://host:1",
        "[::1]:1\n",
    ],
)
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_address(text)
    assert caught.value.code == "device.address"


@settings(max_examples=60, deadline=None)
@given(word=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_a_quoted_word_reaches_a_real_shell_unchanged(word: str) -> None:
    shell = run(["/bin/sh", "-c", f"printf %s {quote(word)}"], check=True, capture_output=True)
    assert shell.stdout == word.encode()
    nested = run(
        ["/bin/sh", "-c", f"sh -c {quote('printf %s ' + quote(word))}"],
        check=True,
        capture_output=True,
    )
    assert nested.stdout == word.encode()


def test_a_nul_byte_cannot_be_quoted() -> None:
    with pytest.raises(ValueError, match="NUL"):
        quote("a\0b")
