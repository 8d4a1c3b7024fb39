"""The outcomes of the desk in words: what fills the panel, and what goes into the day's log."""

from collections.abc import Sequence
from datetime import datetime

from fleet.asset import Asset, Condition
from fleet.errors import FleetError
from fleet.scan import Misread, MisreadReason, Scan, ScannedTag
from fleet.usecases.lending import LoanReceipt
from fleet.views import AssetRow, LoanRow, PersonRow
from tui import format as shown
from tui import words
from tui.glyphs import Glyph, Tone
from tui.i18n import _, ngettext
from tui.screens.desk_outcomes import (
    Holding,
    Lent,
    Mode,
    Outcome,
    Refused,
    SpareGiven,
    TakenApart,
    TakenBack,
    Unknown,
    WaitsForAsset,
    WaitsForPerson,
)
from tui.sentences import sentence
from tui.widgets.line_list import ListLine
from tui.widgets.scan_panel import Answer
from tui.widgets.toned import Span

MODES = {
    Mode.ROLL: _("Appel"),
    Mode.QUEUE: _("File"),
    Mode.RETURN: _("Retours"),
}


def welcome(mode: Mode, person: PersonRow | None) -> Answer:
    """What the panel says before the first scan, or when a name is armed."""
    if mode is Mode.RETURN:
        return Answer(
            Tone.MUTED,
            Glyph.EMPTY,
            _("Scanner les tablettes qui reviennent"),
            (_("Chaque étiquette clôt aussitôt son prêt."),),
        )
    if person is not None:
        return Answer(
            Tone.BUSY, Glyph.BUSY, _("{person} → scanner la tablette…").format(person=name(person))
        )
    return Answer(
        Tone.MUTED,
        Glyph.EMPTY,
        _("Scanner une tablette ou la carte d’un élève"),
        (_("Dans l’ordre qu’on veut ; ou taper un nom, ↓ puis Entrée."),),
    )


def answer(outcome: Outcome) -> Answer | None:
    """The panel for an outcome; None leaves it as it is."""
    match outcome:
        case Lent(receipt, accessories):
            return Answer(
                Tone.OK,
                Glyph.DONE,
                f"{shown.tag(receipt.tag)}  →  {receipt.person.full_name}",
                (
                    " · ".join(filter(None, (_model(receipt.asset), receipt.person.class_name))),
                    words.accessories(accessories) + _with_labelled(receipt),
                    _("retour le {day}").format(day=shown.day(receipt.due))
                    if receipt.due
                    else _("sans date de retour"),
                ),
            )
        case TakenBack():
            return _taken_back(outcome)
        case WaitsForPerson(asset):
            title = _("{tag} → scanner l’élève…").format(tag=shown.tag(asset.tag))
            return Answer(Tone.BUSY, Glyph.BUSY, title, (_described(asset),))
        case WaitsForAsset(person):
            title = _("{person} → scanner la tablette…").format(person=name(person))
            return Answer(Tone.BUSY, Glyph.BUSY, title, (person.class_name,))
        case Holding(person, loans):
            return _holding(person, loans)
        case Refused(error, tag):
            words_for = sentence(error)
            if error.code == "loan.already_lent":
                return _already_lent(error)
            title = _("{tag} : refusé").format(tag=shown.tag(tag)) if tag else _("Refusé")
            return Answer(Tone.BAD, Glyph.BAD, title, (words_for.what, words_for.remedy))
        case Unknown(scan):
            return _unknown(scan)
        case SpareGiven(settled, accessory):
            title = _("{tag} : {accessory} de rechange").format(
                tag=shown.tag(settled.asset.tag), accessory=words.accessory(accessory)
            )
            who = settled.person.full_name if settled.person else ""
            return Answer(Tone.OK, Glyph.DONE, title, (who,))
        case TakenApart(undone):
            title = _("{tag} : {gesture} annulé").format(
                tag=shown.tag(undone.asset.tag), gesture=_gesture(undone.kind)
            )
            return Answer(Tone.WARN, Glyph.UNDONE, title, (words.STATES[undone.asset.state].word,))
        case _:
            return None


