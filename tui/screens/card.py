"""An asset's card: what it is, where, who has it, and what happened to it, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from textual import on, work
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from fleet.asset import Condition
from fleet.errors import FleetError, NotFound
from fleet.scan import Misread, Scan, ScannedTag
from fleet.tags import CodeKind
from fleet.views import AssetCard, AssetRow, HistoryRow, Views
from tui import format as shown
from tui import words
from tui.glyphs import Glyph, Tone
from tui.i18n import _, ngettext
from tui.screens.page import BACK, Page
from tui.sentences import sentence
from tui.widgets.bars import PlaceBar
from tui.widgets.line_list import LineList, ListLine
from tui.widgets.scan_gate import lookup_candidates
from tui.widgets.scan_panel import Answer, ScanPanel
from tui.widgets.toned import Span

LABEL_WIDTH = 13


class CardScreen(Page[None]):
    """Shows one asset; scanning another one shows that."""

    PLACE = _("Fiche")
    PROMPT = _("Scanner un autre appareil")
    KEYS = (BACK,)
    CSS_PATH = "card.tcss"

    @dataclass
    class _Found(Message):
        wanted: tuple[str, ...]
        card: AssetCard
        history: tuple[HistoryRow, ...]

    @dataclass
    class _Missing(Message):
        wanted: tuple[str, ...]
        error: FleetError

    def __init__(self, candidates: tuple[str, ...]) -> None:
        super().__init__()
        self._wanted = candidates

    def body(self) -> Iterable[Widget]:
        yield ScanPanel()
        yield Horizontal(LineList(_("Détails"), id="facts"), LineList(_("Histoire"), id="history"))

    def start(self) -> None:
        self._load(self.office.views, self._wanted)

    @work(thread=True, group="card", exit_on_error=False)
    def _load(self, views: Views, wanted: tuple[str, ...]) -> None:
        try:
            card = find_card(views, wanted)
            self.post_message(self._Found(wanted, card, views.history(card.row.id)))
        except FleetError as error:
            self.post_message(self._Missing(wanted, error))

    @on(_Found)
    def _show(self, message: _Found) -> None:
        if message.wanted != self._wanted:
            return
        card = message.card
        today = self.ardoise.clock().astimezone().date()
        self.query_one(ScanPanel).show(_head(card))
        self.query_one(PlaceBar).subject = shown.tag(card.row.tag)
        self.query_one("#facts", LineList).show(_facts(card))
        self.query_one("#history", LineList).show([_event(row, today) for row in message.history])

    @on(_Missing)
    def _say_missing(self, message: _Missing) -> None:
        if message.wanted != self._wanted:
            return
        text = sentence(message.error)
        self.query_one(ScanPanel).show(Answer(Tone.BAD, Glyph.UNKNOWN, text.what, (text.remedy,)))
        self.query_one(PlaceBar).subject = ""
        self.query_one("#facts", LineList).show(())
        self.query_one("#history", LineList).show(())

    def scanned(self, scan: Scan) -> None:
        is_other = isinstance(scan, ScannedTag) and scan.code.kind is not CodeKind.ASSET
        if is_other or isinstance(scan, Misread):
            super().scanned(scan)
        else:
            self._wanted = lookup_candidates(scan)
            self.start()

    def action_steer(self, by: int) -> None:
        history = self.query_one("#history", LineList)
        history.move(by)


def find_card(views: Views, candidates: tuple[str, ...]) -> AssetCard:
    """The card of the asset that one of these codes names, by tag first, then by serial.

    Raises ``NotFound('asset.unknown')`` or ``Refusal`` where several answer.
    """
    for code in candidates:
        card = views.asset(code)
        if card is not None:
            return card
    alike = views.assets_like(candidates)
    if len(alike) > 1:
        raise NotFound("asset.ambiguous", serial=candidates[0], count=len(alike))
    card = views.asset(alike[0].id) if alike else None
    if card is None:
        raise NotFound("asset.unknown", tag=candidates[0])
    return card


def place(row: AssetRow) -> str:
    """Where an asset belongs: ``M-03 · 07``."""
    cart = row.cart_name or (shown.tag(row.cart) if row.cart else None)
    slot = f"{row.slot:02}" if row.slot is not None else None
    return " · ".join(filter(None, (cart, slot)))


def model(row: AssetRow) -> str:
    """Maker and model, or the name that people use."""
    return " ".join(filter(None, (row.maker, row.model))) or row.name or ""


def _head(card: AssetCard) -> Answer:
    row = card.row
    look = words.STATES[row.state]
    title = f"{row.name or shown.tag(row.tag)}   {look.word}"
    what = " · ".join(filter(None, (words.KINDS[row.kind], model(row))))
    where = " · ".join(filter(None, (row.school_name or row.school, place(row), card.room)))
    lines = [what, where or _("sans école")]
    if row.borrower_name or row.lent_at:
        lines.append(_loan(row))
    if card.conflicts:
        text = ngettext("{count} conflit ouvert", "{count} conflits ouverts", card.conflicts)
        lines.append(f"{Glyph.BAD} {text.format(count=card.conflicts)}")
    return Answer(look.tone, look.glyph, title, tuple(lines))


def _loan(row: AssetRow) -> str:
    who = row.borrower_name or _("quelqu’un dont le nom a été effacé")
    if row.borrower_class:
        who = f"{who} ({row.borrower_class})"
    since = _(", depuis le {day}").format(day=shown.since(row.lent_at)) if row.lent_at else ""
    due = _(", retour le {day}").format(day=shown.day(row.due)) if row.due else ""
    return f"{Glyph.LENT} {who}{since}{due}"


def _facts(card: AssetCard) -> list[ListLine]:
    row = card.row
    audit = words.compliance(row.compliant)
    audited = (
        audit.word if row.audited_at is None else f"{audit.word}, {shown.since(row.audited_at)}"
    )
    capacity = f"{shown.number(card.present or 0)} / {card.capacity}" if card.capacity else None
    named: list[tuple[str, str | None]] = [
        (_("Étiquette"), shown.tag(row.tag) if row.tag else None),
        (_("Série"), row.serial),
        (_("Android"), card.os_version),
        (_("Wi-Fi"), card.wifi_mac),
        (_("Contenu"), capacity),
        (_("Avec"), ", ".join(words.accessory(each) for each in card.accessories)),
        (_("Profil"), card.profile),
        (_("Propriétaire"), card.owner),
        (_("Inventaire"), card.accounting_number),
        (_("Acheté le"), shown.since(card.purchased_on) if card.purchased_on else None),
        (_("Garantie"), shown.since(card.warranty_until) if card.warranty_until else None),
        (_("Fournisseur"), card.supplier),
        (_("Lot"), card.lot),
        (_("Prix"), shown.euros(card.price_cents) if card.price_cents is not None else None),
        (_("Financement"), card.funding),
    ]
    lines = [
        ListLine((Span(label.ljust(LABEL_WIDTH), Tone.MUTED), Span(value)))
        for label, value in named
        if value
    ]
    if row.kind.value == "tablet":
        lines.insert(
            2,
            ListLine(
                (
                    Span(_("Contrôle").ljust(LABEL_WIDTH), Tone.MUTED),
                    Span(f"{audit.glyph} {audited}", audit.tone),
                )
            ),
        )
    if card.unknown_kinds:
        lines.append(
            ListLine.of(_("Certaines opérations viennent d’un Ardoise plus récent."), Tone.WARN)
        )
    return lines


def _event(row: HistoryRow, today: date) -> ListLine:
    look = words.history(row.kind)
    spans = [
        Span(f"{shown.lately(row.at, today)} ", Tone.MUTED),
        Span(f"{look.glyph} ", look.tone),
        Span(" ".join(filter(None, (look.word, _detail(row))))),
        Span(f" · {row.author}", Tone.MUTED),
    ]
    return ListLine(tuple(spans), row.id)


def _detail(row: HistoryRow) -> str:
    body = row.body
    parts = [row.person_name or ""]
    if body.get("condition") == "damaged":
        parts.append(words.CONDITIONS[Condition.DAMAGED].word)
    missing = body.get("missing")
    if isinstance(missing, list):
        parts += [
            _("{accessory} manquant").format(accessory=words.accessory(str(each)))
            for each in missing
        ]
    if isinstance(body.get("compliant"), bool):
        parts.append(words.compliance(bool(body["compliant"])).word)
    if isinstance(body.get("slot"), int):
        parts.append(_("emplacement {slot}").format(slot=body["slot"]))
    return ", ".join(filter(None, parts))
