"""Debian's official ``adb`` drives a virtual tablet as it drives a real one."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agents.virtual import Farm, VirtualTablet, make_tablet, serve


@pytest.fixture
def adb(adb_server: Any, farm: Farm) -> Iterator[Any]:
    """Bound to the farm's first tablet, connected and authorised."""
    address = farm.addresses[0]
    adb_server("connect", address)
    assert adb_server("-s", address, "wait-for-device").returncode == 0
    yield lambda *words, **more: adb_server("-s", address, *words, **more)
    adb_server("disconnect", address)


def test_it_lists_the_tablet_with_its_model(adb: Any, adb_server: Any, farm: Farm) -> None:
    listed = adb_server("devices", "-l").stdout
    (line,) = [one for one in listed.splitlines() if one.startswith(farm.addresses[0])]
    assert " device product:gta4lwifixx model:SM_T500 device:gta4lwifi" in line


def test_it_reads_the_serial(adb: Any, tablet: VirtualTablet) -> None:
    shown = adb("shell", "getprop", "ro.serialno")
    assert (shown.returncode, shown.stdout) == (0, f"{tablet.serial}\n")


def test_exit_codes_come_back(adb: Any) -> None:
    assert adb("shell", "false").returncode == 1
    assert adb("shell", "exit 42").returncode == 42
    assert adb("shell", "no-such-program").returncode == 127


def test_outputs_stay_apart(adb: Any) -> None:
    shown = adb("shell", "echo out; echo err >&2")
    assert (shown.stdout, shown.stderr) == ("out\n", "err\n")


def test_a_script_may_come_on_standard_input(adb: Any) -> None:
    shown = adb("shell", stdin=b"for i in 1 2; do\n  echo n$i\ndone\nexit 3\n")
    assert (shown.returncode, shown.stdout) == (3, "n1\nn2\n")


def test_input_reaches_the_command(adb: Any) -> None:
    content = os.urandom(300_000)
    shown = adb("shell", "wc -c", stdin=content)
    assert shown.stdout == "300000\n"


def test_a_terminal_gets_carriage_returns(adb: Any) -> None:
    assert adb("shell", "-t", "-t", "echo one; exit 4").returncode == 4


def test_exec_out_is_binary(adb: Any) -> None:
    assert adb("exec-out", "printf 'a\\nb'; echo err >&2").stdout == "a\nberr\n"


@pytest.mark.parametrize("size", [0, 1, 65_536, 5_000_000])
def test_a_file_goes_and_comes_back_the_same(size: int, adb: Any, tmp_path: Path) -> None:
    content = os.urandom(size)
    source, back = tmp_path / "aller é.bin", tmp_path / "retour.bin"
    source.write_bytes(content)
    os.utime(source, (1_700_000_000, 1_700_000_000))
    target = "/sdcard/Download/un fichier é.bin"
    assert adb("push", source, target).returncode == 0
    assert adb("shell", f"stat -c %Y '{target}'").stdout == "1700000000\n"
    assert adb("pull", target, back).returncode == 0
    assert back.read_bytes() == content


def test_a_folder_goes_and_comes_back(adb: Any, tmp_path: Path) -> None:
    folder = tmp_path / "classe"
    (folder / "sous").mkdir(parents=True)
    (folder / "un.txt").write_text("un")
    (folder / "sous" / "deux.txt").write_text("deux")
    assert adb("push", folder, "/sdcard/Documents/").returncode == 0
    assert adb("pull", "/sdcard/Documents/classe", tmp_path / "retour").returncode == 0
    assert (tmp_path / "retour" / "sous" / "deux.txt").read_text() == "deux"
    assert "un.txt" in adb("ls", "/sdcard/Documents/classe").stdout


def test_push_to_the_system_is_refused(adb: Any, tmp_path: Path) -> None:
    source = tmp_path / "intrus.bin"
    source.write_bytes(os.urandom(3_000_000))
    pushed = adb("push", source, "/system/intrus.bin")
    assert pushed.returncode != 0
    assert "remote couldn't create file: Permission denied" in pushed.stdout + pushed.stderr
    assert adb("shell", "echo alive").stdout == "alive\n"