def log_line(outcome: Outcome, now: datetime) -> ListLine | None:
    """The line of the day's log for an outcome that is worth one."""
    match outcome:
        case Lent(receipt):
            text = f"{shown.tag(receipt.tag)} → {receipt.person.full_name}"
            return _logged(now, Glyph.DONE, Tone.OK, text)
        case TakenBack(receipt):
            who = receipt.person.full_name if receipt.person else ""
            damaged = receipt.condition is Condition.DAMAGED or receipt.missing
            glyph, tone = (Glyph.WARN, Tone.WARN) if damaged else (Glyph.DONE, Tone.OK)
            return _logged(now, glyph, tone, f"{shown.tag(receipt.tag)} ← {who}".rstrip(" ←"))
        case Refused(error, tag):
            text = f"{shown.tag(tag)} : {_short(error.code)}" if tag else _short(error.code)
            return _logged(now, Glyph.BAD, Tone.BAD, text)
        case SpareGiven(settled, accessory):
            text = f"{shown.tag(settled.asset.tag)} + {words.accessory(accessory)}"
            return _logged(now, Glyph.DONE, Tone.OK, text)
        case TakenApart(undone):
            text = _("{tag} : {gesture} annulé").format(
                tag=shown.tag(undone.asset.tag), gesture=_gesture(undone.kind)
            )
            return _logged(now, Glyph.UNDONE, Tone.MUTED, text)
        case _:
            return None


def is_accepted(outcome: Outcome) -> bool | None:
    """Which sound: one note, two notes, or none."""
    match outcome:
        case Refused() | Unknown():
            return False
        case Lent() | TakenBack() | WaitsForAsset() | WaitsForPerson() | Holding() | TakenApart():
            return True
        case SpareGiven():
            return True
        case _:
            return None


def name(person: PersonRow) -> str:
    """A person as lists show them; homonyms by class and mark."""
    return f"{person.full_name} ({person.mark})" if person.mark else person.full_name


def short_name(full_name: str) -> str:
    """``NGUYEN L.``: enough to call somebody in their own class."""
    family, _space, given = full_name.rpartition(" ")
    return f"{family} {given[:1]}." if family else full_name


def progress(served: int, total: int) -> str:
    """``17 / 28 remises``."""
    return ngettext("{served} / {total} remise", "{served} / {total} remises", total).format(
        served=served, total=total
    )


def still_out(loans: Sequence[LoanRow]) -> str:
    """``Dehors : 4 (NGUYEN L. · OUALI S.)``."""
    names = " · ".join(short_name(loan.person_name or "?") for loan in loans)
    return _("Restent dehors : {count}").format(count=len(loans)) + (f"   {names}" if names else "")


def _already_lent(error: FleetError) -> Answer:
    given = {name: str(value) for name, value in error.params.items() if value}
    who = given.get("person") or _("quelqu’un dont le nom a été effacé")
    if "class_name" in given:
        who = f"{who} ({given['class_name']})"
    holder = _("à {person} depuis le {day}").format(
        person=who, day=shown.since(given.get("since", "—"))
    )
    author = _(" · bureau de {author}").format(author=given["author"]) if "author" in given else ""
    return Answer(
        Tone.BAD,
        Glyph.BAD,
        _("{tag} : refusé, déjà en prêt").format(tag=shown.tag(given.get("tag"))),
        (holder + author, _("Scanner une autre tablette, ou F5 : reprendre puis prêter")),
    )


