"""What tablets print becomes facts: one case file per thing that devices do.

``cases/facts/*.json`` hold the transcript of a reading (with the marker ``@@``), the facts that it
must give, and where the words come from.
"""

import json
import os
import subprocess
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.adb.facts import fetch_facts, parse_facts, parse_properties, parse_settings, read_script
from fleet.bridge import Banner, Bridge, Progress, ShellResult
from fleet.errors import DeviceError
from fleet.facts import DeviceFacts

CASES = sorted((Path(__file__).parent / "cases" / "facts").glob("*.json"))


def plain(facts: DeviceFacts) -> dict[str, object]:
    """The facts as JSON holds them."""
    value: dict[str, object] = json.loads(json.dumps(asdict(facts)))
    return {**value, "asset_tag": facts.asset_tag}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_transcript_gives_its_facts(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    facts = plain(parse_facts("\n".join(case["transcript"]) + "\n", "@@"))

    assert case["source"]
    assert {name: facts[name] for name in case["facts"]} == case["facts"]


def test_everything_is_unknown_until_it_is_said() -> None:
    facts = plain(parse_facts("", "@@"))

    assert {name for name, value in facts.items() if value is not None} == {"settings", "files"}
    assert facts["settings"] == {"global": None, "secure": None, "system": None}


def test_the_script_quotes_every_path() -> None:
    script = read_script("m", ["/sdcard/l'école; reboot.txt"])

    assert "sha256sum '/sdcard/l'\\''école; reboot.txt' 2>&1" in script
    assert "\n" not in script


@pytest.mark.parametrize("path", ["relative", "/sdcard/a\nb", "/sdcard/a\\b", "/sdcard/../x"])
def test_a_path_that_cannot_be_echoed_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="path"):
        read_script("m", [path])


def test_a_script_for_an_old_daemon_fits_its_packet() -> None:
    """Daemons before Android 6 take 4,096 bytes, the service's name included."""
    paths = [f"/sdcard/Documents/papier-{number}.txt" for number in range(5)]

    assert len(read_script("0" * 16, paths)) < 3000


def test_a_posix_shell_runs_the_script(tmp_path: Path) -> None:
    there, gone = tmp_path / "l'été.txt", tmp_path / "no"
    there.write_bytes(b"bonjour")
    tablet = "getprop() { printf '[ro.serialno]: [X1]'; }; pm() { echo package:a.b; return 3; }; "
    script = tablet + read_script("@@", [str(there), str(gone)])
    answer = subprocess.run(
        ["sh", "-c", script],
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    facts = parse_facts(answer.stdout, "@@")

    assert answer.stderr == ""
    assert (facts.serial, facts.packages) == ("X1", None)
    assert facts.files == {str(there): sha256(b"bonjour").hexdigest(), str(gone): ""}


@given(st.text(), st.integers(0, 255))
def test_no_words_of_a_tablet_break_the_reading(words: str, code: int) -> None:
    names = ["getprop", "settings system", "packages", "disabled", "battery", "storage", "mac"]
    names += ["owner", "users", "configuration", "boot", "file /sdcard/a"]
    text = "".join(f"@@ {name}\n{words}\n@@ = {code}\n" for name in names)

    parse_facts(text, "@@")


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_.]{0,20}", fullmatch=True),
        st.text(st.characters(codec="utf-8", exclude_characters="[]\r\n")),
        min_size=1,
    )
)
def test_properties_survive_the_dump(properties: dict[str, str]) -> None:
    dump = "".join(f"[{key}]: [{value}]\n\n" for key, value in properties.items())

    assert parse_properties(dump) == properties


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_.:|]{0,20}", fullmatch=True),
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n=")), min_size=1).map(
            "\n".join
        ),
    )
)
def test_settings_survive_the_list(settings: dict[str, str]) -> None:
    listed = "".join(f"{key}={value}\n" for key, value in settings.items())

    assert parse_settings(listed) == settings


class EchoBridge(Bridge):
    """A tablet that answers every command with the same words."""

    address = "127.0.0.1:7000"
    banner = Banner("device", {}, frozenset())

    def __init__(self, template: str) -> None:
        self.template = template
        self.commands: list[str] = []

    def shell(self, command: str, *, timeout_s: float = 30.0) -> ShellResult:
        self.commands.append(command)
        marker = command.split("'")[1].split(" ", maxsplit=1)[0]
        return ShellResult(0, self.template.replace("@@", marker), "")

    def push(
        self, source: Path, target: str, *, mode: int = 0o644, progress: Progress | None = None
    ) -> int:
        raise NotImplementedError

    def pull(self, source: str, target: Path, *, progress: Progress | None = None) -> int:
        raise NotImplementedError

    def install(self, apk: Path, *, options: object = (), progress: Progress | None = None) -> str:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


def test_a_tablet_is_read_in_one_round_trip() -> None:
    bridge = EchoBridge("@@ getprop\n[ro.serialno]: [X1]\n@@ = 0\n")

    assert fetch_facts(bridge, ["/sdcard/a"]).serial == "X1"
    assert len(bridge.commands) == 1


def test_markers_are_never_the_same_twice() -> None:
    bridge = EchoBridge("@@ getprop\n@@ = 0\n")

    fetch_facts(bridge)
    fetch_facts(bridge)

    assert bridge.commands[0] != bridge.commands[1]


def test_an_answer_without_any_part_is_a_broken_link() -> None:
    with pytest.raises(DeviceError) as caught:
        fetch_facts(EchoBridge("/system/bin/sh: syntax error\n"))

    assert caught.value.code == "device.protocol"
    assert caught.value.params["device"] == "127.0.0.1:7000"
