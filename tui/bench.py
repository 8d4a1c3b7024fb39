"""The bench: up to sixteen tablets, each in its slot, read, audited and set right side by side.

One thread per slot at most and a bound on how many talk at once; one tablet's trouble never stops
the others. Whoever shows the bench is told through ``on_change`` and reads ``slots``.
"""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Event, RLock, Thread
from typing import Any

from agents.adb.presence import answers
from fleet.bridge import CancelToken
from fleet.errors import DeviceError, FleetError
from fleet.plan import Plan
from fleet.steps import StepOutcome, StepState
from tui.office import Office
from tui.tablets import AT_ONCE, Reading, Tablets

WATCH_EVERY_S = 1.0


class SlotPhase(StrEnum):
    """Where a slot stands."""

    EMPTY = "empty"
    CONNECTING = "connecting"
    PROMPT = "prompt"
    """The tablet asks its user to allow this laptop."""
    READING = "reading"
    READ = "read"
    """Known and audited; ``compliant`` says how."""
    APPLYING = "applying"
    FAILED = "failed"
    """``error`` says why; plugging or auditing again starts over."""


@dataclass(frozen=True, slots=True)
class SlotView:
    """What the bench shows of one slot."""

    slot: int
    """As printed on the case, from 1."""
    phase: SlotPhase = SlotPhase.EMPTY
    address: str | None = None
    expected: str | None = None
    """Tag of the asset that the register has in this slot."""
    tag: str | None = None
    """Tag of the asset that is there; None for one the register does not know."""
    serial: str | None = None
    model: str | None = None
    os_version: str | None = None
    battery: int | None = None
    """Per cent."""
    borrower_name: str | None = None
    compliant: bool | None = None
    """None until audited, or when it could not be told."""
    failing: tuple[str, ...] = ()
    """Policies that do not hold."""
    step: str | None = None
    """Code of the step under way."""
    done: int = 0
    total: int = 0
    """Steps of the plan."""
    error: FleetError | None = None


