"""The desk: a class is served by pairs of pupil and tablet, or a stack of tablets is taken back.

Every gesture is a job in one queue, run one at a time in a thread, so scans count in the order in
which they came, however fast.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from fleet.names import fold_name
from fleet.scan import Scan
from fleet.views import PersonRow, SchoolRow
from tui import format as shown
from tui import words
from tui.carts_words import debt_warning
from tui.commands import bindings
from tui.glyphs import Glyph, Tone
from tui.i18n import _
from tui.school_year import end_of_school_year
from tui.screens import desk_answers
from tui.screens.accessories import AccessoriesDialog
from tui.screens.choice import ChoiceDialog
from tui.screens.desk_choices import classes, due_dates, schools
from tui.screens.desk_keys import KEYS_OF
from tui.screens.desk_outcomes import Mode, Outcome, Quiet, Roster
from tui.screens.desk_session import DeskSession
from tui.screens.page import Page
from tui.widgets.bars import KeyBar, PlaceBar
from tui.widgets.line_list import LineList, ListLine
from tui.widgets.scan_panel import ScanPanel
from tui.widgets.status_line import StatusLine
from tui.widgets.toned import Span

LOG_LENGTH = 200
MATCHES = 50


class DeskScreen(Page[None]):
    """Scan, scan, next."""

    PLACE = _("Guichet")
    PROMPT = _("Scanner une étiquette, une carte, ou taper un nom")
    KEYS = KEYS_OF[Mode.ROLL]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(KEYS_OF[Mode.ROLL][:-1])]
    CSS_PATH = "desk.tcss"

    @dataclass
    class _Done(Message):
        outcome: Outcome
        restate: bool

    def __init__(self, mode: Mode = Mode.ROLL) -> None:
        super().__init__()
        self._first_mode = mode
        self._session: DeskSession | None = None
        self._jobs: deque[tuple[Callable[[], Outcome], bool]] = deque()
        self._working = False
        self._log: deque[ListLine] = deque(maxlen=LOG_LENGTH)
        self._names: tuple[tuple[str, PersonRow], ...] = ()
        self._matches: tuple[PersonRow, ...] = ()

    def body(self) -> Iterable[Widget]:
        yield ScanPanel()
        yield StatusLine(id="next")
        yield StatusLine(id="debts")
        yield Horizontal(LineList(id="people"), LineList(id="log"), id="lists")
        yield StatusLine(id="terms")

    def start(self) -> None:
        due = None if self._first_mode is Mode.RETURN else end_of_school_year(self._today)
        self._session = DeskSession(self.office, self._first_mode, due)
        self._draw()
        self.query_one(ScanPanel).show(desk_answers.welcome(self._first_mode, None))
        self.ask_class()

    @property
    def session(self) -> DeskSession:
        """What the desk remembers; only jobs change it."""
        assert self._session is not None
        return self._session

    @property
    def _today(self) -> date:
        return self.ardoise.clock().astimezone().date()

    # jobs

    def _submit(self, job: Callable[[], Outcome], *, restate: bool = False) -> None:
        self._jobs.append((job, restate))
        self._work_on()

    def _work_on(self) -> None:
        if self._jobs and not self._working:
            self._working = True
            self._perform(*self._jobs.popleft())

    @work(thread=True, group="desk", exit_on_error=False)
    def _perform(self, job: Callable[[], Outcome], restate: bool) -> None:
        outcome = job()
        self.session.note_debts()
        self.post_message(self._Done(outcome, restate))

    @on(_Done)
    def _show(self, message: _Done) -> None:
        self._working = False
        session, outcome = self.session, message.outcome
        answer = desk_answers.answer(outcome)
        if message.restate:
            answer = desk_answers.welcome(session.mode, session.person)
        if answer is not None:
            self.query_one(ScanPanel).show(answer)
        line = desk_answers.log_line(outcome, self.ardoise.clock())
        if line is not None:
            self._log.appendleft(line)
        accepted = desk_answers.is_accepted(outcome)
        if accepted is not None:
            self.ardoise.play(accepted)
        self._draw()
        self._work_on()

    # what is on the screen

    def _draw(self) -> None:
        session = self.session
        roster = session.roster
        place = self.query_one(PlaceBar)
        place.place = f"Ardoise › {self.PLACE} › {desk_answers.MODES[session.mode]}"
        place.subject = _subject(roster)
        self.query_one(KeyBar).commands = KEYS_OF[session.mode]
        self._draw_people()
        log = self.query_one("#log", LineList)
        log.border_title = _("Retours") if session.mode is Mode.RETURN else _("Remises")
        log.empty_text = _("Rien pour l’instant.")
        log.show(tuple(self._log))
        self._draw_status(session, roster)

    def _draw_status(self, session: DeskSession, roster: Roster | None) -> None:
        self._draw_debts(session)
        following = self.query_one("#next", StatusLine)
        terms = self.query_one("#terms", StatusLine)
        if session.mode is Mode.RETURN:
            out = roster.out if roster else ()
            following.show(desk_answers.still_out(out) if roster else "", "")
            terms.show("", "")
            return
        left = ""
        if session.person is not None:
            left = _("Suivant : {person}").format(person=desk_answers.name(session.person))
        elif session.asset is not None:
            left = _("{tag} attend son élève").format(tag=shown.tag(session.asset.tag))
        right = ""
        if roster:
            held = {loan.person for loan in roster.out}
            served = sum(each.id in held for each in roster.members)
            right = desk_answers.progress(served, len(roster.members))
        following.show(left, right)
        due = (
            _("retour le {day}").format(day=shown.day(session.due))
            if session.due
            else _("sans date de retour")
        )
        terms.show(
            _("Avec {accessories}").format(accessories=words.accessories(session.accessories)), due
        )

    def _draw_debts(self, session: DeskSession) -> None:
        line = self.query_one("#debts", StatusLine)
        line.display = bool(session.debts)
        if session.person is not None and session.debts:
            line.show(debt_warning(desk_answers.name(session.person), session.debts))

    def _draw_people(self) -> None:
        people = self.query_one("#people", LineList)
        session = self.session
        if self._matches:
            people.border_title = _("Chercher : {text}").format(text=self.ardoise.typed)
            people.show([_person_line(each, with_class=True) for each in self._matches])
        elif session.mode is Mode.RETURN:
            people.border_title = _("Dehors")
            people.empty_text = _("F8 : choisir une classe")
            out = session.roster.out if session.roster else ()
            if session.roster:
                people.empty_text = _("Tout est rentré.")
            people.show(
                [
                    ListLine(
                        (
                            Span(f"{Glyph.LENT} ", Tone.BUSY),
                            Span(f"{shown.tag(loan.tag)} "),
                            Span(desk_answers.short_name(loan.person_name or "?"), Tone.MUTED),
                        )
                    )
                    for loan in out
                ]
            )
        else:
            self._draw_waiting(people, session)

    def _draw_waiting(self, people: LineList, session: DeskSession) -> None:
        waiting = session.waiting
        people.border_title = _("À servir")
        people.empty_text = (
            _("Toute la classe est servie.") if session.roster else _("F8 : choisir une classe")
        )
        ids = [each.id for each in waiting]
        armed = session.person.id if session.person else None
        in_school = session.roster is not None and session.roster.class_name is None
        people.show(
            [_person_line(each, with_class=in_school) for each in waiting],
            ids.index(armed) if armed in ids else None,
        )

    # what is typed and scanned

    def scanned(self, scan: Scan) -> None:
        self._matches = ()
        self._submit(lambda: self.session.scan(scan))

    def typed_changed(self, text: str) -> None:
        wanted = fold_name(text).split()
        self._matches = tuple(
            person
            for folded, person in self._names
            if wanted and all(f" {word}" in folded for word in wanted)
        )[:MATCHES]
        self._draw_people()

    def action_steer(self, by: int) -> None:
        if self.session.mode is Mode.ROLL and not self._matches:
            self._submit(lambda: self._arm(by), restate=True)
        else:
            self.query_one("#people", LineList).move(by)

    def _arm(self, by: int) -> Outcome:
        self.session.arm(by)
        return Quiet()

    def action_choose(self) -> None:
        marked = self.query_one("#people", LineList).marked_key
        roster = self.session.roster
        person = next(
            (each for each in (roster.school_people if roster else ()) if each.id == marked), None
        )
        self._matches = ()
        self.ardoise.clear_line()
        if person is not None and self.session.person != person:
            self._submit(lambda: self.session.choose(person))
        else:
            self._draw_people()

    # commands

    def action_undo(self) -> None:
        """Take the last gesture back."""
        self._submit(self.session.undo)

    def action_third(self) -> None:
        """At a return, the charger is missing; at a loan, choose the accessories."""
        if self.session.mode is Mode.RETURN:
            self._submit(self.session.toggle_missing)
        else:
            self.ask_accessories()

    @work
    async def ask_accessories(self) -> None:
        """Ask which accessories go with the loans."""
        given = await self.app.push_screen_wait(AccessoriesDialog(self.session.accessories))
        if given is not None:
            self._submit(lambda: self.session.hand_over(given))

    def action_fourth(self) -> None:
        """Returns: it is damaged. Roll call: the pupil is absent. Queue: hand a spare over."""
        match self.session.mode:
            case Mode.RETURN:
                self._submit(self.session.toggle_damaged)
            case Mode.ROLL:
                self._submit(self._pass_over, restate=True)
            case Mode.QUEUE:
                self._submit(self.session.give_spare)

    def _pass_over(self) -> Outcome:
        self.session.pass_over()
        return Quiet()

    def action_exchange(self) -> None:
        """Take the refused tablet back, then lend it to who waits."""
        self._submit(self.session.exchange)

    def action_mode(self) -> None:
        """Go on to the next way of serving."""
        modes = list(Mode)
        mode = modes[(modes.index(self.session.mode) + 1) % len(modes)]

        def change() -> Outcome:
            self.session.change_mode(mode)
            return Quiet()

        self._submit(change, restate=True)

    @work
    async def action_due(self) -> None:
        """Ask for the date that loans from now on fall due."""
        chosen = await self.app.push_screen_wait(
            ChoiceDialog(_("Retour prévu"), partial(due_dates, self._today))
        )
        if chosen is not None:

            def change() -> Outcome:
                self.session.due = chosen.day
                return Quiet()

            self._submit(change)

    def action_class(self) -> None:
        """Ask for another school and class."""
        self.ask_class()

    @work(exclusive=True, group="class")
    async def ask_class(self) -> None:
        """Ask for the school, then for the class."""
        views = self.office.views
        school = await self.app.push_screen_wait(ChoiceDialog(_("École"), partial(schools, views)))
        if school is None:
            return
        chosen = await self.app.push_screen_wait(
            ChoiceDialog(school.name, partial(classes, views, school))
        )
        if chosen is not None:
            self._submit(lambda: self._serve(school, chosen.name), restate=True)

    def _serve(self, school: SchoolRow, class_name: str | None) -> Outcome:
        roster = self.session.serve(school, class_name)
        self._names = tuple(
            (f" {fold_name(each.full_name)} {fold_name(each.guardian)}", each)
            for each in roster.school_people
        )
        return Quiet()


def _subject(roster: Roster | None) -> str:
    if roster is None:
        return ""
    class_name = roster.class_name or _("toute l’école")
    return f"{roster.school.name} · {class_name}"


def _person_line(person: PersonRow, *, with_class: bool) -> ListLine:
    place = Span(f"  {person.class_name}" if with_class or person.mark else "", Tone.MUTED)
    debt = Span(f" {Glyph.WARN}" if person.debts else "", Tone.WARN)
    return ListLine((Span(desk_answers.name(person)), place, debt), person.id)
