"""One sitting at the desk: pairs of pupil and tablet, returns, and what the last gesture was.

Every method may block and answers with a value; the screen words it. Used by one thread at a time.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from fleet.asset import LENDABLE_KINDS, Condition, State
from fleet.errors import FleetError, NotFound, Refusal
from fleet.query import Compare, Query, Term
from fleet.scan import Misread, Scan, ScannedTag
from fleet.tags import CodeKind
from fleet.usecases import lending, undoing
from fleet.usecases.lending import LoanOrder, ReturnOrder, ReturnReceipt
from fleet.views import AssetRow, DebtRow, PersonRow, SchoolRow
from tui.office import Office
from tui.screens.desk_outcomes import (
    Holding,
    Lent,
    Mode,
    Outcome,
    Quiet,
    Refused,
    Roster,
    SpareGiven,
    TakenApart,
    TakenBack,
    Unknown,
    WaitsForAsset,
    WaitsForPerson,
)
from tui.screens.desk_roster import PAGE, read_out, read_roster
from tui.widgets.scan_gate import lookup_candidates

USUAL_ACCESSORIES = ("charger", "cover")


class DeskSession:
    """What the desk remembers between two scans."""

    def __init__(self, office: Office, mode: Mode, due: date | None) -> None:
        self._office = office
        self.mode = mode
        self.due = due
        self.accessories: tuple[str, ...] = USUAL_ACCESSORIES
        self.roster: Roster | None = None
        self.absent: frozenset[str] = frozenset()
        """Ids of persons that were passed over."""
        self.asset: AssetRow | None = None
        """A scanned tablet that waits for its pupil."""
        self.person: PersonRow | None = None
        """The pupil who waits for a tablet."""
        self.last: Lent | TakenBack | None = None
        self.debts: tuple[DebtRow, ...] = ()
        """What the pupil who waits still owes."""
        self._debtor: str | None = None
        self._lent: AssetRow | None = None
        """A tablet on loan that was scanned, maybe for a spare."""
        self._refused: tuple[AssetRow, PersonRow] | None = None
        self._fresh = False
        """Nothing was done since the last gesture: the same code again is a doubled trigger."""

    def serve(self, school: SchoolRow, class_name: str | None) -> Roster:
        """Take a class, or the whole school, and arm its first name on a roll call."""
        self.roster = read_roster(self._office.views, school, class_name)
        self.absent = frozenset()
        self.asset = self.person = None
        self.arm_next()
        return self.roster

    def change_mode(self, mode: Mode) -> None:
        """Serve in another way from now on; half a pair is forgotten."""
        self.mode = mode
        self.asset = self.person = None
        self._fresh = False
        self.arm_next()

    def note_debts(self) -> None:
        """Look up what the pupil who waits still owes, once for each."""
        person = self.person.id if self.person else None
        if person != self._debtor:
            self._debtor, self.debts = person, ()
            if person is not None:
                query = Query((Term("person", Compare.IS, person),))
                self.debts = self._office.views.debts(query).items

    @property
    def waiting(self) -> tuple[PersonRow, ...]:
        """Who has nothing yet and was not passed over, in the order of the list."""
        if self.roster is None:
            return ()
        held = {loan.person for loan in self.roster.out}
        return tuple(
            each
            for each in self.roster.members
            if each.id not in held and each.id not in self.absent and not each.left
        )

    def arm_next(self, after: PersonRow | None = None) -> None:
        """On a roll call, arm the first who waits, or the first after somebody."""
        if self.mode is not Mode.ROLL or self.roster is None:
            return
        waiting = self.waiting
        order = {each.id: index for index, each in enumerate(self.roster.members)}
        start = order.get(after.id, -1) if after else -1
        following = (each for each in waiting if order[each.id] > start)
        self.person = next(following, None) or next(iter(waiting), None)

    def arm(self, by: int) -> None:
        """On a roll call, move to the next or the previous name that waits."""
        waiting = self.waiting
        if not waiting:
            return
        self._fresh = False
        ids = [each.id for each in waiting]
        place = ids.index(self.person.id) if self.person and self.person.id in ids else -1
        self.person = waiting[max(0, min(place + by, len(waiting) - 1))]

    def pass_over(self) -> None:
        """Mark the armed pupil absent and go on to the next."""
        if self.person is not None:
            absent = self.person
            self.absent |= {absent.id}
            self.person = None
            self.arm_next(absent)

    def scan(self, scan: Scan) -> Outcome:
        """Take one scan: half a pair, a pair, or a return."""
        try:
            if isinstance(scan, ScannedTag) and scan.code.kind is CodeKind.PERSON:
                return self._scan_person(scan)
            if isinstance(scan, ScannedTag) and scan.code.kind is CodeKind.DOCUMENT:
                return Unknown(scan)
            return self._scan_asset(scan)
        except FleetError as error:
            return Refused(error)

    def choose(self, person: PersonRow) -> Outcome:
        """Take a pupil who was picked from the list."""
        try:
            return self._take_person(person)
        except FleetError as error:
            return Refused(error)

    def _scan_person(self, scan: ScannedTag) -> Outcome:
        person = self._office.views.person(scan.code.value)
        return Unknown(scan) if person is None else self._take_person(person)

    def _take_person(self, person: PersonRow) -> Outcome:
        if self.mode is Mode.RETURN:
            terms = (Term("person", Compare.IS, person.id),)
            return Holding(person, self._office.views.loans(Query(terms), limit=PAGE).items)
        if self.asset is not None:
            return self._lend(self.asset, person)
        if self._is_served_again(person) or (self.person and self.person.id == person.id):
            return Quiet()
        self.person = person
        self._fresh = False
        return WaitsForAsset(person)

    def _scan_asset(self, scan: Scan) -> Outcome:
        found = self._find(scan)
        if found is None:
            return Unknown(scan)
        if self._is_repeated(found):
            return Quiet()
        if self.mode is Mode.RETURN:
            return self._take_back(found)
        if self.person is not None:
            return self._lend(found, self.person)
        refusal = self._early_refusal(found)
        self._lent = found if found.state is State.LENT else None
        if refusal is not None:
            return Refused(refusal, found.tag)
        self.asset = found
        self._fresh = False
        return WaitsForPerson(found)

    def _find(self, scan: Scan) -> AssetRow | None:
        views = self._office.views
        if isinstance(scan, ScannedTag):
            card = views.asset(scan.code.value)
            return card.row if card else None
        alike = views.assets_like(lookup_candidates(scan))
        if len(alike) > 1:
            raise Refusal("asset.ambiguous", serial=lookup_candidates(scan)[0], count=len(alike))
        if not alike and isinstance(scan, Misread):
            return None
        return alike[0] if alike else None

    def _is_repeated(self, found: AssetRow) -> bool:
        if self.asset is not None:
            return self.asset.id == found.id
        last = self.last if self._fresh else None
        return last is not None and last.receipt.asset.id == found.id

    def _is_served_again(self, person: PersonRow) -> bool:
        last = self.last
        return self._fresh and isinstance(last, Lent) and last.receipt.person.id == person.id

    def _early_refusal(self, found: AssetRow) -> Refusal | None:
        """Say before the pupil is called that this tablet will not do; lending checks again."""
        if found.state is State.LENT:
            return Refusal(
                "loan.already_lent",
                tag=found.tag,
                person=found.borrower_name,
                class_name=found.borrower_class,
                since=found.lent_at,
            )
        if found.kind not in LENDABLE_KINDS:
            return Refusal("loan.not_lendable", tag=found.tag, kind=found.kind.value)
        if found.state is not State.AVAILABLE:
            return Refusal("loan.bad_state", tag=found.tag, state=found.state.value)
        return None

    def _lend(self, asset: AssetRow, person: PersonRow) -> Outcome:
        order = LoanOrder(person.id, [_tag(asset)], self.due, accessories=self.accessories)
        try:
            (receipt,) = self._office.lend(order)
        except Refusal as error:
            # The half that is at fault is dropped; the other one keeps waiting.
            if error.code == "loan.person_left":
                self.person, self.asset = None, asset
            else:
                self.asset, self.person = None, person
                self._refused = (asset, person)
            return Refused(error, asset.tag)
        return self._served(person, Lent(receipt, self.accessories))

    def _served(self, person: PersonRow, lent: Lent) -> Lent:
        self.last = lent
        self._fresh = True
        self.asset = self.person = self._refused = None
        self.absent -= {person.id}
        self._load_out()
        self.arm_next(person)
        return lent

    def _take_back(self, asset: AssetRow) -> Outcome:
        before = self.last if isinstance(self.last, TakenBack) else None
        just_back = [before.receipt.tag] if before else []
        returned = self._office.give_back(ReturnOrder([_tag(asset)], just_back=just_back))
        if returned.refused:
            return Refused(returned.refused[0][1], asset.tag)
        self.last = TakenBack(returned.receipts[0])
        self._fresh = True
        self._load_out()
        return self.last

    def undo(self) -> Outcome:
        """Take the last gesture of this desk back; half a pair is simply dropped."""
        if self.asset is not None or (self.person is not None and self.mode is Mode.QUEUE):
            self.asset = self.person = None
            return Quiet()
        last = self.last
        if last is None:
            return Refused(NotFound("operation.unknown"))
        undone = self._try(lambda: TakenApart(self._office.undo(_operation(last))))
        if isinstance(undone, TakenApart):
            self.last = None
            self._load_out()
            self.arm_next()
        return undone

    def exchange(self) -> Outcome:
        """Take the refused tablet back from whoever has it, then lend it to who stands here."""
        if self._refused is None:
            return Refused(NotFound("desk.nothing_refused"))
        asset, person = self._refused
        self._refused = None
        returned = self._try(lambda: self._take_back(asset))
        return (
            returned
            if isinstance(returned, Refused)
            else self._try(lambda: self._lend(asset, person))
        )

    def hand_over(self, accessories: tuple[str, ...]) -> Outcome:
        """Give these accessories from now on, and correct the loan that was just made."""
        self.accessories = accessories
        last = self.last
        if not isinstance(last, Lent) or last.accessories == accessories:
            return Quiet()

        def amend() -> Outcome:
            receipt = last.receipt
            order = LoanOrder(
                receipt.person.id, [receipt.tag], receipt.due, accessories=accessories
            )
            with self._office.work() as work:
                undoing.undo(work, receipt.operation)
                (receipt,) = lending.lend(work, order)
                work.commit()
            self.last = Lent(receipt, accessories)
            return self.last

        return self._try(amend)

    def give_spare(self, accessory: str = "charger") -> Outcome:
        """Hand a spare to whoever has the tablet that was just scanned."""
        lent = self._lent
        if lent is None:
            return Refused(NotFound("desk.nothing_lent"))
        self._lent = None
        return self._try(
            lambda: SpareGiven(self._office.give_spare(_tag(lent), [accessory]), accessory)
        )

    def toggle_damaged(self) -> Outcome:
        """The tablet that just came back is damaged, or is not after all."""
        return self._amend_return(
            lambda receipt: (
                Condition.GOOD if receipt.condition is Condition.DAMAGED else Condition.DAMAGED,
                receipt.missing,
            )
        )

    def toggle_missing(self, accessory: str = "charger") -> Outcome:
        """An accessory did not come back with it, or did after all."""

        def change(receipt: ReturnReceipt) -> tuple[Condition, tuple[str, ...]]:
            rest = tuple(each for each in receipt.missing if each != accessory)
            return receipt.condition, rest if accessory in receipt.missing else (*rest, accessory)

        return self._amend_return(change)

    def _amend_return(
        self, change: Callable[[ReturnReceipt], tuple[Condition, tuple[str, ...]]]
    ) -> Outcome:
        last = self.last
        if not isinstance(last, TakenBack):
            return Refused(NotFound("desk.no_return"))

        def amend() -> Outcome:
            condition, missing = change(last.receipt)
            with self._office.work() as work:
                undoing.undo(work, last.receipt.id)
                returned = lending.give_back(
                    work, ReturnOrder([last.receipt.tag], condition, missing)
                )
                work.commit()
            self.last = TakenBack(returned.receipts[0])
            return self.last

        return self._try(amend)

    def _try(self, gesture: Callable[[], Outcome]) -> Outcome:
        try:
            return gesture()
        except FleetError as error:
            return Refused(error)

    def _load_out(self) -> None:
        if self.roster is not None:
            self.roster = replace(self.roster, out=read_out(self._office.views, self.roster))


def _tag(asset: AssetRow) -> str:
    if asset.tag is None:
        raise Refusal("asset.untagged", asset=asset.serial or asset.name or asset.id)
    return asset.tag


def _operation(last: Lent | TakenBack) -> str:
    return last.receipt.operation if isinstance(last, Lent) else last.receipt.id
