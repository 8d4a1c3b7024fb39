"""The main job on the demo city, through the very use cases that the screens and commands call.

``found`` imports the city's files and enrols one cart by cable; ``work_through`` audits, sets
right, prints, lends, takes back and checks. Nothing here writes to the database by another way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fleet.asset import Condition
from fleet.errors import FleetError, Refusal
from fleet.kinds import AssetKind
from fleet.query import Compare, Query, Term
from fleet.usecases.lending import LoanOrder, ReturnOrder
from fleet.usecases.planning import describe_phase
from fleet.views import AssetRow, PersonRow
from tui.demo.city import PHASES, PILOT, City, write_city
from tui.i18n import _
from tui.intake import import_file
from tui.labelling import OWNER_NAME, OWNER_PHONE, print_labels
from tui.office import Office
from tui.school_year import end_of_school_year
from tui.sentences import sentence
from tui.tablets import Tablets, for_each

OWNER = "Ville de Valmont-sur-Lys"
PHONE = "03 00 00 00 00"
PROGRAMME = "Écoles numériques"
ACCESSORIES = ("charger", "cover")

Say = Callable[[str], None]


@dataclass(slots=True)
class Account:
    """What the job did; the contract's document without its clock."""

    schools: int = 0
    people: int = 0
    assets: int = 0
    carts: int = 0
    servers: int = 0
    tablets: int = 0
    enrolled: int = 0
    audited: int = 0
    compliant_before: int = 0
    provisioned: int = 0
    compliant: int = 0
    labels: int = 0
    labels_pdf: str = ""
    loans: int = 0
    refused: int = 0
    returns: int = 0
    damaged: int = 0
    operations: int = 0
    check: str = ""


def found(
    office: Office, folder: Path, serials: Sequence[str], today: date, say: Say = lambda _text: None
) -> City:
    """Write the city's files and import them; ``serials`` are those of the cart on the bench."""
    files = folder / "files"
    files.mkdir(mode=0o700)
    # The school year begins in September.
    year = today.year if today.month >= 8 else today.year - 1
    city = write_city(files, cart_serials=serials, school_year=year)
    office.store.set_settings({OWNER_NAME: OWNER, OWNER_PHONE: PHONE})
    steps = (
        (_("Écoles de l’annuaire"), "schools", city.directory, None),
        (_("Livraison du fournisseur"), "assets", city.delivery, None),
        (_("Liste de classe"), "people", city.class_list, city.demo_school),
    )
    for name, kind, path, school in steps:
        report = import_file(office, kind, path, school=school)
        if report.rejected:
            fault = report.rejected[0]
            raise Refusal("demo.files", file=path.name, line=fault.line, reason=fault.reason)
        say(
            _("✔ {name} : {created} nouveaux, {same} inchangés").format(
                name=name, created=report.created, same=report.same
            )
        )
    with office.work() as work:
        for position, phase in enumerate((PILOT, *PHASES)):
            describe_phase(
                work,
                f"phase:{position}",
                programme=PROGRAMME,
                name=phase.name,
                position=position,
                year=phase.year,
                # Two schools of the pilot are not among the twenty.
                schools=[city.uais[name] for name in phase.schools if name in city.uais],
            )
        work.commit()
    return city


def cart_of(office: Office, city: City) -> AssetRow:
    """The cart of the demo school."""
    terms = (
        Term("kind", Compare.IS, AssetKind.CART),
        Term("school", Compare.IS, city.demo_school),
    )
    return office.views.assets(Query(terms), limit=1).items[0]


def enrol(
    tablets: Tablets, cart: AssetRow, addresses: Sequence[str], say: Say = lambda _text: None
) -> list[str]:
    """Enrol the tablets by cable, each in the slot of its address; their tags by slot."""

    def one(address: str) -> str:
        slot = addresses.index(address) + 1
        return tablets.enrol(address, cart=cart.tag, slot=slot).tag

    tags = [_result(done.result, done.error) for done in for_each(addresses, one)]
    say(
        _("✔ Mallette {cart} : {count} tablettes inscrites par câble").format(
            cart=cart.name, count=len(tags)
        )
    )
    return tags


