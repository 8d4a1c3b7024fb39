"""A step is done when words, exit code and a fresh reading agree; the rest is told apart."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from agents.adb.apply import apply_plan, apply_step, wait_until_booted
from fleet.bridge import Banner, Bridge, CancelToken, Progress, ShellResult
from fleet.errors import DeviceError, StorageError
from fleet.facts import Namespace
from fleet.plan import Plan
from fleet.steps import (
    DeleteSetting,
    DisablePackage,
    EnablePackage,
    InstallApp,
    PutFile,
    PutSetting,
    Reboot,
    SetLocale,
    SetTimezone,
    Step,
    StepOutcome,
    StepState,
    UninstallForUser,
    Word,
)

ADDRESS = "127.0.0.1:7000"
WHY = Word("why.setting_differs")
SHA = "9f" * 32
TRACE = (
    "\nException occurred while executing 'put':\n"
    "java.lang.SecurityException: Shell may not write this setting\n"
    "\tat com.android.server.Some.method(Some.java:1)\n"
)
Answer = str | ShellResult | DeviceError

TIMEOUT = PutSetting(Namespace.SYSTEM, "screen_off_timeout", "600000", WHY)
PROXY = DeleteSetting(Namespace.GLOBAL, "http_proxy", WHY)
ZONE = SetTimezone("Europe/Paris", WHY)
LOCALE = SetLocale("fr-FR", WHY)
REBOOT = Reboot(WHY)
DISABLE = DisablePackage("com.a", WHY)
ENABLE = EnablePackage("com.a", WHY)
UNINSTALL = UninstallForUser("com.a", WHY)
INSTALL = InstallApp("com.a", 12, "/apks/a.apk", WHY)
FILE = PutFile("/here/charte.txt", "/sdcard/l'été.txt", SHA, WHY)


class ScriptedTablet(Bridge):
    """Answers commands in the order of its script and keeps what it was told."""

    address = ADDRESS
    banner = Banner("device", {}, frozenset())

    def __init__(
        self,
        *answers: Answer,
        push: Exception | None = None,
        install: Exception | str = "Success",
    ) -> None:
        self.answers = list(answers)
        self.push_answer = push
        self.install_answer = install
        self.said: list[str] = []
        self.is_closed = False

    def shell(self, command: str, *, timeout_s: float = 30.0) -> ShellResult:
        self.said.append(command)
        answer = self.answers.pop(0)
        if isinstance(answer, DeviceError):
            raise answer
        return answer if isinstance(answer, ShellResult) else ShellResult(0, answer, "")

    def push(
        self, source: Path, target: str, *, mode: int = 0o644, progress: Progress | None = None
    ) -> int:
        self.said.append(f"push {source} {target}")
        if self.push_answer is not None:
            raise self.push_answer
        if progress is not None:
            progress(5, 5)
        return 5

    def pull(self, source: str, target: Path, *, progress: Progress | None = None) -> int:
        raise NotImplementedError

    def install(
        self, apk: Path, *, options: Sequence[str] = (), progress: Progress | None = None
    ) -> str:
        self.said.append(f"install {' '.join(options)} {apk}")
        if isinstance(self.install_answer, Exception):
            raise self.install_answer
        return self.install_answer

    def close(self) -> None:
        self.is_closed = True


def no(out: str = "", err: str = "", code: int = 255) -> ShellResult:
    return ShellResult(code, out, err)


def gone() -> DeviceError:
    return DeviceError("device.unplugged", device=ADDRESS)


@pytest.mark.parametrize(
    ("step", "answers", "said"),
    [
        (
            TIMEOUT,
            ["", "600000\n"],
            [
                "settings put system 'screen_off_timeout' '600000'",
                "settings get system 'screen_off_timeout'",
            ],
        ),
        (
            PROXY,
            ["Deleted 1 rows\n", "null\n"],
            ["settings delete global 'http_proxy'", "settings get global 'http_proxy'"],
        ),
        (
            ZONE,
            ["", "Europe/Paris\n"],
            ["cmd alarm set-timezone 'Europe/Paris'", "getprop persist.sys.timezone"],
        ),
        (
            LOCALE,
            ["", "fr-FR\r\n"],
            [
                "settings put system 'system_locales' 'fr-FR'",
                "settings get system 'system_locales'",
            ],
        ),
        (
            DISABLE,
            ["Package com.a new state: disabled-user\n", "package:com.a\npackage:com.a.b\n"],
            ["pm disable-user --user 0 'com.a'", "pm list packages -d --user 0 'com.a'"],
        ),
        (
            ENABLE,
            ["Package com.a new state: enabled\n", "package:com.a\n", "package:com.a.b\n"],
            [
                "pm enable --user 0 'com.a'",
                "pm list packages --user 0 'com.a'",
                "pm list packages -d --user 0 'com.a'",
            ],
        ),
        (
            UNINSTALL,
            ["Success\n", "package:com.a.b\n"],
            ["pm uninstall --user 0 'com.a'", "pm list packages --user 0 'com.a'"],
        ),
        (
            INSTALL,
            ["package:com.a versionCode:12\npackage:com.a.b versionCode:1\n"],
            [
                "install -r --user 0 /apks/a.apk",
                "pm list packages --show-versioncode --user 0 'com.a'",
            ],
        ),
        (
            FILE,
            [f"{SHA}  /sdcard/l'été.txt\n"],
            [
                "push /here/charte.txt /sdcard/l'été.txt",
                "sha256sum '/sdcard/l'\\''été.txt'",
            ],
        ),
        (REBOOT, [""], ["reboot"]),
        (REBOOT, [gone()], ["reboot"]),
    ],
    ids=lambda value: value.kind if hasattr(value, "kind") else "",
)
def test_a_step_is_sent_quoted_and_read_back(
    step: Step, answers: list[Answer], said: list[str]
) -> None:
    tablet = ScriptedTablet(*answers)
    outcome = apply_step(tablet, step)

    assert outcome.state is StepState.DONE
    assert tablet.said == said


@pytest.mark.parametrize(
    ("step", "answers", "detail"),
    [
        (
            TIMEOUT,
            [no(err=TRACE), "30000\n"],
            "java.lang.SecurityException: Shell may not write this setting",
        ),
        (
            TIMEOUT,
            [ShellResult(0, "java.lang.SecurityException: no\n", ""), "600000\n"],
            "java.lang.SecurityException: no",
        ),
        (TIMEOUT, ["Invalid namespace 'system'\n", "null\n"], "Invalid namespace 'system'"),
        (
            DISABLE,
            [
                "Error: java.lang.SecurityException: Cannot disable a protected package: com.a\n",
                "",
                "package:com.a\n",
            ],
            "Error: java.lang.SecurityException: Cannot disable a protected package: com.a",
        ),
        (
            UNINSTALL,
            [no("Failure [DELETE_FAILED_DEVICE_POLICY_MANAGER]\n", code=1), "package:com.a\n"],
            "Failure [DELETE_FAILED_DEVICE_POLICY_MANAGER]",
        ),
        (
            ZONE,
            [no(err="cmd: Can't find service: alarm\n", code=20), "GMT\n"],
            "cmd: Can't find service: alarm",
        ),
        (REBOOT, [no(err="reboot: Permission denied\n", code=1)], "reboot: Permission denied"),
    ],
)
def test_what_the_tablet_refuses_is_told_in_its_words(
    step: Step, answers: list[Answer], detail: str
) -> None:
    outcome = apply_step(ScriptedTablet(*answers), step)

    assert (outcome.state, outcome.message) == (StepState.REFUSED, "apply.refused")
    assert outcome.detail == detail


@pytest.mark.parametrize(
    ("step", "answers"),
    [
        (TIMEOUT, ["", "30000\n"]),
        (PROXY, ["Deleted 0 rows\n", "10.0.0.1:8080\n"]),
        (ZONE, ["", "GMT\n"]),
        (DISABLE, ["Package com.a new state: disabled-user\n", "", "package:com.a\n"]),
        (ENABLE, ["Package com.a new state: enabled\n", "package:com.a\n", "package:com.a\n"]),
        (UNINSTALL, ["Success\n", "package:com.a\n"]),
        (INSTALL, ["package:com.a versionCode:11\n"]),
        (INSTALL, ["package:com.a.b versionCode:12\n"]),
        (FILE, [f"{'0' * 64}  /sdcard/x\n"]),
        (FILE, [no("", "sha256sum: /sdcard/x: No such file or directory\n", code=1)]),
    ],
)
def test_success_that_changed_nothing_is_a_failure(step: Step, answers: list[Answer]) -> None:
    outcome = apply_step(ScriptedTablet(*answers), step)

    assert (outcome.state, outcome.message) == (StepState.FAILED, "apply.no_effect")


def test_a_reading_without_the_words_of_success_is_unclear() -> None:
    outcome = apply_step(ScriptedTablet("", "package:com.a\n"), DISABLE)

    assert (outcome.state, outcome.message) == (StepState.FAILED, "apply.unclear")


@pytest.mark.parametrize(
    ("step", "answers"),
    [
        (UNINSTALL, [no("Failure [not installed for 0]\n", code=1), ""]),
        (DISABLE, [no("Error: Unknown package: com.a\n", code=1), "", ""]),
    ],
)
def test_a_package_that_is_gone_already_is_skipped(step: Step, answers: list[Answer]) -> None:
    outcome = apply_step(ScriptedTablet(*answers), step)

    assert (outcome.state, outcome.message) == (StepState.SKIPPED, "apply.already_gone")


def test_a_refused_install_is_an_outcome_with_androids_word() -> None:
    error = DeviceError(
        "device.install_refused",
        device=ADDRESS,
        reason="INSTALL_FAILED_OLDER_SDK",
        detail="Requires newer sdk version #34 (current version is #30)",
    )
    outcome = apply_step(ScriptedTablet(install=error), INSTALL)

    assert (outcome.state, outcome.message) == (StepState.REFUSED, "device.install_refused")
    assert outcome.detail.startswith("INSTALL_FAILED_OLDER_SDK: Requires newer sdk")


def test_a_full_tablet_refuses_a_file_in_its_words() -> None:
    error = DeviceError(
        "device.remote", device=ADDRESS, reason="write failed: No space left on device"
    )
    outcome = apply_step(ScriptedTablet(push=error), FILE)

    assert outcome.state is StepState.REFUSED
    assert outcome.detail == "write failed: No space left on device"


def test_a_file_that_is_missing_on_this_machine_fails_its_step_only() -> None:
    error = StorageError("file.unreadable", path="/here/charte.txt", reason="ENOENT")
    outcome = apply_step(ScriptedTablet(push=error), FILE)

    assert (outcome.state, outcome.message) == (StepState.FAILED, "file.unreadable")
    assert outcome.detail == "/here/charte.txt"


def test_the_contract_of_the_command_line_is_kept() -> None:
    outcome = apply_step(ScriptedTablet("", "600000\n"), TIMEOUT)

    assert outcome.to_json() == {
        "step": "put_setting",
        "subject": "system/screen_off_timeout",
        "state": "done",
        "message": "apply.done",
        "detail": "",
    }


def plan_of(*steps: Step) -> Plan:
    return Plan(steps, ())


def states(outcomes: Iterable[StepOutcome]) -> list[tuple[int, str, StepState]]:
    return [(outcome.number, outcome.step.kind, outcome.state) for outcome in outcomes]


def test_each_step_is_seen_when_it_begins_and_when_it_ends() -> None:
    seen: list[StepOutcome] = []
    tablet = ScriptedTablet("", "600000\n", "", "Europe/Paris\n")
    outcomes = apply_plan(tablet, plan_of(TIMEOUT, ZONE), on_step=seen.append)

    assert states(seen) == [
        (1, "put_setting", StepState.DOING),
        (1, "put_setting", StepState.DONE),
        (2, "set_timezone", StepState.DOING),
        (2, "set_timezone", StepState.DONE),
    ]
    assert states(outcomes) == [states(seen)[1], states(seen)[3]]
    assert {outcome.total for outcome in seen} == {2}
    assert seen[0].message == "why.setting_differs"


def test_a_refusal_does_not_stop_the_others() -> None:
    tablet = ScriptedTablet(no(err=TRACE), "30000\n", "", "Europe/Paris\n")
    outcomes = apply_plan(tablet, plan_of(TIMEOUT, ZONE))

    assert [outcome.state for outcome in outcomes] == [StepState.REFUSED, StepState.DONE]


def test_a_pulled_cable_leaves_the_rest_untouched() -> None:
    seen: list[StepOutcome] = []
    tablet = ScriptedTablet("", "600000\n", gone())

    with pytest.raises(DeviceError) as caught:
        apply_plan(tablet, plan_of(TIMEOUT, ZONE, DISABLE), on_step=seen.append)

    assert caught.value.code == "device.unplugged"
    assert states(seen)[-1] == (2, "set_timezone", StepState.FAILED)
    assert seen[-1].message == "device.unplugged"
    assert tablet.said[-1].startswith("cmd alarm")


def test_a_cancelled_plan_stops_between_two_steps() -> None:
    token = CancelToken()
    tablet = ScriptedTablet("", "600000\n")

    def stop(outcome: StepOutcome) -> None:
        if outcome.state is StepState.DONE:
            token.cancel()

    with pytest.raises(DeviceError) as caught:
        apply_plan(tablet, plan_of(TIMEOUT, ZONE), on_step=stop, cancel=token)

    assert caught.value.code == "device.cancelled"
    assert caught.value.params["device"] == ADDRESS
    assert len(tablet.said) == 2


def test_bytes_on_their_way_are_counted() -> None:
    counted: list[tuple[int, int]] = []
    tablet = ScriptedTablet(f"{SHA}  x\n")
    apply_plan(tablet, plan_of(FILE), on_progress=lambda done, total: counted.append((done, total)))

    assert counted == [(5, 5)]


def test_a_refused_language_does_not_reboot_anybody() -> None:
    tablet = ScriptedTablet(no(err=TRACE), "en-US\n")
    outcomes = apply_plan(tablet, plan_of(LOCALE, REBOOT))

    assert outcomes[-1].state is StepState.SKIPPED
    assert "reboot" not in tablet.said


def test_a_link_that_breaks_in_another_way_during_a_reboot_is_an_error() -> None:
    error = DeviceError("device.cancelled", device=ADDRESS)

    with pytest.raises(DeviceError):
        apply_step(ScriptedTablet(error), REBOOT)


BOOTED = "new-id\n1\npackage:/system/framework/framework-res.apk\n"


class Connections:
    """Hands out what comes when one connects again and again."""

    def __init__(self, *results: ScriptedTablet | DeviceError) -> None:
        self.results = list(results)
        self.given: list[ScriptedTablet] = []

    def __call__(self) -> Bridge:
        result = self.results.pop(0)
        if isinstance(result, DeviceError):
            raise result
        self.given.append(result)
        return result


def test_a_reboot_is_over_when_another_boot_runs_and_its_packages_answer() -> None:
    unreachable = DeviceError("device.unreachable", device=ADDRESS)
    connections = Connections(
        ScriptedTablet("old-id\n1\npackage:/system/framework/framework-res.apk\n"),
        unreachable,
        ScriptedTablet(gone()),
        ScriptedTablet("new-id\n\n"),
        ScriptedTablet(no("new-id\n1\nError: Could not access the Package Manager.\n", code=1)),
        ScriptedTablet(BOOTED),
    )
    bridge = wait_until_booted(connections, "old-id", pause_s=0)

    assert bridge is connections.given[-1]
    assert [tablet.is_closed for tablet in connections.given] == [True] * 4 + [False]


def test_a_tablet_that_never_comes_back_is_an_error_with_its_address() -> None:
    unreachable = DeviceError("device.unreachable", device=ADDRESS)

    with pytest.raises(DeviceError) as caught:
        wait_until_booted(Connections(unreachable), "old-id", timeout_s=0, pause_s=0)

    assert caught.value is unreachable


def test_a_tablet_that_hangs_while_booting_is_a_timeout() -> None:
    connections = Connections(ScriptedTablet("new-id\n\n"))

    with pytest.raises(DeviceError) as caught:
        wait_until_booted(connections, "old-id", timeout_s=0, pause_s=0)

    assert caught.value.code == "device.timeout"
    assert caught.value.params["device"] == ADDRESS


def test_waiting_for_a_boot_can_be_cancelled() -> None:
    token = CancelToken()
    token.cancel()

    with pytest.raises(DeviceError) as caught:
        wait_until_booted(Connections(ScriptedTablet("old-id\n1\nx\n")), "old-id", cancel=token)

    assert caught.value.code == "device.cancelled"
