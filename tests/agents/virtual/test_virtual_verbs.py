"""Verbs act on the tablet's state and refuse in a real device's words."""

import hashlib
import re
from typing import Any

import pytest
from tablet_shell import run_on

from agents.virtual import VirtualTablet, make_tablet
from agents.virtual.verbs import VERBS


def test_getprop_lists_and_asks(run: Any, tablet: VirtualTablet) -> None:
    assert run("getprop ro.serialno").out == f"{tablet.serial}\n"
    assert run("getprop no.such.key").out == "\n"
    assert run("getprop no.such.key fallback").out == "fallback\n"
    assert f"[ro.serialno]: [{tablet.serial}]\n" in run("getprop").out


@pytest.mark.parametrize("name", ["ro.serialno", "persist.sys.locale", "sys.boot_completed"])
def test_setprop_of_the_system_is_refused(name: str, run: Any) -> None:
    before = run(f"getprop {name}").out
    refused = run(f"setprop {name} x")
    assert (refused.code, refused.err) == (1, f"setprop: failed to set property '{name}' to 'x'\n")
    assert run(f"getprop {name}").out == before


def test_setprop_of_a_debug_key_works(run: Any) -> None:
    assert run("setprop debug.x 1; getprop debug.x").out == "1\n"


def test_settings_remember(run: Any) -> None:
    assert run("settings get system brand_new").out == "null\n"
    assert (
        run("settings put system brand_new 'a b=c'; settings get system brand_new").out == "a b=c\n"
    )
    assert "brand_new=a b=c\n" in run("settings list system").out
    assert run("settings delete system brand_new").out == "Deleted 1 rows\n"
    assert run("settings delete system brand_new").out == "Deleted 0 rows\n"
    assert run("settings put --user 0 secure k v; cmd settings get secure k").out == "v\n"


def test_settings_refuse_another_namespace(run: Any) -> None:
    refused = run("settings get elsewhere k")
    assert (refused.code, refused.err) == (255, "Invalid namespace 'elsewhere'\n")


def test_the_audits_one_round_trip(run: Any, tablet: VirtualTablet) -> None:
    commands = [
        "getprop",
        "settings list global",
        "settings list secure",
        "settings list system",
        "pm list packages -f -U -i --show-versioncode --user 0",
        "pm list packages -d",
        "pm list packages -s",
        "pm list users",
        "dumpsys battery",
        "df -k /data /sdcard",
        "cat /sys/class/net/wlan0/address",
        "cmd wifi status",
        "sha256sum /system/framework/framework-res.apk",
        "settings get global device_name",
    ]
    script = "\n".join(f"echo @@{n}; {command}; echo @@$?" for n, command in enumerate(commands))
    shown = run(script)
    answers = re.findall(r"@@(\d+)\n(.*?)@@(\d+)\n", shown.out, re.DOTALL)
    assert [(int(n), int(code)) for n, _, code in answers] == [(n, 0) for n in range(len(commands))]
    assert all(answer for _, answer, _ in answers[:5])
    row = re.compile(r"package:(/\S+\.apk)=([\w.]+) versionCode:(\d+)  installer=(\S+) uid:(\d+)")
    rows = answers[4][1].splitlines()
    assert len(rows) == sum(one.is_installed for one in tablet.packages.by_name.values())
    assert all(row.fullmatch(one) for one in rows)


def test_a_removed_system_app_comes_back(run: Any) -> None:
    name = "com.google.android.youtube"
    assert run(f"pm uninstall --user 0 {name}").out == "Success\n"
    assert run(f"pm list packages {name}").out == ""
    assert run(f"pm list packages -u {name}").out == f"package:{name}\n"
    again = run(f"pm uninstall --user 0 {name}")
    assert (again.code, again.out) == (1, "Failure [not installed for 0]\n")
    back = run(f"cmd package install-existing --user 0 {name}")
    assert back.out == f"Package {name} installed for user: 0\n"
    assert run(f"pm uninstall {name}").out == "Failure [DELETE_FAILED_INTERNAL_ERROR]\n"


def test_apps_are_disabled_and_enabled(run: Any) -> None:
    name = "com.google.android.apps.maps"
    assert (
        run(f"pm disable-user --user 0 {name}").out == f"Package {name} new state: disabled-user\n"
    )
    assert f"package:{name}\n" in run("pm list packages -d").out
    assert f"package:{name}\n" not in run("pm list packages -e").out
    assert run(f"pm enable --user 0 {name}").out == f"Package {name} new state: enabled\n"
    assert f"package:{name}\n" not in run("pm list packages -d").out


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (
            "pm disable com.android.chrome",
            "Shell cannot change component state for com.android.chrome",
        ),
        ("pm disable-user com.android.systemui", "Cannot disable a protected package: com.android"),
        ("pm enable com.nobody", "java.lang.IllegalArgumentException: Unknown package: com.nobody"),
        ("pm grant com.nobody android.permission.CAMERA", "Unknown package: com.nobody"),
        ("pm grant com.android.chrome x.y", "com.android.chrome has not requested permission x.y"),
        ("pm hide com.android.chrome", "android.permission.MANAGE_USERS"),
        ("cmd wifi start-scan", "Uid 2000 does not have access to start-scan wifi command"),
    ],
)
def test_what_the_shell_may_not_do_is_an_exception(command: str, words: str, run: Any) -> None:
    refused = run(command)
    assert refused.code == 255
    assert "Exception occurred while executing '" in refused.err
    assert words in refused.err


