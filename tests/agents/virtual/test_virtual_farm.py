"""A farm serves tablets on loopback ports and makes the same fleet every time."""

import socket
import threading
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tablet_shell import run_on

from agents.virtual import MODELS, SCENARIOS, make_tablet, serve
from agents.virtual.inodes import PosixError
from fleet.errors import DeviceError, InvalidInput


def test_each_tablet_has_a_port_of_its_own() -> None:
    with serve([make_tablet(n) for n in range(16)]) as farm:
        assert len(set(farm.addresses)) == 16
        assert all(address.startswith("127.0.0.1:") for address in farm.addresses)
        assert [one.serial for one in farm.tablets] == [make_tablet(n).serial for n in range(16)]


def test_ports_follow_the_base() -> None:
    tablets = [make_tablet(0), make_tablet(1)]
    # Below the range that systems hand out, and past what somebody else may be using.
    for base in range(20_011, 30_000, 97):
        try:
            farm = serve(tablets, base_port=base)
        except DeviceError:
            continue
        farm.stop()
        assert farm.addresses == [f"127.0.0.1:{base}", f"127.0.0.1:{base + 1}"]
        return
    pytest.fail("no two free ports in a row")


def test_a_port_in_use_is_named_and_nothing_is_served() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DeviceError) as caught:
            serve([make_tablet(0)], base_port=port)
    assert (caught.value.code, caught.value.params["port"]) == ("device.port_in_use", port)


@pytest.mark.parametrize("port", [-1, 65_535, 70_000])
def test_a_port_out_of_range_is_refused(port: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        serve([make_tablet(0), make_tablet(1)], base_port=port)
    assert caught.value.code == "virtual.port_out_of_range"


def test_an_unknown_scenario_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        serve([make_tablet(0)], scenario="earthquake")
    assert caught.value.code == "virtual.unknown_scenario"


def test_stopping_frees_ports_and_threads() -> None:
    before = threading.active_count()
    farm = serve([make_tablet(0)])
    host, _, port = farm.addresses[0].partition(":")
    with socket.create_connection((host, int(port))):
        farm.stop()
    farm.stop()
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)))


def test_three_tablets_may_share_a_serial() -> None:
    with serve([make_tablet(n) for n in range(4)], scenario="duplicate_serials") as farm:
        serials = [run_on(one, "getprop ro.serialno").out.strip() for one in farm.tablets]
    assert serials[:3] == ["0123456789ABCDEF"] * 3
    assert serials[3] == make_tablet(3).serial
    assert set(SCENARIOS) >= {"unauthorised", "pulled_mid_push", "storage_full"}


def test_the_same_index_gives_the_same_tablet() -> None:
    one, two = make_tablet(5), make_tablet(5)
    assert one.all_properties() == two.all_properties()
    assert one.settings == two.settings
    assert (one.mac, one.boot_id, one.battery) == (two.mac, two.boot_id, two.battery)
    script = "pm list packages -f -U -i --show-versioncode; ls -lR /sdcard/; df -k /data"
    assert run_on(one, script) == run_on(two, script)


def test_serials_and_addresses_are_unique() -> None:
    fleet = [make_tablet(n) for n in range(400)]
    assert len({one.serial for one in fleet}) == 400
    assert len({one.mac for one in fleet}) == 400


def test_drift_changes_every_tablet() -> None:
    for index in range(24):
        drifted, kept = make_tablet(index), make_tablet(index, drift=False)
        script = "settings list system; settings list global; settings list secure; getprop;"
        script += "pm list packages -d; pm list packages"
        assert run_on(drifted, script).out != run_on(kept, script).out


def test_models_span_android_9_to_14() -> None:
    assert {model.sdk for model in MODELS} == {28, 29, 30, 31, 33, 34}


def test_large_files_are_spooled_and_wiped(tmp_path: Any) -> None:
    tablet = make_tablet(0)
    run_on(tablet, "yes | head -c 3000000 > /sdcard/big; cp /sdcard/big /sdcard/copy")
    spool = tablet.spool_directory
    assert spool is not None
    assert len(list(spool.iterdir())) == 2
    run_on(tablet, "rm /sdcard/copy")
    assert len(list(spool.iterdir())) == 1
    tablet.factory_reset()
    assert not spool.exists()


def test_a_full_tablet_writes_no_more() -> None:
    tablet = make_tablet(0)
    tablet.fill_storage(1000)
    shown = run_on(tablet, "yes | head -c 5000 > /sdcard/big; echo $?; df -k /data | tail -n 1")
    assert "No space left on device" in shown.err
    assert tablet.files.free_bytes <= 1000


PIECES = [
    *"abc $\"'\\`();|&<>{}[]!*?#=~\n0 1",
    *("if ", "then ", "fi ", "for ", "in ", "do ", "done ", "while ", "case ", "esac ", "&&"),
    *("$(", "${", "$((", "))", "||", "2>&1", ">/dev/null", "x=", "$x", "\udcff", "\0", "é"),
    *("echo ", "printf ", "test ", "[ ", " ]", "cat ", "ls ", "grep ", "sed ", "pm ", "cut "),
    *("settings ", "list packages ", "-f ", "-n ", "-c", "9", "/sdcard/", "..", "%s", "\\x"),
    *("head ", "find ", "date ", "tr ", "cmd wifi ", "dumpsys ", "install -S "),
]
ALPHABET = st.sampled_from(PIECES)


@given(st.lists(ALPHABET, max_size=25).map("".join))
@settings(max_examples=400, deadline=None)
def test_no_text_breaks_the_shell(text: str) -> None:
    outcome = run_on(TABLET, text, b"some input\n")
    assert 0 <= outcome.code <= 255


TABLET = make_tablet(0)
PATHS = st.lists(
    st.sampled_from(["sdcard", "a", "b", "..", ".", "", "data", "local", "tmp"]), max_size=6
)


@given(st.lists(st.tuples(st.sampled_from("cmrv"), PATHS, PATHS), max_size=12))
@settings(max_examples=150, deadline=None)
def test_room_always_adds_up(changes: list[tuple[str, list[str], list[str]]]) -> None:
    tablet = make_tablet(1, drift=False)
    files = tablet.files
    empty = files.used_bytes
    for kind, first, second in changes:
        one, two = "/sdcard/" + "/".join(first), "/sdcard/" + "/".join(second)
        try:
            if kind == "c":
                writer = files.create(one)
                writer.write(b"x" * 100)
                writer.close()
            elif kind == "m":
                files.make_directories(one)
            elif kind == "r":
                files.remove(one, recursive=True)
            else:
                files.move(one, two)
        except PosixError:
            continue
    count = run_on(tablet, "find /sdcard/ /data/local/tmp -type f | wc -l").out
    assert files.used_bytes - empty == 100 * int(count)
