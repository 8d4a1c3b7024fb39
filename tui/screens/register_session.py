"""What the registration in pairs remembers, and what each scan means to it.

Half a pair waits for its other half, in either order. A code that cannot be right is refused as
soon as it is read, and never loses the other half.
"""

from dataclasses import dataclass

from fleet.asset import Asset
from fleet.errors import FleetError, InvalidInput, Refusal
from fleet.kinds import AssetKind
from fleet.scan import Misread, Scan, ScannedTag
from fleet.tags import CodeKind
from fleet.usecases.registering import Delivery, Registered, check_serial
from tui.office import Office
from tui.registering import register_codes, take_back


@dataclass(frozen=True, slots=True)
class Waiting:
    """Half a pair is there."""

    serial: str | None = None
    tag: str | None = None
    replaced: str = ""
    """The code of the same sort that came before and was put aside."""


@dataclass(frozen=True, slots=True)
class Paired:
    """A pair is in the register."""

    registered: Registered


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The last pair, or half a pair, is undone."""

    asset: Asset | None


@dataclass(frozen=True, slots=True)
class Unread:
    """A scan was cut short."""

    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A rule said no."""

    error: FleetError


Outcome = Waiting | Paired | TakenBack | Unread | Refused


class RegisterSession:
    """One pile of boxes; every pair is durable before the next scan is looked at."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.delivery = Delivery(AssetKind.TABLET)
        self._serials: tuple[str, ...] = ()
        self._tag: str | None = None
        self._done: list[str] = []
        """Operations of this session, the newest last."""

    @property
    def count(self) -> int:
        """Pairs registered here and not taken back."""
        return len(self._done)

    def scan(self, scan: Scan) -> Outcome:
        """Take one scan."""
        try:
            match scan:
                case Misread(text):
                    return Unread(text)
                case ScannedTag(code) if code.kind is not CodeKind.ASSET:
                    raise InvalidInput("register.no_label", value=code.value)
                case ScannedTag(code):
                    return self._label(code.value)
                case _:
                    return self._serial(check_serial(scan.candidates))
        except FleetError as error:
            return Refused(error)

    def undo(self) -> Outcome:
        """Forget half a pair; else take the last pair back."""
        if self._serials or self._tag:
            self._serials, self._tag = (), None
            return TakenBack(None)
        if not self._done:
            return Refused(Refusal("undo.impossible"))
        try:
            asset = take_back(self._office, self._done[-1])
        except FleetError as error:
            return Refused(error)
        self._done.pop()
        return TakenBack(asset)

    def _label(self, tag: str) -> Outcome:
        if self._serials:
            return self._pair(self._serials, tag)
        card = self._office.views.asset(tag)
        if card is not None:
            row = card.row
            named = row.serial or row.name
            raise Refusal("register.tag_taken", tag=tag, serial=named, model=row.model)
        replaced = self._tag if self._tag not in (None, tag) else None
        self._tag = tag
        return Waiting(tag=tag, replaced=replaced or "")

    def _serial(self, serials: tuple[str, ...]) -> Outcome:
        if self._tag is not None:
            return self._pair(serials, self._tag)
        replaced = self._serials[0] if self._serials and self._serials != serials else ""
        for row in self._office.views.assets_like(serials):
            spelled = {each.lower() for each in serials}
            is_it = row.serial is not None and row.serial.lower() in spelled
            if is_it and row.tag is not None and row.kind is self.delivery.kind:
                raise Refusal("register.serial_known", serial=row.serial, tag=row.tag)
        self._serials = serials
        return Waiting(serial=serials[0], replaced=replaced)

    def _pair(self, serials: tuple[str, ...], tag: str) -> Outcome:
        try:
            registered = register_codes(self._office, serials, tag, self.delivery)
        except FleetError as error:
            # What was refused is put aside; the half that is good waits on.
            self._serials = () if error.code == "register.serial_known" else serials
            self._tag = None if error.code == "register.tag_taken" else tag
            if self._serials and self._tag:
                self._serials = ()
            return Refused(error)
        self._serials, self._tag = (), None
        if registered.operation is not None:
            self._done.append(registered.operation)
        return Paired(registered)
