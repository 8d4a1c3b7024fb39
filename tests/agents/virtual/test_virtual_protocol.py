"""The wire, byte by byte: handshake, framing, acknowledgements, and what ends a connection."""

import base64
import contextlib
import logging
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA1
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.virtual import Farm, VirtualTablet, make_tablet, serve

DEADLINE_S = 10.0
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_blob(key: rsa.RSAPrivateKey) -> bytes:
    numbers = key.public_key().public_numbers()
    inverse = (-pow(numbers.n, -1, 2**32)) % 2**32
    blob = struct.pack("<II", 64, inverse) + numbers.n.to_bytes(256, "little")
    blob += pow(2**2048, 2, numbers.n).to_bytes(256, "little") + struct.pack("<I", numbers.e)
    return base64.b64encode(blob) + b" essai@hote\0"


class Host:
    """A client that does exactly what a test tells it."""

    def __init__(self, address: str, version: int = 0x01000001) -> None:
        host, _, port = address.rpartition(":")
        self.socket = socket.create_connection((host, int(port)), timeout=DEADLINE_S)
        self.version = version

    def send(
        self, command: bytes, arg0: int, arg1: int, payload: bytes = b"", check: int = -1
    ) -> None:
        word = int.from_bytes(command, "little")
        total = sum(payload) & 0xFFFFFFFF if check < 0 else check
        header = struct.pack("<6I", word, arg0, arg1, len(payload), total, word ^ 0xFFFFFFFF)
        self.socket.sendall(header + payload)

    def exactly(self, size: int) -> bytes:
        content = b""
        while len(content) < size:
            piece = self.socket.recv(size - len(content))
            if not piece:
                raise EOFError
            content += piece
        return content

    def receive(self) -> tuple[bytes, int, int, bytes]:
        command, arg0, arg1, size, check, _ = struct.unpack("<6I", self.exactly(24))
        payload = self.exactly(size)
        if self.version < 0x01000001:
            assert check == sum(payload) & 0xFFFFFFFF
        return command.to_bytes(4, "little"), arg0, arg1, payload

    def is_dropped(self) -> bool:
        try:
            while True:
                self.receive()
        except (EOFError, ConnectionError):
            return True

    def greet(self) -> bytes:
        self.send(b"CNXN", self.version, 1024 * 1024, b"host::\0")
        command, kind, _, token = self.receive()
        assert (command, kind, len(token)) == (b"AUTH", 1, 20)
        return token

    def log_in(self, key: rsa.RSAPrivateKey = KEY) -> bytes:
        """The whole handshake of a known or a new key; the banner."""
        self.sign(self.greet(), key)
        answer = self.receive()
        if answer[0] == b"AUTH":
            self.send(b"AUTH", 3, 0, public_blob(key))
            answer = self.receive()
        assert answer[0] == b"CNXN"
        assert answer[1:3] == (0x01000001, 1024 * 1024)
        return answer[3]

    def sign(self, token: bytes, key: rsa.RSAPrivateKey = KEY) -> None:
        self.send(b"AUTH", 2, 0, key.sign(token, PKCS1v15(), Prehashed(SHA1())))

    def open(self, service: bytes, local: int = 7) -> int:
        self.send(b"OPEN", local, 0, service + b"\0")
        command, remote, arg1, _ = self.receive()
        assert (command, arg1) == (b"OKAY", local)
        return remote

    def output(self, service: bytes, local: int = 7) -> bytes:
        """All that a service says until it closes."""
        remote = self.open(service, local)
        said = b""
        while True:
            command, _, arg1, payload = self.receive()
            assert arg1 == local
            if command == b"CLSE":
                self.send(b"CLSE", local, remote)
                return said
            if command == b"WRTE":
                said += payload
                self.send(b"OKAY", local, remote)


@contextmanager
def host_on(address: str, version: int = 0x01000001) -> Iterator[Host]:
    host = Host(address, version)
    try:
        yield host
    finally:
        host.socket.close()


@pytest.fixture
def host(farm: Farm) -> Iterator[Host]:
    with host_on(farm.addresses[0]) as connected:
        yield connected


