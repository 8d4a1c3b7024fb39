"""Registration in pairs: the serial on the box, a blank label, next; no file and no cable.

What all boxes of the pile have in common is chosen once. Scans are worked off one at a time in a
thread, in the order in which they came, and each pair is written before the next one is read.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget

from fleet.kinds import AssetKind
from fleet.names import fold_name
from fleet.query import Compare, Query, Term
from fleet.scan import Scan
from fleet.views import AssetRow, SchoolRow, Views
from tui import format as shown
from tui import words
from tui.commands import Command, bindings
from tui.glyphs import Glyph, Tone
from tui.i18n import _, ngettext
from tui.screens.choice import Choice, ChoiceDialog
from tui.screens.desk_choices import schools
from tui.screens.page import BACK, Page
from tui.screens.register_session import (
    Outcome,
    Paired,
    Refused,
    RegisterSession,
    TakenBack,
    Unread,
    Waiting,
)
from tui.sentences import sentence
from tui.widgets.line_list import LineList, ListLine
from tui.widgets.scan_panel import Answer, ScanPanel
from tui.widgets.status_line import StatusLine

UNDO = Command("register.undo", "f2", "undo", _("Annuler"), _("Reprendre la dernière paire."))
KIND = Command("register.kind", "f3", "kind", _("Genre"), _("Ce que contiennent les boîtes."))
MODEL = Command("register.model", "f4", "model", _("Modèle"), _("Celui de toutes les boîtes."))
SCHOOL = Command("register.school", "f5", "school", _("École"), _("Où vont les appareils."))
CART = Command("register.cart", "f6", "cart", _("Mallette"), _("Où les ranger."))

KINDS = (
    AssetKind.TABLET,
    AssetKind.COMPUTER,
    AssetKind.PROJECTOR,
    AssetKind.INTERACTIVE_DISPLAY,
    AssetKind.ACCESS_POINT,
    AssetKind.KWARTZ_SERVER,
)
LOG_LENGTH = 200
CHOICES = 50


class RegisterScreen(Page[None]):
    """Scan, scan, next."""

    PLACE = _("Inscription")
    PROMPT = _("Scanner le n° de série de la boîte et une étiquette de réserve")
    KEYS = (UNDO, KIND, MODEL, SCHOOL, CART, BACK)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(KEYS[:-1])]
    CSS_PATH = "register.tcss"

    @dataclass
    class _Done(Message):
        outcome: Outcome

    def __init__(self) -> None:
        super().__init__()
        self._session: RegisterSession | None = None
        self._jobs: deque[Callable[[], Outcome]] = deque()
        self._working = False
        self._log: deque[ListLine] = deque(maxlen=LOG_LENGTH)
        self._school: SchoolRow | None = None
        self._cart: AssetRow | None = None

    def body(self) -> Iterable[Widget]:
        yield ScanPanel()
        yield StatusLine(id="delivery")
        yield LineList(id="log")

    def start(self) -> None:
        self._session = RegisterSession(self.office)
        log = self.query_one("#log", LineList)
        log.border_title = _("Inscrits")
        log.empty_text = _("Rien pour l’instant.")
        welcome = (_("Choisir d’abord modèle, école et mallette : F3 à F6."),)
        self.query_one(ScanPanel).show(Answer(Tone.PLAIN, " ", self.PROMPT, welcome))
        self._draw()

    @property
    def session(self) -> RegisterSession:
        """What waits and what was done; only jobs change it."""
        assert self._session is not None
        return self._session

    def scanned(self, scan: Scan) -> None:
        self._submit(lambda: self.session.scan(scan))

    def _submit(self, job: Callable[[], Outcome]) -> None:
        self._jobs.append(job)
        self._work_on()

    def _work_on(self) -> None:
        if self._jobs and not self._working:
            self._working = True
            self._perform(self._jobs.popleft())

    @work(thread=True, group="register", exit_on_error=False)
    def _perform(self, job: Callable[[], Outcome]) -> None:
        self.post_message(self._Done(job()))

    @on(_Done)
    def _show(self, message: _Done) -> None:
        self._working = False
        answer = _answer(message.outcome)
        self.query_one(ScanPanel).show(answer)
        if isinstance(message.outcome, Paired | TakenBack | Refused):
            at = shown.clock(self.ardoise.clock())
            self._log.appendleft(ListLine.of(f"{at} {answer.glyph} {answer.title}", answer.tone))
            self.ardoise.play(not isinstance(message.outcome, Refused))
        self._draw()
        self._work_on()

    def _draw(self) -> None:
        delivery = self.session.delivery
        school = self._school.name if self._school else _("stock")
        cart = f" · {self._cart.name or shown.tag(self._cart.tag)}" if self._cart else ""
        model = delivery.model or _("modèle ?")
        count = self.session.count
        done = ngettext("{count} inscrit", "{count} inscrits", count).format(count=count)
        left = f"{words.KINDS[delivery.kind]} · {model} · {school}{cart}"
        self.query_one("#delivery", StatusLine).show(left, done)
        self.query_one("#log", LineList).show(tuple(self._log))

    def action_undo(self) -> None:
        """Forget half a pair, else take the last pair back."""
        self._submit(self.session.undo)

    def action_kind(self) -> None:
        """Go on to the next kind of thing."""
        session = self.session
        kind = KINDS[(KINDS.index(session.delivery.kind) + 1) % len(KINDS)]
        session.delivery = replace(session.delivery, kind=kind)
        self._draw()

    @work
    async def action_model(self) -> None:
        """Ask for the model of all boxes."""
        find = partial(_models, self.office.views, self.session.delivery.kind)
        chosen = await self.app.push_screen_wait(ChoiceDialog(_("Modèle"), find))
        if chosen is not None:
            maker, model = chosen
            self.session.delivery = replace(self.session.delivery, maker=maker, model=model)
            self._draw()

    @work
    async def action_school(self) -> None:
        """Ask for the school; the cart is chosen anew after it."""
        find = partial(schools, self.office.views)
        chosen = await self.app.push_screen_wait(ChoiceDialog(_("École"), find))
        if chosen is not None:
            self._school, self._cart = chosen, None
            self.session.delivery = replace(self.session.delivery, school=chosen.uai, cart=None)
            self._draw()

    @work
    async def action_cart(self) -> None:
        """Ask for the cart that the boxes' content goes into."""
        school = self._school.uai if self._school else None
        find = partial(_carts, self.office.views, school)
        chosen = await self.app.push_screen_wait(ChoiceDialog(_("Mallette"), find))
        if chosen is not None:
            self._cart = chosen
            self.session.delivery = replace(self.session.delivery, cart=chosen.id)
            self._draw()


