"""What a card says of an asset, as a panel and as lines."""

from datetime import date

from fleet.asset import Condition
from fleet.views import AssetCard, AssetRow, HistoryRow
from tui import format as shown
from tui import words
from tui.glyphs import Glyph, Tone
from tui.i18n import _, ngettext
from tui.widgets.line_list import ListLine
from tui.widgets.scan_panel import Answer
from tui.widgets.toned import Span

LABEL_WIDTH = 13


def place(row: AssetRow) -> str:
    """Where an asset belongs: ``M-03 · 07``."""
    cart = row.cart_name or (shown.tag(row.cart) if row.cart else None)
    slot = f"{row.slot:02}" if row.slot is not None else None
    return " · ".join(filter(None, (cart, slot)))


def model(row: AssetRow) -> str:
    """Maker and model, or the name that people use."""
    return " ".join(filter(None, (row.maker, row.model))) or row.name or ""


def head(card: AssetCard) -> Answer:
    """What it is, where it is and who has it, for the panel."""
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


def facts(card: AssetCard) -> list[ListLine]:
    """Everything known about it, one line each."""
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


def event(row: HistoryRow, today: date) -> ListLine:
    """One operation of its history."""
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
