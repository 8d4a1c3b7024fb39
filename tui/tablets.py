"""Tablets on the bench: read, audit, set right and enrol them, one or sixteen side by side.

Glue between the link to a device, the pure rules of ``fleet`` and the ledger; the commands, the
bench screen and the demo all go through here.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from agents.adb.apply import apply_plan, wait_until_booted
from agents.adb.facts import fetch_facts
from fleet.asset import Asset
from fleet.bridge import Bridge, CancelToken, Link, quote
from fleet.errors import DeviceError, FleetError
from fleet.facts import ASSET_TAG_SETTING, DeviceFacts
from fleet.plan import Catalogue, Plan, plan
from fleet.policies import Audit, audit
from fleet.profile import Profile
from fleet.steps import StepOutcome
from fleet.usecases.enrolling import Enrolled, enrol, recognise, record_audit, record_provisioned
from tui.office import Office

PROMPT_S = 60.0
"""For a person to find the tablet and press Allow; a dead address is given up much sooner."""
AT_ONCE = 16
"""Tablets worked on side by side; the wire and the hub are the limit, not the threads."""

OnStep = Callable[[StepOutcome], None]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reading of one tablet said."""

    address: str
    facts: DeviceFacts
    audit: Audit
    asset: Asset | None
    """The asset that it is; None for a tablet that the register does not know."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What provisioning did to one tablet."""

    before: Reading
    plan: Plan
    outcomes: tuple[StepOutcome, ...]
    after: Reading


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """What became of the work on one address: a result or an error, never neither."""

    address: str
    result: Result | None = None
    error: FleetError | None = field(default=None, compare=False)


class Tablets:
    """The tablets of one bench, held against one profile."""

    def __init__(
        self,
        link: Link,
        profile: Profile,
        office: Office | None = None,
        catalogue: Catalogue | None = None,
    ) -> None:
        self._link = link
        self.profile = profile
        self._office = office
        self._catalogue = catalogue or {}

    def connect(
        self,
        address: str,
        on_prompt: Callable[[], None] | None = None,
        cancel: CancelToken | None = None,
    ) -> Bridge:
        """Open the link to one tablet; one that asks its user waits a minute for the answer."""
        return self._link.connect(address, timeout_s=PROMPT_S, on_prompt=on_prompt, cancel=cancel)

    def read(self, bridge: Bridge) -> Reading:
        """Read and audit one tablet; an audit of a known one goes into its history."""
        facts = fetch_facts(bridge, self.profile.paths)
        verdicts = audit(self.profile, facts)
        asset = None
        if self._office is not None:
            with self._office.work() as work:
                asset = recognise(work, facts)
                if asset is not None:
                    record_audit(work, asset, facts, verdicts)
                    asset = work.asset(asset.id)
                    work.commit()
        return Reading(bridge.address, facts, verdicts, asset)

    def plan(self, reading: Reading) -> Plan:
        """What would be done to a tablet that was read."""
        return plan(self.profile, reading.facts, self._catalogue)

    def provision(
        self,
        address: str,
        on_step: OnStep | None = None,
        cancel: CancelToken | None = None,
        on_prompt: Callable[[], None] | None = None,
    ) -> Applied:
        """Read, plan, apply and read again; a tablet with nothing to do is only read."""
        bridge = self.connect(address, on_prompt, cancel)
        try:
            before = self.read(bridge)
            planned = self.plan(before)
            if not planned.steps:
                return Applied(before, planned, (), before)
            outcomes: list[StepOutcome] = []

            def note(outcome: StepOutcome) -> None:
                outcomes[outcome.number - 1 :] = [outcome]
                if on_step is not None:
                    on_step(outcome)

            try:
                apply_plan(bridge, planned, on_step=note, cancel=cancel)
            finally:
                self._enter(before.asset, tuple(outcomes))
            if planned.reboots:
                bridge.close()
                bridge = wait_until_booted(
                    lambda: self.connect(address, None, cancel),
                    before.facts.boot_id,
                    cancel=cancel,
                )
            return Applied(before, planned, tuple(outcomes), self.read(bridge))
        finally:
            bridge.close()

    def audit(
        self,
        address: str,
        cancel: CancelToken | None = None,
        on_prompt: Callable[[], None] | None = None,
    ) -> Reading:
        """Read and audit the tablet at ``address``."""
        bridge = self.connect(address, on_prompt, cancel)
        try:
            return self.read(bridge)
        finally:
            bridge.close()

    def look(
        self,
        address: str,
        cancel: CancelToken | None = None,
        on_prompt: Callable[[], None] | None = None,
    ) -> tuple[DeviceFacts, Asset | None]:
        """What a tablet says of itself, and the asset that it is; writes nothing."""
        bridge = self.connect(address, on_prompt, cancel)
        try:
            facts = fetch_facts(bridge)
        finally:
            bridge.close()
        if self._office is None:
            return facts, None
        with self._office.work() as work:
            return facts, recognise(work, facts)

    def enrol(
        self,
        address: str,
        *,
        school: str | None = None,
        cart: str | None = None,
        slot: int | None = None,
        cancel: CancelToken | None = None,
        on_prompt: Callable[[], None] | None = None,
    ) -> Enrolled:
        """Enter the tablet in the register, then leave its tag on it.

        In this order: a cable pulled in between leaves a tablet that the next enrolment knows.
        """
        if self._office is None:
            raise FleetError("enrol.no_register")
        bridge = self.connect(address, on_prompt, cancel)
        try:
            facts = fetch_facts(bridge)
            with self._office.work() as work:
                enrolled = enrol(work, facts, school=school, cart=cart, slot=slot)
                work.commit()
            leave_tag(bridge, enrolled.tag)
            return enrolled
        finally:
            bridge.close()

    def _enter(self, asset: Asset | None, outcomes: tuple[StepOutcome, ...]) -> None:
        if self._office is None or asset is None or not outcomes:
            return
        with self._office.work() as work:
            record_provisioned(work, asset, self.profile.label, outcomes)
            work.commit()


def leave_tag(bridge: Bridge, tag: str) -> None:
    """Write the asset's tag into the tablet's settings, so that it says who it is."""
    put = bridge.shell(f"settings put global {ASSET_TAG_SETTING} {quote(tag)}")
    found = bridge.shell(f"settings get global {ASSET_TAG_SETTING}").out.strip()
    if found != tag:
        reason = (put.err or put.out).strip() or found
        raise DeviceError("device.remote", device=bridge.address, reason=reason)


def for_each(
    addresses: Sequence[str],
    task: Callable[[str], Result],
    at_once: int = AT_ONCE,
    cancel: CancelToken | None = None,
) -> list[Done[Result]]:
    """Do ``task`` for every address side by side; one that fails never stops the others.

    An interrupt fires ``cancel``, which the tasks hold, so that it need not wait for tablets.
    """

    def attempt(address: str) -> Done[Result]:
        try:
            return Done(address, task(address))
        except FleetError as error:
            return Done(address, error=error)

    with ThreadPoolExecutor(max_workers=max(1, min(at_once, len(addresses)))) as pool:
        try:
            return list(pool.map(attempt, addresses))
        except KeyboardInterrupt:
            if cancel is not None:
                cancel.cancel()
            raise