def work_through(
    office: Office,
    tablets: Tablets,
    city: City,
    folder: Path,
    addresses: Sequence[str],
    today: date,
    say: Say = lambda _text: None,
) -> Account:
    """The whole job: enrol, audit, set right, audit, label, lend, refuse, take back, check."""
    account = Account()
    cart = cart_of(office, city)
    tags = enrol(tablets, cart, addresses, say)
    account.enrolled = len(tags)
    _set_right(tablets, addresses, account, say)
    _label(office, cart, folder, account, say)
    _lend_and_return(office, tags, _class(office, city), today, account, say)
    figures = office.views.figures(today)
    account.schools, account.people = figures.schools, figures.people
    account.assets, account.tablets = figures.assets, figures.tablets
    account.carts, account.servers = figures.carts, figures.servers
    account.operations = figures.operations
    findings = office.store.check()
    account.check = "ok" if not findings else findings[0].code
    if findings:
        raise Refusal("demo.check", finding=findings[0].code, count=len(findings))
    say(
        _("✔ Journal vérifié : {count} opérations, l’état en découle").format(
            count=figures.operations
        )
    )
    return account


def _set_right(tablets: Tablets, addresses: Sequence[str], account: Account, say: Say) -> None:
    before = [_result(done.result, done.error) for done in for_each(addresses, tablets.audit)]
    account.compliant_before = sum(each.audit.is_compliant for each in before)
    say(
        _("✔ Contrôle selon le profil {profile} : {good} conformes sur {count}").format(
            profile=tablets.profile.label, good=account.compliant_before, count=len(before)
        )
    )
    applied = [_result(done.result, done.error) for done in for_each(addresses, tablets.provision)]
    account.provisioned = sum(bool(each.outcomes) for each in applied)
    steps = sum(len(each.outcomes) for each in applied)
    say(
        _("✔ Mise en conformité : {count} tablettes, {steps} étapes").format(
            count=account.provisioned, steps=steps
        )
    )
    after = [_result(done.result, done.error) for done in for_each(addresses, tablets.audit)]
    account.audited = len(after)
    account.compliant = sum(each.audit.is_compliant for each in after)
    say(
        _("✔ Nouveau contrôle : {good} conformes sur {count}").format(
            good=account.compliant, count=len(after)
        )
    )


def _label(office: Office, cart: AssetRow, folder: Path, account: Account, say: Say) -> None:
    query = Query((Term("cart", Compare.IS, cart.tag or ""),))
    path = folder / "labels.pdf"
    report = print_labels(office, query, path, sheet="L7160", copies=2)
    account.labels, account.labels_pdf = report.labels, str(path)
    say(
        _("✔ {count} étiquettes (tablette et coque) : {path}").format(
            count=report.labels, path=path
        )
    )


def _lend_and_return(
    office: Office,
    tags: Sequence[str],
    pupils: Sequence[PersonRow],
    today: date,
    account: Account,
    say: Say,
) -> None:
    due = end_of_school_year(today)
    for tag, pupil in zip(tags, pupils, strict=False):
        order = LoanOrder(pupil.id, [tag], due=due, accessories=ACCESSORIES)
        account.loans += len(office.lend(order))
    say(_("✔ {count} prêts, un par élève").format(count=account.loans))
    other = pupils[len(tags)]
    try:
        office.lend(LoanOrder(other.id, [tags[0]]))
    except Refusal as refusal:
        account.refused += 1
        say(f"✖ {sentence(refusal).what}")
    good = office.give_back(ReturnOrder(tags[:-1]))
    damaged = office.give_back(ReturnOrder(tags[-1:], Condition.DAMAGED))
    account.damaged = len(damaged.receipts)
    account.returns = len(good.receipts) + account.damaged
    say(
        _("✔ {count} retours : {good} en bon état, {damaged} à examiner").format(
            count=account.returns, good=len(good.receipts), damaged=account.damaged
        )
    )


def _class(office: Office, city: City) -> tuple[PersonRow, ...]:
    terms = (
        Term("school", Compare.IS, city.demo_school),
        Term("class", Compare.IS, city.demo_class),
    )
    return office.views.people(Query(terms), limit=100).items


def _result(result: Any, error: FleetError | None) -> Any:
    if error is not None:
        raise error
    return result