class Bench:
    """The slots of one case, each at an address, held against one profile."""

    def __init__(
        self,
        tablets: Tablets,
        office: Office,
        addresses: Sequence[str],
        cart: str | None = None,
    ) -> None:
        """``addresses`` in the order of the slots; ``cart`` is the tag of the case."""
        self._tablets = tablets
        self._office = office
        self._cart = cart
        self._addresses = dict(enumerate(addresses, 1))
        self._lock = RLock()
        self._callbacks: list[Callable[[SlotView], None]] = []
        self._readings: dict[int, Reading] = {}
        self._working: set[int] = set()
        self._cancel = CancelToken()
        self._closed = Event()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="slot")
        self._views = self._register()
        self.profile_name = tablets.profile.label
        card = office.views.asset(cart) if cart else None
        self.cart_name = card.row.name or card.row.tag if card else None
        self._watcher = Thread(target=self._watch, name="bench-watch", daemon=True)

    @property
    def slots(self) -> tuple[SlotView, ...]:
        """Every slot of the case, in order."""
        with self._lock:
            return tuple(self._views[slot] for slot in sorted(self._views))

    @property
    def busy(self) -> bool:
        with self._lock:
            return bool(self._working)

    def subscribe(self, callback: Callable[[SlotView], None]) -> None:
        """Call ``callback``, from any thread, with each slot that changed."""
        with self._lock:
            self._callbacks.append(callback)

    def start(self) -> None:
        """Begin to watch the addresses: a tablet that appears is read at once."""
        self._watcher.start()

    def audit(self, slots: Collection[int] | None = None) -> None:
        """Read and audit; returns at once."""
        self._launch(slots, self._audit)

    def apply(self, slots: Collection[int] | None = None) -> None:
        """Apply each slot's plan and audit again; returns at once."""
        self._launch(slots, self._apply)

    def enrol(self, slots: Collection[int] | None = None) -> None:
        """Enter the tablets in the register, in their slots of the case; returns at once."""
        self._launch(slots, self._enrol)

    def plans(self) -> dict[int, Plan]:
        """What would be done to each tablet that was read."""
        with self._lock:
            readings = dict(self._readings)
        return {slot: self._tablets.plan(reading) for slot, reading in sorted(readings.items())}

    def cancel(self) -> None:
        """Stop what is under way; each tablet ends its present step."""
        with self._lock:
            self._cancel.cancel()
            self._cancel = CancelToken()

    def close(self) -> None:
        """Stop everything and let go of the tablets."""
        self._closed.set()
        self.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._watcher.is_alive():
            self._watcher.join()

    def _launch(
        self, slots: Collection[int] | None, work: Callable[[int, str, CancelToken], None]
    ) -> None:
        with self._lock:
            wanted = self._addresses.keys() if slots is None else slots
            for slot in sorted(wanted):
                address = self._addresses.get(slot)
                if address is None or slot in self._working or self._closed.is_set():
                    continue
                self._working.add(slot)
                self._pool.submit(self._do, slot, address, work, self._cancel)

    def _do(
        self,
        slot: int,
        address: str,
        work: Callable[[int, str, CancelToken], None],
        cancel: CancelToken,
    ) -> None:
        try:
            self._set(slot, phase=SlotPhase.CONNECTING, error=None, step=None, done=0, total=0)
            work(slot, address, cancel)
        except FleetError as error:
            absent = isinstance(error, DeviceError) and error.code == "device.unreachable"
            with self._lock:
                self._readings.pop(slot, None)
            if absent:
                self._empty(slot)
            else:
                self._set(slot, phase=SlotPhase.FAILED, error=error, step=None)
        finally:
            with self._lock:
                self._working.discard(slot)

    def _audit(self, slot: int, address: str, cancel: CancelToken) -> None:
        def prompt() -> None:
            self._set(slot, phase=SlotPhase.PROMPT)

        bridge = self._tablets.connect(address, prompt, cancel)
        try:
            self._set(slot, phase=SlotPhase.READING)
            self._show(slot, self._tablets.read(bridge))
        finally:
            bridge.close()

    def _apply(self, slot: int, address: str, cancel: CancelToken) -> None:
        def on_step(outcome: StepOutcome) -> None:
            finished = outcome.number - (outcome.state is StepState.DOING)
            self._set(
                slot,
                phase=SlotPhase.APPLYING,
                step=outcome.step.kind,
                done=finished,
                total=outcome.total,
            )

        def prompt() -> None:
            self._set(slot, phase=SlotPhase.PROMPT)

        self._show(slot, self._tablets.provision(address, on_step, cancel, prompt).after)

    def _enrol(self, slot: int, address: str, cancel: CancelToken) -> None:
        self._tablets.enrol(
            address, cart=self._cart, slot=slot if self._cart else None, cancel=cancel
        )
        self._audit(slot, address, cancel)

    def _show(self, slot: int, reading: Reading) -> None:
        with self._lock:
            self._readings[slot] = reading
        facts = reading.facts
        tag = reading.asset.tag if reading.asset else None
        card = self._office.views.asset(tag) if tag else None
        self._set(
            slot,
            phase=SlotPhase.READ,
            tag=tag,
            serial=facts.serial,
            model=facts.model,
            os_version=facts.release,
            battery=facts.battery.level if facts.battery else None,
            borrower_name=card.row.borrower_name if card else None,
            compliant=reading.audit.is_compliant,
            failing=tuple(each.policy for each in reading.audit.open_verdicts if each.critical),
            step=None,
            error=None,
        )

    def _register(self) -> dict[int, SlotView]:
        expected = self._office.views.slots(self._cart) if self._cart else ()
        tags = {each.slot: each.asset.tag for each in expected if each.asset}
        numbers = {each.slot for each in expected} | set(self._addresses)
        return {
            slot: SlotView(slot, address=self._addresses.get(slot), expected=tags.get(slot))
            for slot in numbers
        }

    def _empty(self, slot: int) -> None:
        with self._lock:
            view = self._views[slot]
            self._views[slot] = SlotView(slot, address=view.address, expected=view.expected)
            self._readings.pop(slot, None)
        self._tell(slot)

    def _set(self, slot: int, **changes: Any) -> None:
        with self._lock:
            self._views[slot] = replace(self._views[slot], **changes)
        self._tell(slot)

    def _tell(self, slot: int) -> None:
        with self._lock:
            view, callbacks = self._views[slot], tuple(self._callbacks)
        for callback in callbacks:
            callback(view)

    def _watch(self) -> None:
        while not self._closed.is_set():
            for slot, address in self._addresses.items():
                with self._lock:
                    if slot in self._working:
                        continue
                    phase = self._views[slot].phase
                present = answers(address)
                if phase is SlotPhase.EMPTY and present:
                    self.audit([slot])
                elif phase in (SlotPhase.READ, SlotPhase.FAILED) and not present:
                    self._empty(slot)
            self._closed.wait(WATCH_EVERY_S)
