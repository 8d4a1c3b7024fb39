"""What the bench screen asks of a bench, so that it knows neither threads nor devices."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from fleet.plan import Plan
    from tui.bench import SlotView


class BenchLike(Protocol):
    """Up to sixteen slots, worked on in threads of their own."""

    @property
    def slots(self) -> "tuple[SlotView, ...]":
        """All slots as they stand, by number."""

    @property
    def profile_name(self) -> str:
        """Label of the profile that tablets are compared with."""

    @property
    def cart_name(self) -> str | None:
        """Name of the cart whose slots these are."""

    @property
    def busy(self) -> bool:
        """Whether any slot is being worked on."""

    def subscribe(self, callback: "Callable[[SlotView], None]") -> None:
        """Call ``callback`` from a worker thread whenever a slot changes."""

    def audit(self, slots: Collection[int] | None = None) -> None:
        """Start reading and judging these slots, or all; returns at once."""

    def plans(self) -> "dict[int, Plan]":
        """What applying would do, by slot; may block."""

    def apply(self, slots: Collection[int] | None = None) -> None:
        """Start applying the plans of these slots, or of all; returns at once."""

    def enrol(self, slots: Collection[int] | None = None) -> None:
        """Start registering the unknown tablets of these slots, or of all; returns at once."""

    def cancel(self) -> None:
        """Stop all work after the step under way."""

    def close(self) -> None:
        """Let go of every device."""
