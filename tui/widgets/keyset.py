"""Rows paged by key, offered to a table that asks for them by number."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from fleet.views import Page
from tui.widgets.virtual_table import Row

Item = TypeVar("Item")
PAGE_SIZE = 200


class KeysetSource(Generic[Item]):
    """Walks the pages once and remembers the key at which each begins.

    A jump forward reads the pages on its way; used by one thread at a time.
    """

    page_size = PAGE_SIZE

    def __init__(
        self,
        count: Callable[[], int],
        fetch: Callable[[int, str | None], Page[Item]],
        draw: Callable[[Item], Row],
    ) -> None:
        self._count = count
        self._fetch = fetch
        self._draw = draw
        self._starts: list[str | None] = [None]

    def count(self) -> int:
        return self._count()

    def page(self, index: int) -> Sequence[Row]:
        while len(self._starts) <= index:
            last = self._fetch(PAGE_SIZE, self._starts[-1])
            if last.next is None:
                return ()
            self._starts.append(last.next)
        found = self._fetch(PAGE_SIZE, self._starts[index])
        if found.next is not None and len(self._starts) == index + 1:
            self._starts.append(found.next)
        return [self._draw(item) for item in found.items]
