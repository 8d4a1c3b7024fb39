"""Opening a connection: whom the device lets in, and what is said when it does not."""

import base64
import os
import socket
from contextlib import closing
from threading import Event, Thread
from time import monotonic

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils
from scripted_device import AUTH, CNXN, STLS, WRTE, Connect, DeviceEnd, Play, ScriptedDevice, packet

from agents.adb.bridge import KeyStore, Patience, TcpLink
from fleet.bridge import CancelToken
from fleet.errors import DeviceError, InvalidInput

TOKEN, SIGNATURE, PUBLIC_KEY = 1, 2, 3


def ask_for_signature(end: DeviceEnd) -> bytes:
    """Send a token and return the signature after checking what it signs."""
    end.expect(CNXN)
    end.send(AUTH, TOKEN, 0, os.urandom(20))
    answer = end.expect(AUTH)
    assert answer.arg0 == SIGNATURE
    return answer.payload


def ask_for_key(end: DeviceEnd) -> bytes:
    """Refuse the signature and return the public key that the host offers."""
    ask_for_signature(end)
    end.send(AUTH, TOKEN, 0, os.urandom(20))
    answer = end.expect(AUTH)
    assert answer.arg0 == PUBLIC_KEY
    return answer.payload


def failure(link: TcpLink, device: ScriptedDevice, **options: object) -> DeviceError:
    with pytest.raises(DeviceError) as caught:
        link.connect(device.address, **options)  # type: ignore[arg-type]
    assert caught.value.params["device"] == device.address
    return caught.value


@pytest.fixture
def link(keys: KeyStore) -> TcpLink:
    return TcpLink(keys)


def test_a_device_that_trusts_us_says_what_it_is(connect: Connect) -> None:
    banner = connect(lambda end: None).banner
    assert banner.state == "device"
    assert banner.properties["ro.product.model"] == "SM-T500"
    assert banner.features == {"shell_v2", "cmd", "stat_v2"}


def test_our_banner_names_true_features_and_ends_without_nul(play: Play, link: TcpLink) -> None:
    seen = []

    def script(end: DeviceEnd) -> None:
        end.greet()
        seen.append(end.greeting)

    link.connect(play(script).address).close()
    greeting = seen[0]
    assert greeting is not None
    assert (greeting.arg0, greeting.arg1) == (0x01000001, 1 << 20)
    assert greeting.payload.startswith(b"host::features=shell_v2,")
    assert not greeting.payload.endswith(b"\0")
    # A device of 0x01000000 verifies this sum before it has told its version.
    assert greeting.checksum == sum(greeting.payload)


def test_the_key_signs_the_token_that_the_device_drew(
    play: Play, link: TcpLink, keys: KeyStore
) -> None:
    private = serialization.load_pem_private_key(
        (keys.directory / "adbkey").read_bytes() if keys.pair() else b"", password=None
    )
    assert isinstance(private, rsa.RSAPrivateKey)

    def script(end: DeviceEnd) -> None:
        end.expect(CNXN)
        token = os.urandom(20)
        end.send(AUTH, TOKEN, 0, token)
        answer = end.expect(AUTH)
        private.public_key().verify(
            answer.payload, token, padding.PKCS1v15(), utils.Prehashed(hashes.SHA1())
        )
        end.accept_host()

    link.connect(play(script).address).close()


def test_a_prompt_is_announced_once_and_a_late_tap_is_enough(play: Play, link: TcpLink) -> None:
    prompted = Event()
    prompts = []
    offered = []

    def script(end: DeviceEnd) -> None:
        offered.append(ask_for_key(end))
        assert prompted.wait(5)
        end.accept_host()

    def on_prompt() -> None:
        prompts.append(1)
        prompted.set()

    link.connect(play(script).address, on_prompt=on_prompt).close()
    assert prompts == [1]
    key, _, name = offered[0].partition(b" ")
    assert len(base64.b64decode(key)) == 524
    assert name == b"ardoise\0"


def test_a_prompt_that_nobody_answers_is_not_a_dead_network(play: Play, link: TcpLink) -> None:
    def script(end: DeviceEnd) -> None:
        ask_for_key(end)
        assert end.sock.recv(1) == b""

    error = failure(link, play(script), timeout_s=0.4)
    assert (error.code, error.params["reason"]) == ("device.unauthorised", "unanswered")


def test_a_prompt_may_last_longer_than_a_device_may_be_silent(play: Play, keys: KeyStore) -> None:
    prompted = Event()
    released = Event()

    def script(end: DeviceEnd) -> None:
        ask_for_key(end)
        assert prompted.wait(5)
        assert not released.wait(0.6)
        end.accept_host()

    link = TcpLink(keys, patience=Patience(reach_s=0.3))
    link.connect(play(script).address, timeout_s=5, on_prompt=prompted.set).close()


@pytest.mark.parametrize("refusal", ["hangs up", "asks again"])
def test_a_person_who_refuses_leaves_us_unauthorised(
    play: Play, link: TcpLink, refusal: str
) -> None:
    def script(end: DeviceEnd) -> None:
        ask_for_key(end)
        if refusal == "hangs up":
            end.sock.shutdown(socket.SHUT_RDWR)
        else:
            end.send(AUTH, TOKEN, 0, os.urandom(20))

    error = failure(link, play(script))
    assert (error.code, error.params["reason"]) == ("device.unauthorised", "refused")


