"""Tablets from the command line: ``devices``, ``enrol``, ``audit``, ``provision``.

Several addresses are worked on side by side; each carries its own result or error, and an
unreachable one (4) outweighs a difference (6).
"""

from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from fleet.asset import Asset
from fleet.bridge import CancelToken
from fleet.errors import FleetError, InvalidInput
from fleet.facts import DeviceFacts
from fleet.policies import Audit
from fleet.steps import StepOutcome, StepState
from tui import device_words
from tui import format as shown
from tui.bootstrap import database_path, open_link, open_office, open_profile
from tui.catalogue import read_catalogue, wanting
from tui.cli.answer import DIFFERENCES, DONE, STORAGE, UNREACHABLE, Answer, say
from tui.i18n import _, ngettext
from tui.sentences import sentence
from tui.tablets import AT_ONCE, Done, Tablets, for_each

Result = TypeVar("Result")
Prompt = Callable[[], None]
Task = Callable[[str, CancelToken, Prompt], Result]
"""Work on one address; the tablet may ask its user first, and Ctrl+C fires the token."""


def devices(options: Namespace) -> Answer:
    """What is attached, and what it says of itself."""
    addresses = _addresses(options)
    with _tablets(options) as tablets:
        done = _at_each(addresses, tablets.look)
    items = []
    lines = []
    for port, each in enumerate(done, 1):
        item: dict[str, Any] = {"port": each.address, "slot": None, "state": "device"}
        if each.result is not None:
            facts, asset = each.result
            slot = asset.slot if asset else None
            item |= {"slot": slot, **_identity(facts, asset)}
            name = shown.tag(asset.tag) if asset else _("inconnue du parc")
            lines.append(f"{port:>2}  {each.address}  {facts.model}  {facts.serial}  {name}")
        else:
            item |= {"state": _state(each.error), "serial": None, "model": None, "tag": None}
            item |= _error(each.error)
            lines.append(f"{port:>2}  {each.address}  {_sentence(each.error)}")
        items.append(item)
    return Answer({"items": items}, lines, _exit_code(done))


def enrol(options: Namespace) -> Answer:
    """Enter tablets in the register, in the order of the addresses."""
    addresses = _addresses(options)
    first = options.slot
    if first is not None and options.cart is None:
        raise InvalidInput("enrol.slot_without_cart", slot=first)
    with _tablets(options) as tablets:

        def one(address: str, cancel: CancelToken, on_prompt: Prompt) -> dict[str, Any]:
            enrolled = tablets.enrol(
                address,
                school=options.school,
                cart=options.cart,
                slot=None if first is None else first + addresses.index(address),
                cancel=cancel,
                on_prompt=on_prompt,
            )
            return {"tag": enrolled.tag, "new": enrolled.is_new, "slot": enrolled.asset.slot}

        # One after the other where slots are chosen on the way: their order is the addresses'.
        done = _at_each(addresses, one, at_once=1 if first is None else AT_ONCE)
    items = [{"address": each.address, **(each.result or _error(each.error))} for each in done]
    lines = [
        f"✔ {each.address}  {shown.tag(each.result['tag'])}"
        if each.result
        else f"✖ {each.address}  {_sentence(each.error)}"
        for each in done
    ]
    # The contract's key, which one tablet can answer; of several, each item carries its own.
    tag = items[0].get("tag") if len(items) == 1 else None
    return Answer({"tag": tag, "items": items}, lines, _exit_code(done))


def audit(options: Namespace) -> Answer:
    """Read and compare with the profile; nothing on a tablet changes."""
    begun = monotonic()
    addresses = _addresses(options)
    with _tablets(options) as tablets:
        done = _at_each(addresses, tablets.audit)
    items = []
    lines = []
    for each in done:
        if each.result is None:
            items.append(_unread(each) | {"verdicts": []})
            lines.append(f"✖ {each.address}  {_sentence(each.error)}")
            continue
        reading = each.result
        items.append(_audited(each.address, reading.facts, reading.asset, reading.audit))
        lines += _audit_lines(each.address, reading.facts, reading.asset, reading.audit)
    drift = any(each.result and not each.result.audit.is_compliant for each in done)
    return Answer(
        {"items": items, "seconds": round(monotonic() - begun, 3)},
        lines,
        _exit_code(done, drift),
    )


def provision(options: Namespace) -> Answer:
    """Plan, apply, verify; with ``--plan`` only the plan is shown."""
    begun = monotonic()
    if options.plan:
        return _plan(options, begun)

    def on_step(address: str, outcome: StepOutcome) -> None:
        if not options.json and outcome.state is not StepState.DOING:
            say(f"  {address}  {outcome.number}/{outcome.total}  {device_words.outcome(outcome)}")

    addresses = _addresses(options)
    with _tablets(options) as tablets:
        done = _at_each(
            addresses,
            lambda address, cancel, on_prompt: tablets.provision(
                address, lambda each: on_step(address, each), cancel, on_prompt
            ),
        )
    items = []
    lines = []
    for each in done:
        if each.result is None:
            items.append(_unread(each) | {"steps": []})
            lines.append(f"✖ {each.address}  {_sentence(each.error)}")
            continue
        applied = each.result
        after = applied.after
        item = _audited(each.address, after.facts, after.asset, after.audit)
        item["steps"] = [outcome.to_json() for outcome in applied.outcomes]
        item["notes"] = [note.to_json() for note in applied.plan.notes]
        items.append(item)
        lines += _audit_lines(each.address, after.facts, after.asset, after.audit)
        if not applied.outcomes:
            lines += [f"    {device_words.note(note)}" for note in applied.plan.notes]
    drift = any(each.result and not each.result.after.audit.is_compliant for each in done)
    return Answer(
        {"items": items, "seconds": round(monotonic() - begun, 3)},
        lines,
        _exit_code(done, drift),
    )


