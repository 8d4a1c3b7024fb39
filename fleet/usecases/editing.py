"""Entering and correcting what is kept: assets, schools, persons, one at a time or a selection.

A correction says what was always so; what happens to an asset is ``fleet.usecases.custody``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from fleet import movements
from fleet.asset import DESCRIBED, Asset
from fleet.errors import InvalidInput, NotFound, Refusal
from fleet.ids import person_id
from fleet.kinds import AssetKind, PersonKind
from fleet.names import fold_name, person_key, show_family_name, show_name
from fleet.operation import OWNER_SCOPE, Body, Draft, Json
from fleet.persons import Person
from fleet.ports import Work
from fleet.register import SCHOOL_DESCRIBED, SCHOOL_FIELDS, School
from fleet.tags import CodeKind, parse_code
from fleet.uai import departement_of, parse_uai
from fleet.usecases.custody import Moved, known_assets, place
from fleet.usecases.enrolling import find_cart
from fleet.usecases.exchanging import check_serial
from fleet.usecases.tagging import draw_free_person_code, draw_free_tag

PLATFORMS = ("android", "ipados", "chromeos", "windows", "linux", "macos")
NAMED_KINDS = frozenset({AssetKind.CART, AssetKind.KWARTZ_SERVER})
"""What people call by a name, one of a kind in each school."""

EDITABLE = DESCRIBED - {"tag", "cart", "slot", "os_version"}
"""What a person may correct; slots change by ``custody.place``, and a tag is printed."""


@dataclass(frozen=True, slots=True)
class NewAsset:
    """An asset to enter by hand."""

    kind: AssetKind
    fields: Mapping[str, Json]
    """Of ``EDITABLE``; ``bound_to`` is the tag of the tablet that an accessory belongs to."""
    tag: str | None = None
    """Of a spare label; drawn otherwise."""
    cart: str | None = None
    """Tag or name of the cart that it goes into."""
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to enter by hand."""

    family_name: str
    given_name: str
    school: str
    kind: PersonKind = PersonKind.PUPIL
    class_name: str = ""
    guardian: str = ""


def add_asset(work: Work, wanted: NewAsset) -> Moved:
    """Enter one asset, tagged, and put it into its cart where one is named.

    Raises ``Refusal``: ``tag.taken``, ``serial.taken``, ``name.taken``;
    ``InvalidInput('add.no_name')``; ``NotFound('school.unknown')``; and as ``custody.place`` does.
    """
    if wanted.kind in NAMED_KINDS and not wanted.fields.get("name"):
        raise InvalidInput("add.no_name", kind=str(wanted.kind))
    fields = {name: value for name, value in wanted.fields.items() if value not in (None, "")}
    body = _checked(work, fields, None, wanted.kind)
    cart = find_cart(work, wanted.cart, _text(body, "school")) if wanted.cart else None
    if cart is None and wanted.slot is not None:
        raise InvalidInput("move.slot_without_cart", slot=wanted.slot)
    tag = draw_free_tag(work) if wanted.tag is None else _free_tag(work, wanted.tag)
    asset_id = work.new_id()
    scope = _text(body, "school") or (cart and cart.school) or OWNER_SCOPE
    received: Body = {**body, "kind": str(wanted.kind), "tag": tag}
    (operation,) = work.record([Draft(movements.RECEIVED, asset_id, scope, received)])
    asset = work.asset(asset_id) or Asset(asset_id)
    if cart is not None:
        place(work, [asset], cart, wanted.slot)
        asset = work.asset(asset_id) or asset
    return Moved(operation.id, asset)


def edit_assets(work: Work, tags: Sequence[str], changes: Mapping[str, Json]) -> tuple[Moved, ...]:
    """Correct fields of several assets; those that are so already get no operation.

    Raises ``InvalidInput('edit.nothing')``, ``Refusal('edit.in_cart')`` for the school of what
    belongs in another school's cart, and as ``add_asset`` does.
    """
    if not changes:
        raise InvalidInput("edit.nothing")
    drafts: list[Draft] = []
    for asset in known_assets(work, tags):
        body = _checked(work, changes, asset, asset.kind)
        _check_place(work, asset, body)
        body = {name: value for name, value in body.items() if getattr(asset, name) != value}
        if body:
            scope = _text(body, "school") or asset.school or OWNER_SCOPE
            drafts.append(Draft(movements.DESCRIBED, asset.id, scope, body))
    key = work.new_id()
    if len(drafts) > 1:
        drafts = [replace(each, body={**each.body, "batch": key}) for each in drafts]
    operations = work.record(drafts)
    return tuple(
        Moved(each.id, work.asset(each.subject) or Asset(each.subject)) for each in operations
    )


def add_school(work: Work, uai: str, name: str, fields: Mapping[str, str]) -> School:
    """Enter a school that the directory does not have yet.

    Raises ``Refusal('school.exists')``, ``InvalidInput('uai.…')``, ``InvalidInput('add.no_name')``.
    """
    uai = parse_uai(uai)
    if not name.strip():
        raise InvalidInput("add.no_name", kind="school")
    known = work.schools([uai])
    if uai in known:
        raise Refusal("school.exists", school=uai, name=known[uai].name)
    body = {"departement": departement_of(uai), **fields, "name": show_name(name)}
    return _describe_school(work, uai, body)


def edit_school(work: Work, uai: str, changes: Mapping[str, str]) -> School:
    """Correct a school. Raises ``NotFound('school.unknown')``, ``InvalidInput('edit.nothing')``."""
    school = work.schools([uai]).get(uai)
    if school is None:
        raise NotFound("school.unknown", school=uai)
    if not changes:
        raise InvalidInput("edit.nothing")
    body = {name: value for name, value in changes.items() if getattr(school, name) != value}
    return _describe_school(work, uai, body) if body else school