def test_pull_of_nothing_is_refused(adb: Any, tmp_path: Path) -> None:
    pulled = adb("pull", "/sdcard/rien", tmp_path / "rien")
    assert pulled.returncode == 1
    assert "No such file or directory" in pulled.stdout + pulled.stderr


def test_a_real_apk_is_installed_and_removed(adb: Any, make_apk: Any) -> None:
    apk = make_apk("fr.ecole.lecture", version_code=7)
    installed = adb("install", apk)
    assert (installed.returncode, installed.stdout.splitlines()[-1]) == (0, "Success")
    assert "package:fr.ecole.lecture\n" in adb("shell", "pm list packages").stdout
    shown = adb("shell", "pm list packages --show-versioncode fr.ecole").stdout
    assert shown == "package:fr.ecole.lecture versionCode:7\n"
    path = adb("shell", "pm path fr.ecole.lecture").stdout.removeprefix("package:").strip()
    assert adb("exec-out", f"wc -c < {path}").stdout == f"{apk.stat().st_size}\n"
    removed = adb("uninstall", "fr.ecole.lecture")
    assert (removed.returncode, removed.stdout) == (0, "Success\n")
    assert "fr.ecole.lecture" not in adb("shell", "pm list packages").stdout


def test_every_way_of_installing_works(
    adb: Any, adb_server: Any, farm: Farm, make_apk: Any
) -> None:
    apk = make_apk("fr.ecole.lecture", version_code=7)
    assert adb("install", "--no-streaming", apk).returncode == 0
    old = farm.addresses[1]
    adb_server("connect", old)
    adb_server("-s", old, "wait-for-device")
    # Android 10 has no abb_exec, so the client takes exec:cmd package.
    assert adb_server("-s", old, "install", apk).returncode == 0
    assert adb_server("-s", old, "install-multiple", apk).returncode == 0
    adb_server("disconnect", old)


def test_a_text_is_no_apk(adb: Any, tmp_path: Path) -> None:
    text = tmp_path / "texte.apk"
    text.write_text("bonjour")
    refused = adb("install", text)
    assert refused.returncode == 1
    assert "Failure [INSTALL_PARSE_FAILED_NOT_APK" in refused.stdout + refused.stderr


def test_another_signer_is_refused(adb: Any, make_apk: Any) -> None:
    assert adb("install", make_apk("fr.ecole.cles")).returncode == 0
    refused = adb("install", make_apk("fr.ecole.cles", key="second"))
    assert refused.returncode == 1
    assert "INSTALL_FAILED_UPDATE_INCOMPATIBLE" in refused.stdout + refused.stderr


def test_an_unauthorised_host_waits_for_the_button(adb_server: Any) -> None:
    tablet = make_tablet(0)
    with serve([tablet], scenario="unauthorised") as farm:
        address = farm.addresses[0]
        adb_server("connect", address)
        assert "unauthorized" in adb_server("-s", address, "shell", "id").stderr
        tablet.allow()
        assert adb_server("-s", address, "wait-for-device").returncode == 0
        assert adb_server("-s", address, "shell", "whoami").stdout == "shell\n"
        adb_server("disconnect", address)


def test_a_reboot_drops_the_connection_and_changes_the_boot(
    adb: Any, tablet: VirtualTablet
) -> None:
    before = adb("shell", "cat /proc/sys/kernel/random/boot_id").stdout
    adb("shell", "settings put system system_locales es-ES")
    assert adb("shell", "getprop persist.sys.locale").stdout != "es-ES\n"
    adb("reboot")
    assert adb("wait-for-device").returncode == 0
    after = adb("shell", "cat /proc/sys/kernel/random/boot_id; getprop persist.sys.locale").stdout
    assert not after.startswith(before)
    assert after.endswith("es-ES\n")


def test_a_full_tablet_says_so(adb_server: Any, tmp_path: Path) -> None:
    source = tmp_path / "gros.bin"
    source.write_bytes(os.urandom(2_000_000))
    with serve([make_tablet(0)], scenario="storage_full") as farm:
        address = farm.addresses[0]
        adb_server("connect", address)
        adb_server("-s", address, "wait-for-device")
        pushed = adb_server("-s", address, "push", source, "/sdcard/gros.bin")
        assert pushed.returncode != 0
        assert "write failed: No space left on device" in pushed.stdout + pushed.stderr
        adb_server("disconnect", address)