def _taken_back(outcome: TakenBack) -> Answer:
    receipt = outcome.receipt
    title = _("{tag} : rendu").format(tag=shown.tag(receipt.tag))
    who = receipt.person
    by = (
        _("par {person} · {class_name}").format(person=who.full_name, class_name=who.class_name)
        if who
        else _("par quelqu’un dont le nom a été effacé")
    )
    remarks = [words.CONDITIONS[receipt.condition].word]
    remarks += [
        _("{accessory} manquant").format(accessory=words.accessory(each))
        for each in receipt.missing
    ]
    if receipt.instead_of is not None:
        swapped = _("accepté à la place de {tag} : les deux changent d’appareil")
        remarks.append(swapped.format(tag=shown.tag(receipt.instead_of.label)))
    if receipt.expected:
        labels = ", ".join(shown.tag(each.label) for each in receipt.expected)
        remarks.append(_("encore attendu : {tags}").format(tags=labels))
    if len(remarks) > 1 or receipt.condition is Condition.DAMAGED:
        return Answer(Tone.WARN, Glyph.WARN, title, (by, " · ".join(remarks)))
    hint = _("chargeur manquant ? F3   abîmé ? F4   sinon, la suivante")
    return Answer(Tone.OK, Glyph.DONE, title, (by, remarks[0], hint))


def _with_labelled(receipt: LoanReceipt) -> str:
    return "".join(f" · {shown.tag(each.tag)}" for each in receipt.along)


def _holding(person: PersonRow, loans: Sequence[LoanRow]) -> Answer:
    if not loans:
        return Answer(Tone.MUTED, Glyph.EMPTY, name(person), (_("n’a rien à rendre."),))
    lines = tuple(f"{shown.tag(loan.tag)}  {loan.model or ''}" for loan in loans[:3])
    return Answer(Tone.BUSY, Glyph.LENT, _("{person} a :").format(person=name(person)), lines)


def _unknown(scan: Scan) -> Answer:
    if isinstance(scan, Misread):
        remedy = {
            MisreadReason.CHECK_LETTER: _("Une lettre est fausse : scanner de nouveau."),
            MisreadReason.TOO_SHORT: _("Lecture incomplète : scanner de nouveau."),
        }.get(scan.reason, _("Lecture brouillée : scanner de nouveau."))
        return Answer(Tone.BAD, Glyph.UNKNOWN, f"« {scan.text} »", (remedy,))
    if isinstance(scan, ScannedTag):
        return Answer(
            Tone.BAD,
            Glyph.UNKNOWN,
            _("{tag} n’est connu de personne ici").format(tag=shown.tag(scan.code.value)),
            (_("Étiquette neuve : l’inscrire au banc. Carte : importer la liste de classe."),),
        )
    return Answer(
        Tone.BAD,
        Glyph.UNKNOWN,
        _("{code} n’est pas une étiquette Ardoise").format(code=scan.candidates[0]),
        (_("Ni un numéro de série connu. Pour un nom : le taper, ↓ puis Entrée."),),
    )


def _logged(now: datetime, glyph: Glyph, tone: Tone, text: str) -> ListLine:
    time = Span(f"{shown.clock(now)} ", Tone.MUTED)
    return ListLine((time, Span(f"{glyph} ", tone), Span(text)))


def _short(code: str) -> str:
    known = {
        "loan.already_lent": _("déjà en prêt"),
        "loan.bad_state": _("pas prêtable"),
        "loan.not_lendable": _("ne se prête pas"),
        "loan.person_left": _("élève parti"),
        "return.not_lent": _("pas en prêt"),
    }
    return known.get(code, _("refusé"))


def _gesture(kind: str) -> str:
    return {"asset.lent": _("prêt"), "asset.returned": _("retour")}.get(kind, words.operation(kind))


def _model(asset: Asset) -> str:
    return " ".join(filter(None, (asset.maker, asset.model)))


def _described(asset: AssetRow) -> str:
    place = " · ".join(filter(None, (asset.cart_name, str(asset.slot) if asset.slot else None)))
    model = " ".join(filter(None, (asset.maker, asset.model)))
    return "   ".join(filter(None, (model, place)))