def add_person(work: Work, wanted: NewPerson, *, homonym: bool = False) -> Person:
    """Enter a person in the erasable register; ``homonym`` says that it is really another one.

    Raises ``Refusal('person.exists')``, ``NotFound('school.unknown')``,
    ``InvalidInput('person.empty')``.
    """
    _check_school(work, wanted.school)
    family_name, given_name = _names(wanted.family_name, wanted.given_name)
    key = person_key(family_name, given_name)
    alike = work.people_named([key]).get(key, [])
    here = [each for each in alike if each.school == wanted.school]
    for each in here if not homonym else ():
        raise Refusal("person.exists", person=each.full_name, class_name=each.class_name)
    taken = {each.id for each in alike}
    ids = (person_id(work.fleet_key, key, f"{wanted.school}#{n}", 0) for n in count(1))
    person = Person(
        id=next(each for each in ids if each not in taken),
        family_name=family_name,
        given_name=given_name,
        kind=wanted.kind,
        school=wanted.school,
        class_name=wanted.class_name,
        guardian=wanted.guardian,
        code=draw_free_person_code(work),
    )
    people = _told_apart(here, person)
    work.save_people(people)
    return people[-1]


def edit_person(work: Work, person: str, changes: Mapping[str, Json]) -> Person:
    """Correct a person; the id stays, whatever the name becomes.

    Raises ``NotFound('person.unknown')``, ``NotFound('school.unknown')``,
    ``InvalidInput('edit.nothing')``, ``InvalidInput('person.empty')``.
    """
    known = work.person(person)
    if known is None:
        raise NotFound("person.unknown", person=person)
    if not changes:
        raise InvalidInput("edit.nothing")
    school = _text(changes, "school")
    if school is not None:
        _check_school(work, school)
    family_name, given_name = _names(
        str(changes.get("family_name", known.family_name)),
        str(changes.get("given_name", known.given_name)),
    )
    edited = replace(
        known,
        family_name=family_name,
        given_name=given_name,
        kind=PersonKind(str(changes.get("kind", known.kind))),
        school=school or known.school,
        class_name=str(changes.get("class_name", known.class_name)),
        guardian=str(changes.get("guardian", known.guardian)),
        left=changes.get("left", known.left) is True,
    )
    if edited != known:
        work.save_people([edited])
    return edited


def _checked(
    work: Work, fields: Mapping[str, Json], asset: Asset | None, kind: AssetKind | None
) -> dict[str, Json]:
    """The fields as they are written: empty ones cleared, references resolved, doubles refused."""
    unknown = sorted(fields.keys() - EDITABLE)
    if unknown:
        raise InvalidInput("edit.field", field=unknown[0], known=", ".join(sorted(EDITABLE)))
    body: dict[str, Json] = {name: value or None for name, value in fields.items()}
    body |= {name: 0 for name, value in fields.items() if value == 0}
    school = _text(body, "school")
    if school is not None:
        _check_school(work, school)
    serial = _text(body, "serial")
    if serial is not None:
        check_serial(work, serial, but=asset.id if asset else None)
    name = _text(body, "name")
    if name is not None and kind in NAMED_KINDS:
        place = school or (asset.school if asset else None) or ""
        other = work.assets_by_name([name]).get((place, name))
        if other is not None and (asset is None or other.id != asset.id) and other.kind is kind:
            raise Refusal("name.taken", name=name, tag=other.label)
    companion = _text(body, "bound_to")
    if companion is not None:
        (tablet,) = known_assets(work, [companion])
        body["bound_to"] = tablet.id
    return body


def _check_place(work: Work, asset: Asset, body: Body) -> None:
    """What belongs in a cart is where the cart is; to change that is a movement."""
    if "school" not in body or asset.cart is None:
        return
    cart = work.asset(asset.cart)
    if cart is not None and cart.school != body["school"]:
        raise Refusal("edit.in_cart", tag=asset.label, cart=cart.label)


def _check_school(work: Work, uai: str) -> None:
    if uai not in work.schools([uai]):
        raise NotFound("school.unknown", school=uai)


def _free_tag(work: Work, text: str) -> str:
    code = parse_code(text)
    if code.kind is not CodeKind.ASSET:
        raise InvalidInput("tag.shape", tag=text)
    if work.taken_tags([code.value]) or work.assets_by_code([code.value]):
        raise Refusal("tag.taken", tag=code.value)
    return code.value


def _describe_school(work: Work, uai: str, body: Body) -> School:
    unknown = sorted(body.keys() - SCHOOL_FIELDS)
    if unknown:
        raise InvalidInput("edit.field", field=unknown[0], known=", ".join(sorted(SCHOOL_FIELDS)))
    work.record([Draft(SCHOOL_DESCRIBED, uai, uai, body)])
    return work.schools([uai])[uai]


def _names(family_name: str, given_name: str) -> tuple[str, str]:
    if not fold_name(family_name) or not fold_name(given_name):
        raise InvalidInput("person.empty")
    return show_family_name(family_name), show_name(given_name)


def _told_apart(present: Sequence[Person], arrived: Person) -> list[Person]:
    """Homonyms of one school with a mark each, the new one last; those with a mark keep it."""
    if not present:
        return [arrived]
    marks = {each.mark for each in present}
    free = (str(n) for n in count(1) if str(n) not in marks)
    changed = [replace(each, mark=next(free)) for each in present if not each.mark]
    return [*changed, replace(arrived, mark=next(free))]


def _text(body: Mapping[str, Json], name: str) -> str | None:
    value = body.get(name)
    return value if isinstance(value, str) and value else None