def _answer(outcome: Outcome) -> Answer:
    match outcome:
        case Waiting(serial=str(serial), replaced=replaced):
            lines = [_("Scanner une étiquette de réserve.")]
            if replaced:
                lines.append(_("{code} est mis de côté.").format(code=replaced))
            tone = Tone.WARN if replaced else Tone.BUSY
            title = _("Boîte {serial} → étiquette…").format(serial=serial)
            return Answer(tone, Glyph.BUSY, title, tuple(lines))
        case Waiting(tag=tag, replaced=replaced):
            lines = [_("Scanner le n° de série sur la boîte.")]
            if replaced:
                lines.append(_("{code} est mis de côté.").format(code=shown.tag(replaced)))
            tone = Tone.WARN if replaced else Tone.BUSY
            title = _("Étiquette {tag} → n° de série…").format(tag=shown.tag(tag))
            return Answer(tone, Glyph.BUSY, title, tuple(lines))
        case Paired(registered):
            asset = registered.asset
            title = f"{shown.tag(asset.tag)} ← {asset.serial}"
            said = asset.model or ""
            if asset.slot:
                place = _("emplacement {slot}").format(slot=asset.slot)
                said = f"{said} · {place}" if said else place
            if registered.operation is None:
                said = _("Déjà inscrit ainsi.")
            return Answer(Tone.OK, Glyph.DONE, title, (said,) if said else ())
        case TakenBack(asset):
            title = _("Dernière paire annulée.") if asset else _("Demi-paire oubliée.")
            lines = [_("L’étiquette et le n° de série sont libres.")] if asset else []
            return Answer(Tone.PLAIN, Glyph.UNDONE, title, tuple(lines))
        case Unread(text):
            title = _("« {text} » : lecture incomplète, scanner de nouveau.").format(text=text)
            return Answer(Tone.WARN, Glyph.UNKNOWN, title)
        case Refused(error):
            said_of = sentence(error)
            return Answer(Tone.BAD, Glyph.BAD, said_of.what, (said_of.remedy,))


def _models(views: Views, kind: AssetKind, text: str) -> Sequence[Choice[tuple[str, str]]]:
    """Models of this kind that the fleet has, and the one that is being typed."""
    query = Query((Term("kind", Compare.IS, kind.value),), tuple(fold_name(text).split()))
    known = {
        (row.maker or "", row.model): None
        for row in views.assets(query, limit=CHOICES * 4).items
        if row.model
    }
    found = [Choice((maker, model), model, maker) for maker, model in list(known)[:CHOICES]]
    typed = text.strip()
    if typed and not any(choice.label == typed for choice in found):
        found.append(Choice(("", typed), typed, _("nouveau modèle")))
    return found


def _carts(views: Views, school: str | None, text: str) -> Sequence[Choice[AssetRow]]:
    terms = [Term("kind", Compare.IS, AssetKind.CART.value)]
    if school is not None:
        terms.append(Term("school", Compare.IS, school))
    query = Query(tuple(terms), tuple(fold_name(text).split()))
    return [
        Choice(row, row.name or shown.tag(row.tag), row.school_name or "")
        for row in views.assets(query, limit=CHOICES).items
    ]