def test_permissions_are_granted_and_revoked(run: Any) -> None:
    camera = "android.permission.CAMERA"
    app = "com.sec.android.app.camera"
    assert run(f"pm grant {app} {camera}").code == 0
    assert f"{camera}: granted=true" in run(f"dumpsys package {app}").out
    assert run(f"pm revoke --user 0 {app} {camera}").code == 0
    assert f"{camera}: granted=false" in run(f"dumpsys package {app}").out


def test_apps_are_suspended(run: Any) -> None:
    assert run("pm suspend com.android.chrome").out.endswith("new suspended state: true\n")
    assert "suspended=true" in run("dumpsys package com.android.chrome").out
    assert run("pm unsuspend com.android.chrome").out.endswith("new suspended state: false\n")


def test_files_live_where_the_shell_may_write(run: Any) -> None:
    script = "mkdir -p /sdcard/a/b && echo hi > /sdcard/a/b/f && cat /storage/emulated/0/a/b/f"
    assert run(script).out == "hi\n"
    assert (
        run("cp -r /sdcard/a /data/local/tmp/c; mv /sdcard/a/b/f /sdcard/g; ls /sdcard/a/b").out
        == ""
    )
    assert run("cat /sdcard/g /data/local/tmp/c/b/f").out == "hi\nhi\n"
    assert run("rm -r /sdcard/a; ls /sdcard/a").code == 1
    assert (
        run("ln -s /sdcard/g /data/local/tmp/l && readlink /data/local/tmp/l").out == "/sdcard/g\n"
    )


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("ls /data/data", "ls: /data/data: Permission denied"),
        ("cat /system/build.prop", "cat: /system/build.prop: Permission denied"),
        ("touch /system/x", "touch: '/system/x': Permission denied"),
        ("mkdir /data/x", "mkdir: '/data/x': Permission denied"),
        ("rm /system/framework/framework-res.apk", "framework-res.apk: Permission denied"),
        ("cat /no", "cat: /no: No such file or directory"),
        ("cat /sdcard", "cat: /sdcard: Is a directory"),
        ("df /no", "df: '/no': No such file or directory"),
        ("ls -Q", "ls: Unknown option 'Q' (see \"ls --help\")"),
    ],
)
def test_files_elsewhere_are_refused(command: str, words: str, run: Any) -> None:
    refused = run(command)
    assert refused.code == 1
    assert words in refused.err


def test_sums_are_real(run: Any) -> None:
    content = bytes(range(256)) * 1000
    run("cat > /sdcard/f", content)
    assert (
        run("wc -c /sdcard/f; stat -c '%s %F' /sdcard/f").out
        == "256000 /sdcard/f\n256000 regular file\n"
    )
    assert run("sha256sum /sdcard/f").out == f"{hashlib.sha256(content).hexdigest()}  /sdcard/f\n"
    assert run("md5sum < /sdcard/f").out == f"{hashlib.md5(content).hexdigest()}  -\n"
    assert (
        run("base64 /sdcard/f | base64 -d | md5sum -b").out
        == f"{hashlib.md5(content).hexdigest()}\n"
    )


@pytest.mark.parametrize(
    ("command", "stdin", "out"),
    [
        ("grep b", "abc\nxyz\nb\n", "abc\nb\n"),
        ("grep -v b", "abc\nxyz\n", "xyz\n"),
        ("grep -c '^x'", "abc\nxyz\n", "1\n"),
        ("grep -E 'a|z'", "abc\nxyz\nq\n", "abc\nxyz\n"),
        ("grep -F 'a.c'", "abc\na.c\n", "a.c\n"),
        ("grep -o 'b[0-9]*'", "ab12c b3\n", "b12\nb3\n"),
        ("cut -d: -f2", "a:b:c\nnone\n", "b\nnone\n"),
        ("cut -c2-3", "abcd\n", "bc\n"),
        ("sed 's/a\\(.\\)/<\\1>/g'", "abac\n", "<b><c>\n"),
        ("sed -n '/x/p'", "a\nx\n", "x\n"),
        ("sed 2d", "a\nb\nc\n", "a\nc\n"),
        ("head -2", "a\nb\nc\n", "a\nb\n"),
        ("tail -n 2", "a\nb\nc\n", "b\nc\n"),
        ("tail -n +2", "a\nb\nc\n", "b\nc\n"),
        ("sort -u", "b\na\nb\n", "a\nb\n"),
        ("sort -n", "10\n9\n", "9\n10\n"),
        ("uniq -c", "a\na\nb\n", "      2 a\n      1 b\n"),
        ("tr a-c A-C", "abcd\n", "ABCd\n"),
        ("tr -d '\\n'", "a\nb\n", "ab"),
        ("xargs echo x", "a\nb\n", "x a b\n"),
        ("wc -l", "a\nb\n", "2\n"),
        ("tee /sdcard/t >/dev/null; cat /sdcard/t", "a\n", "a\n"),
    ],
)
def test_filters_filter(command: str, stdin: str, out: str, run: Any) -> None:
    assert run(command, stdin.encode()).out == out