def _plan(options: Namespace, begun: float) -> Answer:
    addresses = _addresses(options)
    with _tablets(options) as tablets:
        done = _at_each(addresses, tablets.audit)
    items = []
    lines = []
    for each in done:
        if each.result is None:
            items.append(_unread(each) | {"steps": []})
            lines.append(f"✖ {each.address}  {_sentence(each.error)}")
            continue
        reading = each.result
        planned = tablets.plan(reading)
        items.append(
            {
                "address": each.address,
                **_identity(reading.facts, reading.asset),
                "compliant": reading.audit.is_compliant,
                **planned.to_json(),
            }
        )
        lines.append(_name(each.address, reading.facts, reading.asset))
        lines += [f"    {device_words.planned(step)}" for step in planned.steps]
        lines += [f"    {device_words.note(note)}" for note in planned.notes]
    drift = any(item.get("steps") for item in items)
    return Answer(
        {"items": items, "seconds": round(monotonic() - begun, 3)},
        lines,
        _exit_code(done, drift),
    )


@contextmanager
def _tablets(options: Namespace) -> Iterator[Tablets]:
    apps: Path | None = getattr(options, "apps", None)
    catalogue = read_catalogue(apps) if apps else {}
    profile = wanting(open_profile(getattr(options, "profile", None)), catalogue)
    link = open_link(options.db)
    if options.command != "enrol" and not database_path(options.db).exists():
        # Unknown tablets are read too: a register is not made for a look.
        yield Tablets(link, profile, None, catalogue)
        return
    with closing(open_office(options.db)) as office:
        yield Tablets(link, profile, office, catalogue)


def _at_each(
    addresses: list[str], task: Task[Result], at_once: int = AT_ONCE
) -> list[Done[Result]]:
    cancel = CancelToken()

    def one(address: str) -> Result:
        def on_prompt() -> None:
            say(_("{address} : toucher « Autoriser » sur la tablette").format(address=address))

        return task(address, cancel, on_prompt)

    return for_each(addresses, one, at_once, cancel)


def _addresses(options: Namespace) -> list[str]:
    from agents.adb.address import parse_address

    if not options.tcp:
        raise InvalidInput("device.none_named")
    for address in options.tcp:
        parse_address(address)  # a slip of the pen stops the command before its first tablet
    return list(dict.fromkeys(options.tcp))


def _unread(done: Done[Any]) -> dict[str, Any]:
    nothing = {"serial": None, "model": None, "tag": None, "compliant": None}
    return {"address": done.address, **nothing, **_error(done.error)}


def _identity(facts: DeviceFacts, asset: Asset | None) -> dict[str, Any]:
    return {
        "serial": facts.serial,
        "model": facts.model,
        "tag": asset.tag if asset else None,
    }


def _audited(
    address: str, facts: DeviceFacts, asset: Asset | None, verdicts: Audit
) -> dict[str, Any]:
    return {
        "address": address,
        **_identity(facts, asset),
        "android": facts.release,
        **verdicts.to_json(),
    }


def _audit_lines(
    address: str, facts: DeviceFacts, asset: Asset | None, verdicts: Audit
) -> Iterable[str]:
    held = sum(verdict.ok is True for verdict in verdicts.verdicts)
    glyph = "●" if verdicts.is_compliant else "▲"
    count = len(verdicts.verdicts)
    text = ngettext("{held} règle sur {count}", "{held} règles sur {count}", held)
    yield (f"{glyph} {_name(address, facts, asset)}  {text.format(held=held, count=count)}")
    for verdict in verdicts.open_verdicts:
        yield f"    {device_words.verdict(verdict)}"


def _name(address: str, facts: DeviceFacts, asset: Asset | None) -> str:
    tag = shown.tag(asset.tag) if asset else _("inconnue du parc")
    return f"{address}  {tag}  {facts.model or '—'}  Android {facts.release or '—'}"


def _state(error: FleetError | None) -> str:
    return error.code.removeprefix("device.") if error else "unknown"


def _error(error: FleetError | None) -> dict[str, Any]:
    if error is None:
        return {}
    words = sentence(error)
    return {"error": {"code": error.code, "message": words.what, "remedy": words.remedy}}


def _sentence(error: FleetError | None) -> str:
    return str(sentence(error)) if error else ""


def _exit_code(done: Iterable[Done[Any]], drift: bool = False) -> int:
    codes = {each.error.exit_code for each in done if each.error}
    for worst in (UNREACHABLE, STORAGE):
        if worst in codes:
            return worst
    if codes and not any(each.result for each in done):
        return min(codes)
    return DIFFERENCES if codes or drift else DONE