def test_the_banner_names_the_tablet_and_ends_without_nul(host: Host) -> None:
    banner = host.log_in().decode()
    assert banner.startswith("device::ro.product.name=gta4lwifixx;ro.product.model=SM-T500;")
    features = banner.rpartition("features=")[2].split(",")
    assert {"shell_v2", "cmd", "stat_v2", "ls_v2", "abb_exec"} == set(features) - {
        "fixed_push_mkdir"
    }


def test_a_new_key_is_asked_for_and_then_known(farm: Farm, tablet: VirtualTablet) -> None:
    with host_on(farm.addresses[0]) as first:
        first.sign(first.greet())
        assert first.receive()[0] == b"AUTH"
        first.send(b"AUTH", 3, 0, public_blob(KEY))
        assert first.receive()[0] == b"CNXN"
    with host_on(farm.addresses[0]) as second:
        second.sign(second.greet())
        assert second.receive()[0] == b"CNXN"
    assert len(tablet.keys) == 1


def test_a_signature_over_another_token_is_not_enough(farm: Farm) -> None:
    with host_on(farm.addresses[0]) as first:
        first.log_in()
    with host_on(farm.addresses[0]) as second:
        second.greet()
        second.sign(bytes(20))
        assert second.receive()[:2] == (b"AUTH", 1)


def test_a_key_that_is_none_gets_silence(host: Host) -> None:
    host.greet()
    host.send(b"AUTH", 3, 0, b"bm90IGEga2V5 x@y\0")
    host.socket.settimeout(0.2)
    with pytest.raises(TimeoutError):
        host.receive()


def test_nothing_opens_before_the_handshake(host: Host) -> None:
    host.send(b"OPEN", 1, 0, b"shell:id\0")
    assert host.greet()


def test_allow_lets_the_waiting_host_in() -> None:
    tablet = make_tablet(0)
    with serve([tablet], scenario="unauthorised") as farm, host_on(farm.addresses[0]) as host:
        host.sign(host.greet())
        host.receive()
        host.send(b"AUTH", 3, 0, public_blob(KEY))
        host.socket.settimeout(0.2)
        with pytest.raises(TimeoutError):
            host.receive()
        host.socket.settimeout(DEADLINE_S)
        tablet.allow()
        assert host.receive()[0] == b"CNXN"


def test_an_old_host_gets_checksums_and_must_send_them(farm: Farm) -> None:
    with host_on(farm.addresses[0], version=0x01000000) as old:
        old.log_in()
        assert old.output(b"shell:echo hi") == b"hi\n"
        old.send(b"OPEN", 9, 0, b"shell:echo hi\0", check=1)
        assert old.is_dropped()


def test_an_unknown_service_is_closed(host: Host) -> None:
    host.log_in()
    host.send(b"OPEN", 7, 0, b"jdwp:1\0")
    assert host.receive()[:3] == (b"CLSE", 0, 7)


def test_services_run_side_by_side(host: Host) -> None:
    host.log_in()
    host.open(b"shell:sleep 60", local=1)
    assert host.output(b"shell:echo quick", local=2) == b"quick\n"


def test_closing_a_stream_ends_its_command(host: Host) -> None:
    host.log_in()
    remote = host.open(b"shell:sleep 60; echo late >/sdcard/late", local=1)
    host.send(b"CLSE", 1, remote)
    assert host.receive()[:3] == (b"CLSE", remote, 1)
    assert host.output(b"shell:ls /sdcard/late", local=2).endswith(b"No such file or directory\n")


def test_output_waits_for_each_okay(host: Host) -> None:
    host.log_in()
    remote = host.open(b"shell:echo one; sleep 0.05; echo two", local=1)
    assert host.receive()[3] == b"one\n"
    host.socket.settimeout(0.3)
    with pytest.raises(TimeoutError):
        host.receive()
    host.socket.settimeout(DEADLINE_S)
    host.send(b"OKAY", 1, remote)
    assert host.receive()[3] == b"two\n"