def test_the_time_zone_is_set(run: Any) -> None:
    run("cmd alarm set-timezone America/Cayenne")
    assert run("getprop persist.sys.timezone; date -d @0 +%H:%M").out == "America/Cayenne\n21:00\n"


def test_a_locale_waits_for_the_reboot(run: Any, tablet: VirtualTablet) -> None:
    run("settings put system system_locales fr-CA")
    assert run("getprop persist.sys.locale").out != "fr-CA\n"
    boot = run("cat /proc/sys/kernel/random/boot_id").out
    tablet.reboot()
    assert run("getprop persist.sys.locale").out == "fr-CA\n"
    assert run("cat /proc/sys/kernel/random/boot_id").out != boot


def test_the_boot_takes_its_time(run: Any, tablet: VirtualTablet) -> None:
    tablet.boot_delay_s = 3600
    tablet.reboot()
    assert run("getprop sys.boot_completed").out == "\n"
    early = run("pm list packages")
    assert (early.code, early.err) == (20, "cmd: Can't find service: package\n")


def test_a_factory_reset_brings_the_box_back(run: Any, tablet: VirtualTablet) -> None:
    run("settings put global adb_wifi_enabled 1; echo x > /sdcard/x; pm clear com.android.chrome")
    run("pm disable-user com.android.chrome")
    tablet.factory_reset()
    assert run("settings get global adb_wifi_enabled").out == "0\n"
    assert run("ls /sdcard/x").code == 1
    assert run("pm list packages -d").out == ""


@pytest.mark.parametrize(
    ("script", "out"),
    [
        (
            "locksettings set-disabled true; locksettings get-disabled",
            "Lock screen disabled set to true\ntrue\n",
        ),
        ("wm size", "Physical size: 1200x2000\n"),
        ("wm density 200; wm density", "Physical density: 240\nOverride density: 200\n"),
        ("svc wifi disable; settings get global wifi_on", "0\n"),
        ("cmd wifi set-wifi-enabled disabled; cmd wifi status | head -1", "Wifi is disabled\n"),
        ("svc power stayon usb; settings get global stay_on_while_plugged_in", "2\n"),
        ("whoami; id -u", "shell\n2000\n"),
        ("input keyevent 26; echo $?", "0\n"),
        ("pm path android", "package:/system/framework/framework-res.apk\n"),
        ("pm path com.nobody; echo $?", "1\n"),
        ("dumpsys package com.nobody; echo $?", "Unable to find package: com.nobody\n0\n"),
        ("dumpsys battery set level 7; dumpsys battery | grep '  level: '", "  level: 7\n"),
        ("uname -m", "aarch64\n"),
        ("command -v getprop; which nothing; echo $?", "/system/bin/getprop\n1\n"),
    ],
)
def test_small_commands_answer(script: str, out: str, run: Any) -> None:
    assert run(script).out == out


def test_owners_are_listed_from_android_12_on(run: Any) -> None:
    new = make_tablet(1 + 3)
    assert new.sdk >= 31
    assert run_on(new, "dpm list-owners").out == "no owners\n"
    assert run("dpm list-owners").code == 1
    assert "Device Owner:" in run("dumpsys device_policy").out


def test_app_locales_exist_from_android_13_on(run: Any) -> None:
    script = "cmd locale set-app-locales com.android.chrome --user 0 --locales fr-FR; "
    script += "cmd locale get-app-locales com.android.chrome"
    assert (
        run_on(make_tablet(4), script).out
        == "Locales for com.android.chrome for user 0 are [fr-FR]\n"
    )
    assert run("cmd locale get-app-locales x").err == "cmd: Can't find service: locale\n"


def test_every_verb_survives_without_arguments(run: Any) -> None:
    for name in sorted(set(VERBS) - {"yes", "reboot"}):
        shown = run(f"'{name}' </dev/null")
        assert 0 <= shown.code <= 255
        assert "Traceback" not in shown.err
