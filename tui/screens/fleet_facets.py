"""What the fleet list can be narrowed by, as lines of a panel and as choices of a dialog."""

from collections.abc import Callable, Iterable, Sequence

from fleet.names import fold_name
from fleet.query import Query, narrowed
from fleet.views import Facet, FacetKey, Views
from tui import format as shown
from tui.glyphs import Glyph, Tone
from tui.i18n import _
from tui.lists_words import FACETS, facet_value
from tui.screens.choice import Choice
from tui.widgets.line_list import ListLine
from tui.widgets.toned import Span, fit

PANEL_WIDTH = 24
_LABEL_WIDTH = PANEL_WIDTH - 14
_IN_DIALOG = 20


def panel_lines(facets: Iterable[Facet], query: Query, filter_text: str) -> list[ListLine]:
    """Headings and values with their counts; a value's key is the filter that it leads to."""
    chosen = {(term.key, term.value.lower()) for term in query.terms if not term.negated}
    lines: list[ListLine] = []
    for facet in facets:
        if not facet.values:
            continue
        lines.append(ListLine.of(FACETS[facet.key], Tone.MUTED))
        for value in facet.values:
            is_chosen = (facet.key.value, value.value.lower()) in chosen
            tick = Span(f"{Glyph.DONE if is_chosen else ' '} ", Tone.OK)
            label = Span(fit(facet_value(facet, value), _LABEL_WIDTH))
            count = Span(f"{shown.number(value.count):>6}", Tone.STRONG)
            key = narrowed(filter_text, facet.key, value.value) or " "
            lines.append(ListLine((tick, label, count), key))
        if facet.more:
            lines.append(ListLine.of("  …", Tone.MUTED))
    return lines


def facet_search(
    views: Views, query: Query, filter_text: str
) -> Callable[[str], Sequence[Choice[str]]]:
    """The search of a dialog over all values; they are counted once, when it first asks."""
    counted: list[tuple[str, Choice[str]]] = []

    def search(text: str) -> Sequence[Choice[str]]:
        if not counted:
            counted.extend(_choices(views, query, filter_text))
        wanted = fold_name(text).split()
        return [choice for folded, choice in counted if all(word in folded for word in wanted)]

    return search


def _choices(views: Views, query: Query, filter_text: str) -> Iterable[tuple[str, Choice[str]]]:
    for key in FacetKey:
        facet = views.facet(query, key, limit=_IN_DIALOG)
        for value in facet.values:
            label = _("{facet} : {value}").format(
                facet=FACETS[key], value=facet_value(facet, value)
            )
            target = narrowed(filter_text, key, value.value)
            yield fold_name(label), Choice(target, label, shown.number(value.count))