def test_the_wireless_debugging_port_is_told_apart(play: Play, link: TcpLink) -> None:
    def script(end: DeviceEnd) -> None:
        end.expect(CNXN)
        end.send(STLS, 0x01000000, 0)

    error = failure(link, play(script))
    assert (error.code, error.params["reason"]) == ("device.protocol", "stls")


def test_a_server_of_something_else_is_a_wrong_protocol(play: Play, link: TcpLink) -> None:
    error = failure(link, play(lambda end: end.send_raw(b"SSH-2.0-OpenSSH_9.2p1 Debian\r\n")))
    assert error.code == "device.protocol"


def test_an_absurd_length_is_refused_before_it_is_read(play: Play, link: TcpLink) -> None:
    def script(end: DeviceEnd) -> None:
        end.expect(CNXN)
        words = (CNXN, 0x01000001, 1 << 20, 0xFFFFFFF0, 0, CNXN ^ 0xFFFFFFFF)
        end.send_raw(b"".join(word.to_bytes(4, "little") for word in words))

    error = failure(link, play(script))
    assert (error.code, error.params["reason"]) == ("device.protocol", "payload_too_long")


def test_silence_after_the_connection_is_a_timeout(play: Play, link: TcpLink) -> None:
    def script(end: DeviceEnd) -> None:
        end.expect(CNXN)
        assert end.sock.recv(1) == b""

    assert failure(link, play(script), timeout_s=0.3).code == "device.timeout"


def test_a_port_that_nobody_listens_on_is_unreachable(link: TcpLink) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(DeviceError) as caught:
        link.connect(f"127.0.0.1:{port}")
    assert caught.value.code == "device.unreachable"
    assert caught.value.params == {"device": f"127.0.0.1:{port}", "reason": "ECONNREFUSED"}


def test_a_host_that_hangs_up_at_once_is_unreachable(play: Play, link: TcpLink) -> None:
    def script(end: DeviceEnd) -> None:
        end.expect(CNXN)
        end.sock.shutdown(socket.SHUT_RDWR)

    assert failure(link, play(script)).code == "device.unreachable"


def test_a_name_that_does_not_exist_is_unreachable(link: TcpLink) -> None:
    with pytest.raises(DeviceError) as caught:
        link.connect("nowhere.invalid", timeout_s=5)
    assert caught.value.code == "device.unreachable"
    assert caught.value.params["device"] == "nowhere.invalid:5555"


def test_nonsense_is_no_address(link: TcpLink) -> None:
    with pytest.raises(InvalidInput):
        link.connect("127.0.0.1:port")


@pytest.mark.parametrize("stage", ["silent", "prompt"])
def test_cancelling_ends_a_waiting_connect_within_a_second(
    play: Play, link: TcpLink, stage: str
) -> None:
    waiting = Event()
    token = CancelToken()

    def script(end: DeviceEnd) -> None:
        if stage == "prompt":
            ask_for_key(end)
        else:
            end.expect(CNXN)
        waiting.set()
        assert end.sock.recv(1) == b""

    device = play(script)
    fired = []

    def fire() -> None:
        assert waiting.wait(5)
        fired.append(monotonic())
        token.cancel()

    thread = Thread(target=fire)
    thread.start()
    assert failure(link, device, timeout_s=60, cancel=token).code == "device.cancelled"
    assert monotonic() - fired[0] < 1
    thread.join()


def test_cancelling_ends_a_connect_that_gets_no_answer_from_the_network(link: TcpLink) -> None:
    token = CancelToken()
    token.cancel()
    begun = monotonic()
    # A listener whose queue is full lets SYNs wait, as a firewall does.
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        with closing(socket.create_connection(address)), socket.socket() as second:
            second.setblocking(False)
            second.connect_ex(address)
            with pytest.raises(DeviceError) as caught:
                link.connect(f"127.0.0.1:{address[1]}", timeout_s=30, cancel=token)
    assert caught.value.code == "device.cancelled"
    assert monotonic() - begun < 2


def test_an_old_device_gets_and_gives_checksums(connect: Connect) -> None:
    def script(end: DeviceEnd) -> None:
        service = end.accept()  # the scripted device verifies what it receives
        service.say(b"exit")
        service.close()
        service.expect_close()

    bridge = connect(script, version=0x01000000, max_payload=4096, features="")
    with pytest.raises(DeviceError):
        bridge.shell("x")


def test_a_wrong_checksum_of_an_old_device_ends_the_connection(connect: Connect) -> None:
    def script(end: DeviceEnd) -> None:
        service = end.accept()
        end.send_raw(packet(WRTE, service.ours, service.theirs, b"ab", checksum=999))

    bridge = connect(script, version=0x01000000, max_payload=4096, features="")
    with pytest.raises(DeviceError) as caught:
        bridge.shell("x")
    assert caught.value.params["reason"] == "bad_checksum"


def test_a_failing_callback_leaves_no_socket_behind(play: Play, link: TcpLink) -> None:
    def script(end: DeviceEnd) -> None:
        ask_for_key(end)
        assert end.sock.recv(1) == b""

    def on_prompt() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        link.connect(play(script).address, on_prompt=on_prompt)


def test_a_closed_bridge_sends_nothing(connect: Connect) -> None:
    def script(end: DeviceEnd) -> None:
        assert end.sock.recv(1) == b""

    bridge = connect(script)
    bridge.close()
    bridge.close()
    with pytest.raises(DeviceError) as caught:
        bridge.shell("true")
    assert caught.value.code == "device.cancelled"