def test_a_second_write_before_the_okay_ends_the_connection(host: Host) -> None:
    host.log_in()
    remote = host.open(b"shell:sleep 60", local=1)
    host.send(b"WRTE", 1, remote, b"one")
    host.send(b"WRTE", 1, remote, b"two")
    assert host.is_dropped()


@pytest.mark.parametrize(
    "header",
    [
        b"GET / HTTP/1.1\r\nHost: tablet\r\n\r\n",
        struct.pack("<6I", 1, 2, 3, 0, 0, 4),
        struct.pack("<6I", 0x4E584E43, 0, 0, 2**31, 0, 0x4E584E43 ^ 0xFFFFFFFF),
    ],
)
def test_a_broken_header_ends_only_its_connection(header: bytes, farm: Farm) -> None:
    with host_on(farm.addresses[0]) as broken, host_on(farm.addresses[0]) as whole:
        whole.log_in()
        broken.socket.sendall(header)
        assert broken.is_dropped()
        assert whole.output(b"shell:echo alive") == b"alive\n"


def test_shell_v2_frames_both_outputs_and_the_exit_code(host: Host) -> None:
    host.log_in()
    said = host.output(b"shell,v2,raw:echo out; echo err >&2; exit 5")
    frames = []
    while said:
        kind, size = struct.unpack("<BI", said[:5])
        frames.append((kind, said[5 : 5 + size]))
        said = said[5 + size :]
    assert frames == [(1, b"out\n"), (2, b"err\n"), (3, b"\x05")]


def test_a_reboot_drops_every_connection(farm: Farm, tablet: VirtualTablet) -> None:
    with host_on(farm.addresses[0]) as one, host_on(farm.addresses[0]) as two:
        one.log_in()
        two.log_in()
        before = tablet.boot_id
        one.send(b"OPEN", 1, 0, b"reboot:\0")
        assert one.is_dropped()
        assert two.is_dropped()
        assert tablet.boot_id != before


def test_the_cable_is_pulled_once_in_the_middle_of_a_push() -> None:
    with serve([make_tablet(0)], scenario="pulled_mid_push") as farm:
        with host_on(farm.addresses[0]) as host:
            host.log_in()
            remote = host.open(b"sync:")
            path = b"/sdcard/half,33188"
            host.send(b"WRTE", 7, remote, b"SEND" + struct.pack("<I", len(path)) + path)
            assert host.receive()[0] == b"OKAY"
            data = b"DATA" + struct.pack("<I", 65536) + bytes(65536)
            acknowledged = 0
            with contextlib.suppress(EOFError, ConnectionError):
                while acknowledged < 20:
                    host.send(b"WRTE", 7, remote, data)
                    host.receive()
                    acknowledged += 1
            assert 0 < acknowledged < 10
        with host_on(farm.addresses[0]) as again:
            again.log_in()
            shown = again.output(b"shell:ls /sdcard/half")
            assert shown == b"ls: /sdcard/half: No such file or directory\n"


def sync(host: Host, request: bytes, size: int) -> bytes:
    remote = host.open(b"sync:")
    host.send(b"WRTE", 7, remote, request)
    said = b""
    while len(said) < size:
        command, _, _, payload = host.receive()
        if command == b"WRTE":
            said += payload
            host.send(b"OKAY", 7, remote)
    host.send(b"CLSE", 7, remote)
    return said


def named(kind: bytes, path: bytes) -> bytes:
    return kind + struct.pack("<I", len(path)) + path


def test_the_first_stat_of_nothing_is_zeros(host: Host) -> None:
    host.log_in()
    assert sync(host, named(b"STAT", b"/no"), 16) == b"STAT" + bytes(12)


def test_the_second_stat_tells_the_reason(host: Host) -> None:
    host.log_in()
    assert sync(host, named(b"STA2", b"/no"), 72) == b"STA2" + struct.pack("<I", 2) + bytes(64)


