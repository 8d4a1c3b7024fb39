"""Interleaved rounds and the table that they end in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of every round of one contender."""

    name: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.seconds)

    @property
    def p99(self) -> float:
        if len(self.seconds) < 2:
            return self.seconds[0]
        return quantiles(self.seconds, n=100, method="inclusive")[98]


def rounds(contenders: Mapping[str, Callable[[], float | None]], count: int) -> list[Timing]:
    """Run each contender ``count`` times, in turn, so that a busy moment touches all alike.

    A contender that returns seconds timed itself; otherwise its whole call is timed.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _round in range(count):
        for name, run in contenders.items():
            begun = perf_counter()
            own = run()
            seconds[name].append(perf_counter() - begun if own is None else own)
    return [Timing(name, tuple(each)) for name, each in seconds.items()]


def show(title: str, timings: list[Timing], note: str = "") -> str:
    """A Markdown table; ratios are of medians, against the first contender."""
    base = timings[0].median
    lines = [f"### {title}", "", "| | median ms | p99 ms | ratio |", "|---|---|---|---|"]
    lines += [
        f"| {each.name} | {each.median * 1000:.2f} | {each.p99 * 1000:.2f} "
        f"| {each.median / base:.2f} |"
        for each in timings
    ]
    lines += ["", f"n = {len(timings[0].seconds)}. {note}".rstrip(), ""]
    return "\n".join(lines)
