"""Carrying out a plan on one tablet, step by step, each one read back.

Android reports success in words, by exit code, by both or by neither, and some makers' builds say
``Success`` and change nothing: a step is done only when the words, the code and a fresh reading
agree. What a tablet refuses is an outcome; a link that breaks is an error, and leaves the rest of
the plan untouched.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from agents.adb.facts import parse_hash
from fleet.bridge import Bridge, CancelToken, Progress, ShellResult, quote
from fleet.errors import DeviceError, StorageError
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
)

OnStep = Callable[[StepOutcome], None]
"""Called when a step begins (``doing``) and when it ends; must return quickly."""

BOOT_TIMEOUT_S = 240.0
"""A tablet that installs an update while it boots needs minutes."""

_REFUSALS = re.compile(
    r"Exception: |Exception$|^Exception occurred|^Error\b|^Failure\b|^[Uu]sage:|Permission denied"
    r"|^Cannot |^Invalid |not found$",
    re.MULTILINE,
)
_ALREADY_GONE = re.compile(r"not installed for \d+|Unknown package|DELETE_FAILED_INTERNAL_ERROR")
_ANSWERS = ("device.remote", "device.install_refused")
"""Errors by which the tablet says no; every other one says that the link is gone."""


@dataclass(frozen=True, slots=True)
class _Result:
    state: StepState
    message: str
    detail: str = ""


def apply_plan(
    bridge: Bridge,
    plan: Plan,
    *,
    on_step: OnStep | None = None,
    on_progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> list[StepOutcome]:
    """Carry out the steps in order; one that the tablet refuses does not stop the others.

    ``on_progress`` counts the bytes of the file on its way. Raises ``DeviceError`` when the link
    breaks, once ``on_step`` has seen which step was under way, and with ``device.cancelled``
    between two steps. The plan can be made anew from fresh facts and applied again at any time.
    After a plan that ``reboots``, call ``wait_until_booted``.
    """
    outcomes: list[StepOutcome] = []
    total = len(plan.steps)
    for number, step in enumerate(plan.steps, start=1):
        if cancel is not None and cancel.is_cancelled:
            raise DeviceError("device.cancelled", device=bridge.address)
        if on_step is not None:
            on_step(StepOutcome(number, total, step, StepState.DOING, step.why.code))
        try:
            if isinstance(step, Reboot) and _locale_failed(outcomes):
                result = _Result(StepState.SKIPPED, "apply.reboot_useless")
            else:
                result = _carry_out(bridge, step, on_progress)
        except DeviceError as error:
            if on_step is not None:
                on_step(StepOutcome(number, total, step, StepState.FAILED, error.code))
            raise
        outcome = StepOutcome(number, total, step, result.state, result.message, result.detail)
        outcomes.append(outcome)
        if on_step is not None:
            on_step(outcome)
    return outcomes


def apply_step(bridge: Bridge, step: Step, *, on_progress: Progress | None = None) -> StepOutcome:
    """Carry out one step. Raises ``DeviceError`` when the link breaks."""
    result = _carry_out(bridge, step, on_progress)
    return StepOutcome(1, 1, step, result.state, result.message, result.detail)


def wait_until_booted(
    connect: Callable[[], Bridge],
    old_boot_id: str | None,
    *,
    timeout_s: float = BOOT_TIMEOUT_S,
    pause_s: float = 1.0,
    cancel: CancelToken | None = None,
) -> Bridge:
    """Connect again and again until the tablet runs another boot and its package service answers.

    Without ``old_boot_id`` any boot will do. Raises the last ``DeviceError`` when the time is up,
    and ``device.cancelled``.
    """
    token = cancel or CancelToken()
    deadline = monotonic() + timeout_s
    while True:
        try:
            bridge = connect()
            try:
                if _has_booted(bridge, old_boot_id):
                    return bridge
            except BaseException:
                bridge.close()
                raise
            bridge.close()
            trouble = DeviceError("device.timeout", device=bridge.address, reason="booting")
        except DeviceError as error:
            trouble = error
        if trouble.code == "device.cancelled" or monotonic() >= deadline:
            raise trouble
        if token.wait(pause_s):
            raise DeviceError("device.cancelled", device=trouble.params.get("device"))


def _has_booted(bridge: Bridge, old_boot_id: str | None) -> bool:
    answer = bridge.shell(
        "cat /proc/sys/kernel/random/boot_id; getprop sys.boot_completed; pm path android"
    )
    lines = answer.out.split()
    return len(lines) >= 3 and lines[0] != old_boot_id and lines[1] == "1" and answer.code == 0


def _locale_failed(outcomes: list[StepOutcome]) -> bool:
    """A language that was not accepted gives no reason to interrupt anybody with a reboot."""
    return any(
        isinstance(outcome.step, SetLocale) and outcome.state is not StepState.DONE
        for outcome in outcomes
    )


def _carry_out(bridge: Bridge, step: Step, on_progress: Progress | None) -> _Result:
    try:
        match step:
            case PutSetting(namespace, key, value):
                return _put_setting(bridge, namespace.value, key, value)
            case DeleteSetting(namespace, key):
                return _delete_setting(bridge, namespace.value, key)
            case SetLocale(locale):
                return _put_setting(bridge, "system", "system_locales", locale)
            case SetTimezone(timezone):
                return _set_timezone(bridge, timezone)
            case DisablePackage(package):
                return _disable(bridge, package)
            case EnablePackage(package):
                return _enable(bridge, package)
            case UninstallForUser(package):
                return _uninstall(bridge, package)
            case InstallApp():
                return _install(bridge, step, on_progress)
            case PutFile():
                return _put_file(bridge, step, on_progress)
            case Reboot():
                return _reboot(bridge)
    except StorageError as error:
        return _Result(StepState.FAILED, error.code, str(error.params.get("path", "")))
    except DeviceError as error:
        if error.code not in _ANSWERS:
            raise
        words = (error.params.get("reason"), error.params.get("detail"))
        detail = ": ".join(str(word) for word in words if word)
        return _Result(StepState.REFUSED, error.code, detail)


def _put_setting(bridge: Bridge, namespace: str, key: str, value: str) -> _Result:
    words = f"{namespace} {quote(key)}"
    answer = bridge.shell(f"settings put {words} {quote(value)}")
    found = _line(bridge.shell(f"settings get {words}"))
    return _judge(answer, found == value, found)


def _delete_setting(bridge: Bridge, namespace: str, key: str) -> _Result:
    words = f"{namespace} {quote(key)}"
    answer = bridge.shell(f"settings delete {words}")
    found = _line(bridge.shell(f"settings get {words}"))
    return _judge(answer, found == "null", found)


def _set_timezone(bridge: Bridge, timezone: str) -> _Result:
    answer = bridge.shell(f"cmd alarm set-timezone {quote(timezone)}")
    found = _line(bridge.shell("getprop persist.sys.timezone"))
    return _judge(answer, found == timezone, found)


def _disable(bridge: Bridge, package: str) -> _Result:
    answer = bridge.shell(f"pm disable-user --user 0 {quote(package)}")
    said = "new state: disabled" in answer.out
    off = _listed(bridge, package, "-d")
    if not off and not _listed(bridge, package):
        return _Result(StepState.SKIPPED, "apply.already_gone", _words(answer))
    return _judge(answer, off, "enabled", said=said)


def _enable(bridge: Bridge, package: str) -> _Result:
    answer = bridge.shell(f"pm enable --user 0 {quote(package)}")
    said = "new state: enabled" in answer.out or "new state: default" in answer.out
    on = _listed(bridge, package) and not _listed(bridge, package, "-d")
    return _judge(answer, on, "disabled", said=said)


def _uninstall(bridge: Bridge, package: str) -> _Result:
    # Without --user the package would go for every user of the tablet.
    answer = bridge.shell(f"pm uninstall --user 0 {quote(package)}")
    gone = not _listed(bridge, package)
    if gone and _ALREADY_GONE.search(answer.out + answer.err):
        return _Result(StepState.SKIPPED, "apply.already_gone", _words(answer))
    return _judge(answer, gone, "present", said="Success" in answer.out)


def _install(bridge: Bridge, step: InstallApp, on_progress: Progress | None) -> _Result:
    line = bridge.install(Path(step.apk), options=("-r", "--user", "0"), progress=on_progress)
    listed = bridge.shell(f"pm list packages --show-versioncode --user 0 {quote(step.package)}").out
    found = re.search(
        rf"^package:{re.escape(step.package)}(?: +versionCode:(\d+))?\s*$", listed, re.MULTILINE
    )
    if found is None:
        return _Result(StepState.FAILED, "apply.no_effect", line)
    if found[1] is not None and int(found[1]) < step.version_code:
        return _Result(StepState.FAILED, "apply.no_effect", found[1])
    return _Result(StepState.DONE, "apply.done", line)


def _put_file(bridge: Bridge, step: PutFile, on_progress: Progress | None) -> _Result:
    bridge.push(Path(step.source), step.target, progress=on_progress)
    answer = bridge.shell(f"sha256sum {quote(step.target)}")
    found = parse_hash(answer.out, answer.code)
    if found != step.sha256:
        return _Result(StepState.FAILED, "apply.no_effect", found or _words(answer))
    return _Result(StepState.DONE, "apply.done")


def _reboot(bridge: Bridge) -> _Result:
    try:
        answer = bridge.shell("reboot", timeout_s=15.0)
    except DeviceError as error:
        # The link dying here is the tablet obeying; whether it comes back is for the caller.
        if error.code not in ("device.unplugged", "device.timeout", "device.protocol"):
            raise
        return _Result(StepState.DONE, "apply.rebooting")
    if answer.code != 0 or _REFUSALS.search(answer.out + answer.err):
        return _Result(StepState.REFUSED, "apply.refused", _words(answer))
    return _Result(StepState.DONE, "apply.rebooting")


def _judge(answer: ShellResult, is_so: bool, found: str, *, said: bool = True) -> _Result:
    """Weigh exit code, words and reading; ``said`` is whether the words of success were there."""
    if answer.code != 0 or _REFUSALS.search(answer.out + "\n" + answer.err):
        return _Result(StepState.REFUSED, "apply.refused", _words(answer))
    if not is_so:
        return _Result(StepState.FAILED, "apply.no_effect", found)
    if not said:
        return _Result(StepState.FAILED, "apply.unclear", _words(answer))
    return _Result(StepState.DONE, "apply.done")


def _listed(bridge: Bridge, package: str, *options: str) -> bool:
    """Whether ``pm`` lists a package for user 0; its filter matches parts of names too."""
    words = " ".join(("pm list packages", *options, "--user 0", quote(package)))
    return f"package:{package}" in bridge.shell(words).out.split()


def _line(answer: ShellResult) -> str:
    return answer.out.replace("\r\n", "\n").removesuffix("\n")


def _words(answer: ShellResult) -> str:
    """The first line that says something, without the trace that Java puts after it."""
    lines = [line.strip() for line in (answer.err + "\n" + answer.out).splitlines()]
    telling = (line for line in lines if line and not line.startswith("at "))
    first = next(telling, "")
    if first.startswith("Exception occurred while executing"):
        return next(telling, first)[:200]
    return first[:200]