def test_data_after_a_failure_is_dropped_and_the_stream_goes_on(host: Host) -> None:
    host.log_in()
    data = b"DATA" + struct.pack("<I", 4) + b"abcd"
    push = named(b"SEND", b"/system/x,33188") + data * 3 + b"DONE" + struct.pack("<I", 5)
    said = sync(host, push + named(b"STAT", b"/sdcard/"), 8 + 39 + 16)
    reason = b"couldn't create file: Permission denied"
    assert said.startswith(b"FAIL" + struct.pack("<I", len(reason)) + reason + b"STAT")


def test_two_tablets_do_not_share_anything(farm: Farm) -> None:
    with host_on(farm.addresses[0]) as one, host_on(farm.addresses[1]) as two:
        one.log_in()
        two.log_in()
        one.output(b"shell:settings put system screen_off_timeout 1; echo x > /sdcard/x")
        assert two.output(b"shell:settings get system screen_off_timeout") != b"1\n"
        assert two.output(b"shell:ls /sdcard/x").endswith(b"No such file or directory\n")


packets = st.tuples(
    st.sampled_from([b"CNXN", b"AUTH", b"OPEN", b"OKAY", b"CLSE", b"WRTE", b"STLS", b"SYNC"]),
    st.integers(0, 3),
    st.integers(0, 3),
    st.one_of(
        st.binary(max_size=64),
        st.sampled_from([b"shell:\0", b"sync:\0", b"shell,v2,raw:cat\0", b"exec:cat\0", b"\0"]),
    ),
)


class Errors(logging.Handler):
    """Keeps what the server says went wrong inside it."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[str]:
    """The address of a tablet that must not log an error, whatever it is sent."""
    errors = Errors()
    logger = logging.getLogger("agents.virtual")
    logger.addHandler(errors)
    with serve([make_tablet(0)]) as served:
        yield served.addresses[0]
    logger.removeHandler(errors)
    assert not errors.records


def is_alive(address: str) -> bool:
    with host_on(address) as sane:
        sane.log_in()
        return sane.output(b"shell:echo alive") == b"alive\n"


@given(sequence=st.lists(packets, max_size=12), logs_in=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_packets_bring_the_tablet_down(
    sequence: list[tuple[bytes, int, int, bytes]], logs_in: bool, fuzzed: str
) -> None:
    with host_on(fuzzed) as wild:
        try:
            if logs_in:
                wild.log_in()
            for command, arg0, arg1, payload in sequence:
                wild.send(command, arg0, arg1, payload)
        except (EOFError, ConnectionError):
            pass
    assert is_alive(fuzzed)


requests = st.one_of(
    st.binary(max_size=80),
    st.builds(
        named,
        st.sampled_from([b"STAT", b"STA2", b"LST2", b"LIST", b"LIS2", b"SEND", b"RECV", b"QUIT"]),
        st.one_of(st.binary(max_size=30), st.sampled_from([b"/sdcard/f,33188", b"/", b"/l,41471"])),
    ),
    st.builds(named, st.sampled_from([b"DATA", b"DONE"]), st.binary(max_size=30)),
)


@given(pieces=st.lists(requests, max_size=6))
@settings(max_examples=80, deadline=None)
def test_no_sync_request_brings_the_tablet_down(pieces: list[bytes], fuzzed: str) -> None:
    with host_on(fuzzed) as wild:
        wild.log_in()
        remote = wild.open(b"sync:")
        for piece in pieces:
            wild.send(b"WRTE", 7, remote, piece)
            while (command := wild.receive()[0]) == b"WRTE":
                wild.send(b"OKAY", 7, remote)
            if command == b"CLSE":
                break
    assert is_alive(fuzzed)


def test_many_hosts_at_once_are_all_served(farm: Farm) -> None:
    began = time.monotonic()
    hosts = [Host(farm.addresses[0]) for _ in range(20)]
    for number, host in enumerate(hosts):
        host.log_in()
        host.open(b"shell:sleep 30", local=1)
        assert host.output(b"shell:echo %d" % number, local=2) == b"%d\n" % number
    for host in hosts:
        host.socket.close()
    assert time.monotonic() - began < 20
