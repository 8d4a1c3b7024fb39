"""What can go wrong with a tablet, as values: one row of ``SCENARIOS`` per trouble."""

from collections.abc import Mapping
from dataclasses import dataclass

from agents.virtual.device import VirtualTablet


@dataclass(frozen=True, slots=True)
class Scenario:
    """One trouble and the tablets that have it."""

    name: str
    tablets: range | None = None
    """Positions in the farm; ``None`` for all."""
    needs_allow: bool = False
    """New host keys wait until somebody presses Allow."""
    drops_after_bytes: int | None = None
    """The cable is pulled, once, when so many bytes of a push have come."""
    free_bytes: int | None = None
    """Room that is left on /data."""
    serial: str | None = None
    """The serial that the tablets share."""

    def applies_to(self, position: int) -> bool:
        return self.tablets is None or position in self.tablets

    def prepare(self, tablet: VirtualTablet) -> None:
        """Put one tablet into trouble."""
        if self.needs_allow:
            tablet.is_authorising = False
        if self.drops_after_bytes is not None:
            tablet.faults.drops_after_bytes = self.drops_after_bytes
        if self.free_bytes is not None:
            tablet.fill_storage(self.free_bytes)
        if self.serial is not None:
            tablet.relabel(self.serial)


SCENARIOS: Mapping[str, Scenario] = {
    scenario.name: scenario
    for scenario in (
        Scenario("unauthorised", needs_allow=True),
        Scenario("pulled_mid_push", drops_after_bytes=256 * 1024),
        Scenario("storage_full", free_bytes=64 * 1024),
        # Makers of cheap tablets forget to write one: all bear the same.
        Scenario("duplicate_serials", tablets=range(3), serial="0123456789ABCDEF"),
    )
}
