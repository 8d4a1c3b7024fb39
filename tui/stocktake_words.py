"""The words of stocktakes: findings, places, and sentences for what cannot be done."""

from collections.abc import Mapping

from fleet.stocktake import Finding
from fleet.stocktake_report import KnownPlace, ReportLine, StocktakeRow
from fleet.views import AssetRow
from tui import format as shown
from tui import words
from tui.glyphs import Glyph, Tone
from tui.i18n import _, ngettext
from tui.words import Look

STOCKTAKE: Mapping[str, tuple[str, str]] = {
    "stocktake.unknown": (
        _("Le récolement {stocktake} n’est pas connu."),
        _("Voir la liste : ardoise stocktake list."),
    ),
    "stocktake.place": (
        _("Un récolement porte sur une école, une de ses salles ou une mallette."),
        _("Donner --school, avec --room s’il le faut, ou bien --cart."),
    ),
    "stocktake.closed": (
        _("Ce récolement est clos depuis le {at}."),
        _("En ouvrir un autre ; ce qui est encore scanné s’ajoute au rapport."),
    ),
    "stocktake.unsigned": (
        _("La clôture demande le nom de la personne qui signe."),
        _("Donner ce nom."),
    ),
    "stocktake.not_confirmed": (
        _("Déclarer perdu ce qui manque demande une confirmation."),
        _("Donner --lost suivi du nombre d’appareils manquants : {count}."),
    ),
    "stocktake.misread": (
        _("« {text} » : lecture incomplète."),
        _("Scanner de nouveau cette étiquette."),
    ),
    "stocktake.not_an_asset": (
        _("« {text} » n’est pas le code d’un appareil."),
        _("Scanner l’étiquette de l’appareil ; une carte n’entre pas au récolement."),
    ),
    "stocktake.no_code": (
        _("« {text} » ne ressemble à aucun code."),
        _("Scanner l’étiquette, ou taper le numéro de série."),
    ),
    "stocktake.format": (
        _("« {file} » n’est pas un nom de rapport."),
        _("Donner un nom qui finit par .pdf ou par .csv."),
    ),
}

FINDINGS: Mapping[Finding, Look] = {
    Finding.FOUND: Look(Glyph.DONE, _("trouvé"), Tone.OK),
    Finding.MISSING: Look(Glyph.EMPTY, _("manquant"), Tone.BAD),
    Finding.MOVED: Look(Glyph.LENT, _("déplacé"), Tone.WARN),
    Finding.UNEXPECTED: Look(Glyph.WARN, _("inattendu"), Tone.WARN),
    Finding.UNKNOWN: Look(Glyph.UNKNOWN, _("inconnu"), Tone.WARN),
    Finding.LENT: Look(Glyph.LENT, _("en prêt"), Tone.BUSY),
}


def place(row: StocktakeRow) -> str:
    """Where a stocktake is: ``École Jean Macé · salle 12``."""
    parts = [row.school_name or row.school]
    if row.room:
        parts.append(_("salle {room}").format(room=row.room))
    if row.cart:
        parts.append(_("mallette {cart}").format(cart=row.cart))
    return " · ".join(parts)


def known_place(known: KnownPlace | None, here: StocktakeRow | None = None) -> str:
    """Where the register had an asset; the school is left out where it is the same."""
    if known is None:
        return ""
    same = here is not None and known.school in (here.school, here.school_name)
    parts = [known.school or "" if not same else ""]
    parts.append(_("salle {room}").format(room=known.room) if known.room else "")
    parts.append(_in_cart(known.cart, known.slot))
    return " · ".join(filter(None, parts)) or known.school or _("sans école")


def current_place(asset: AssetRow) -> str:
    """Where the register has an asset, within its school."""
    return _in_cart(asset.cart_name or asset.cart, asset.slot)


def about(line: ReportLine, here: StocktakeRow) -> str:
    """What a person should know of one line: where it was expected, in which state."""
    if line.finding is Finding.MOVED:
        return _("attendu à {place}").format(place=known_place(line.known, here))
    if line.finding is Finding.UNEXPECTED and line.state is not None:
        return words.STATES[line.state].word
    if line.finding is Finding.MISSING and line.asset is not None:
        return current_place(line.asset)
    return ""


def name(line: ReportLine) -> str:
    """What stands on the label, else what the asset is called, else the unknown code."""
    asset = line.asset
    if asset is None:
        return line.code or "—"
    return shown.tag(asset.tag) if asset.tag else asset.name or asset.serial or asset.id


def what(asset: AssetRow | None) -> str:
    """Name or model, else the kind."""
    if asset is None:
        return ""
    return (
        asset.name or " ".join(filter(None, (asset.maker, asset.model))) or words.kind(asset.kind)
    )


def missing(count: int) -> str:
    """``3 manquants``."""
    return ngettext("{count} manquant", "{count} manquants", count).format(
        count=shown.number(count)
    )


def _in_cart(cart: str | None, slot: int | None) -> str:
    if not cart:
        return ""
    return f"{cart} · {slot:02}" if slot else cart
