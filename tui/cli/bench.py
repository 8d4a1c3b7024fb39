"""Tablets from the command line: ``devices``, ``enrol``, ``audit``, ``provision``.

Several addresses are worked on side by side; each carries its own result or error, and an
unreachable one (4) outweighs a difference (6).
"""

from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from time import monotonic
from typing import Any

from fleet.asset import Asset
from fleet.errors import FleetError, InvalidInput
from fleet.facts import DeviceFacts
from fleet.policies import Audit
from fleet.steps import StepOutcome, StepState
from tui import device_words
from tui import format as shown
from tui.bootstrap import open_link, open_office, open_profile
from tui.catalogue import read_catalogue, wanting
from tui.cli.answer import DIFFERENCES, DONE, UNREACHABLE, Answer, say
from tui.i18n import _, ngettext
from tui.sentences import sentence
from tui.tablets import Done, Tablets, for_each


def devices(options: Namespace) -> Answer:
    """What is attached, and what it says of itself."""
    tablets = _tablets(options)
    done = for_each(_addresses(options), tablets.look)
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
    tablets = _tablets(options)
    first = options.slot

    def one(address: str) -> dict[str, Any]:
        slot = None if first is None else first + addresses.index(address)
        enrolled = tablets.enrol(address, school=options.school, cart=options.cart, slot=slot)
        return {"tag": enrolled.tag, "new": enrolled.is_new, "slot": enrolled.asset.slot}

    # One after the other when the slots are chosen on the way, so that their order is the cables'.
    done = for_each(addresses, one, at_once=1 if first is None else len(addresses))
    items = [{"address": each.address, **(each.result or _error(each.error))} for each in done]
    lines = [
        f"✔ {each.address}  {shown.tag(each.result['tag'])}"
        if each.result
        else f"✖ {each.address}  {_sentence(each.error)}"
        for each in done
    ]
    document: dict[str, Any] = {"items": items}
    if len(items) == 1:
        document |= {"tag": items[0].get("tag")}
    return Answer(document, lines, _exit_code(done))


def audit(options: Namespace) -> Answer:
    """Read and compare with the profile; nothing on a tablet changes."""
    begun = monotonic()
    tablets = _tablets(options)
    done = for_each(_addresses(options), tablets.audit)
    items = []
    lines = []
    for each in done:
        if each.result is None:
            items.append({"address": each.address, "compliant": None, **_error(each.error)})
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
    tablets = _tablets(options)
    if options.plan:
        return _plan(options, tablets, begun)

    def on_step(address: str, outcome: StepOutcome) -> None:
        if not options.json and outcome.state is not StepState.DOING:
            say(f"  {address}  {outcome.number}/{outcome.total}  {device_words.outcome(outcome)}")

    done = for_each(
        _addresses(options),
        lambda address: tablets.provision(address, lambda each: on_step(address, each)),
    )
    items = []
    lines = []
    for each in done:
        if each.result is None:
            items.append(
                {"address": each.address, "steps": [], "compliant": None, **_error(each.error)}
            )
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


def _plan(options: Namespace, tablets: Tablets, begun: float) -> Answer:
    done = for_each(_addresses(options), tablets.audit)
    items = []
    lines = []
    for each in done:
        if each.result is None:
            items.append({"address": each.address, "steps": [], **_error(each.error)})
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


def _tablets(options: Namespace) -> Tablets:
    profile = open_profile(getattr(options, "profile", None))
    apps: Path | None = getattr(options, "apps", None)
    catalogue = read_catalogue(apps) if apps else {}
    # Unknown tablets are read too: a register that does not exist is not made for a look.
    office = open_office(options.db, create=options.command == "enrol")
    return Tablets(open_link(options.db), wanting(profile, catalogue), office, catalogue)


def _addresses(options: Namespace) -> list[str]:
    if not options.tcp:
        raise InvalidInput("device.none_named")
    return list(dict.fromkeys(options.tcp))


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
    if UNREACHABLE in codes:
        return UNREACHABLE
    if codes:
        return min(codes)
    return DIFFERENCES if drift else DONE
