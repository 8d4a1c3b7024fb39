"""The link and the virtual tablets, end to end: the path that the demo takes."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from agents.adb.bridge import AdbBridge, KeyStore, TcpLink
from agents.virtual import Farm, make_tablet, serve
from fleet.bridge import CancelToken, ShellResult, quote
from fleet.errors import DeviceError

MTIME = 1_700_000_000


@pytest.fixture
def farm() -> Iterator[Farm]:
    with serve([make_tablet(0)]) as farm:
        yield farm


@pytest.fixture
def bridge(farm: Farm, keys: KeyStore) -> Iterator[AdbBridge]:
    with closing(TcpLink(keys).connect(farm.addresses[0])) as bridge:
        yield bridge


def test_commands_end_with_their_output_and_their_code(farm: Farm, bridge: AdbBridge) -> None:
    serial = farm.tablets[0].serial
    assert bridge.shell("getprop ro.serialno") == ShellResult(0, f"{serial}\n", "")
    assert bridge.shell("echo été; echo bad >&2; exit 7") == ShellResult(7, "été\n", "bad\n")
    word = "a'b\"c $HOME `x` \\ \n*"
    assert bridge.shell(f"echo -n {quote(word)}").out == word
    assert bridge.shell("cat") == ShellResult(0, "", "")


def test_a_file_goes_there_and_comes_back(bridge: AdbBridge, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(os.urandom(2_345_678))
    os.utime(source, (MTIME, MTIME))
    assert bridge.push(source, "/sdcard/Download/é, à.bin") == 2_345_678
    kept = bridge.stat("/sdcard/Download/é, à.bin")
    assert kept is not None
    assert (kept.size, kept.mtime) == (2_345_678, MTIME)
    assert bridge.pull("/sdcard/Download/é, à.bin", tmp_path / "back") == 2_345_678
    assert (tmp_path / "back").read_bytes() == source.read_bytes()
    assert bridge.stat("/sdcard/none") is None


def test_the_tablet_says_why_it_refuses(bridge: AdbBridge, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(bytes(3_000_000))
    with pytest.raises(DeviceError) as pushed:
        bridge.push(source, "/system/x")
    assert pushed.value.code == "device.remote"
    with pytest.raises(DeviceError) as pulled:
        bridge.pull("/sdcard/none", tmp_path / "none")
    assert pulled.value.params["reason"] == "open failed: No such file or directory"
    with pytest.raises(DeviceError) as installed:
        bridge.install(source)
    assert installed.value.code == "device.install_refused"
    assert str(installed.value.params["reason"]).startswith("INSTALL_")
    assert bridge.shell("true").code == 0


def test_a_command_that_runs_too_long_is_left_behind(bridge: AdbBridge) -> None:
    with pytest.raises(DeviceError) as caught:
        bridge.shell("sleep 60", timeout_s=0.2)
    assert caught.value.code == "device.timeout"
    assert bridge.shell("echo next").out == "next\n"


def test_many_threads_share_one_bridge(bridge: AdbBridge, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(os.urandom(1_000_000))
    outputs: dict[int, str] = {}

    def run(number: int) -> None:
        if number % 4 == 0:
            bridge.push(source, f"/sdcard/{number}")
        outputs[number] = bridge.shell(f"echo {number}").out

    threads = [Thread(target=run, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outputs == {number: f"{number}\n" for number in range(16)}


def test_a_reboot_ends_what_runs_and_the_tablet_comes_back(
    farm: Farm, bridge: AdbBridge, keys: KeyStore
) -> None:
    errors: list[DeviceError] = []

    def wait() -> None:
        try:
            bridge.shell("sleep 60")
        except DeviceError as error:
            errors.append(error)

    waiting = Thread(target=wait)
    waiting.start()
    farm.tablets[0].reboot()
    waiting.join()
    assert [error.code for error in errors] == ["device.unplugged"]
    with closing(TcpLink(keys).connect(farm.addresses[0])) as again:
        assert again.shell("true").code == 0


def test_a_tablet_whose_user_must_allow_is_not_lost(tmp_path: Path) -> None:
    tablet = make_tablet(0)
    link = TcpLink(KeyStore(tmp_path))
    with serve([tablet], scenario="unauthorised") as farm:
        with pytest.raises(DeviceError) as caught:
            link.connect(farm.addresses[0], timeout_s=0.3)
        assert caught.value.code == "device.unauthorised"
        with closing(link.connect(farm.addresses[0], on_prompt=tablet.allow)) as bridge:
            assert bridge.shell("true").code == 0


def test_a_cable_pulled_in_a_push_is_told_and_the_next_push_succeeds(
    tmp_path: Path, keys: KeyStore
) -> None:
    source = tmp_path / "source"
    source.write_bytes(os.urandom(3_000_000))
    with serve([make_tablet(0)], scenario="pulled_mid_push") as farm:
        link = TcpLink(keys)
        with closing(link.connect(farm.addresses[0])) as bridge:
            with pytest.raises(DeviceError) as caught:
                bridge.push(source, "/sdcard/x")
            assert caught.value.code == "device.unplugged"
        with closing(link.connect(farm.addresses[0])) as bridge:
            assert bridge.push(source, "/sdcard/x") == 3_000_000


def test_a_full_storage_is_told_in_the_tablets_words(tmp_path: Path, keys: KeyStore) -> None:
    source = tmp_path / "source"
    source.write_bytes(bytes(3_000_000))
    with (
        serve([make_tablet(0)], scenario="storage_full") as farm,
        closing(TcpLink(keys).connect(farm.addresses[0])) as bridge,
        pytest.raises(DeviceError) as caught,
    ):
        bridge.push(source, "/sdcard/x")
    assert caught.value.code == "device.remote"
    assert "No space left on device" in str(caught.value.params["reason"])


def test_cancelling_ends_a_push(farm: Farm, keys: KeyStore, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(bytes(20_000_000))
    token = CancelToken()
    with (
        closing(TcpLink(keys).connect(farm.addresses[0], cancel=token)) as bridge,
        pytest.raises(DeviceError) as caught,
    ):
        bridge.push(source, "/sdcard/x", progress=lambda done, total: token.cancel())
    assert caught.value.code == "device.cancelled"
