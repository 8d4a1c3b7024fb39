"""The register by hand: ``add`` and ``edit`` of assets, carts, servers, schools and persons."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any

from fleet.errors import InvalidInput
from fleet.imports.values import parse_date, parse_macs, parse_price_cents, parse_serial
from fleet.kinds import AssetKind, PersonKind
from fleet.operation import Json
from fleet.uai import parse_uai
from fleet.usecases.editing import PLATFORMS, NewAsset, NewPerson
from tui import format as shown
from tui import words
from tui.bootstrap import open_office
from tui.cli.answer import Answer
from tui.cli.custody import find_tag
from tui.cli.desk import find_person
from tui.cli.options_custody import FIELDS, SCHOOL_FIELDS
from tui.i18n import _, ngettext

_KINDS = {"cart": AssetKind.CART, "server": AssetKind.KWARTZ_SERVER}


def add(options: Namespace) -> Answer:
    """Add one thing to the register."""
    match options.thing:
        case "school":
            return _add_school(options)
        case "person":
            return _add_person(options)
        case _:
            return _add_asset(options)


def edit(options: Namespace) -> Answer:
    """Correct fields; only those that are given, and an empty value clears one."""
    match options.thing:
        case "school":
            return _edit_school(options)
        case "person":
            return _edit_person(options)
        case _:
            return _edit_assets(options)


def _add_asset(options: Namespace) -> Answer:
    kind = _KINDS.get(options.thing) or AssetKind(options.kind)
    wanted = NewAsset(
        kind,
        _asset_fields(options),
        options.tag,
        getattr(options, "cart", None),
        getattr(options, "slot", None),
    )
    with closing(open_office(options.db)) as office:
        done = office.custody.add_asset(wanted)
    document = {"id": done.asset.id, "tag": done.asset.tag, "operation": done.operation}
    line = _("✔ {tag}  {kind}").format(tag=shown.tag(done.asset.tag), kind=words.kind(kind))
    return Answer(document, [line])


def _edit_assets(options: Namespace) -> Answer:
    changes = _asset_fields(options)
    with closing(open_office(options.db)) as office:
        tags = [find_tag(office, tag) for tag in options.tags]
        done = office.custody.edit_assets(tags, changes)
    operations = [{"operation": each.operation, "tag": each.asset.tag} for each in done]
    only = done[0] if len(done) == 1 else None
    document = {
        "id": only.asset.id if only else None,
        "tag": only.asset.tag if only else None,
        "operation": only.operation if only else None,
        "operations": operations,
    }
    text = ngettext("{count} fiche corrigée", "{count} fiches corrigées", len(done))
    return Answer(document, [text.format(count=len(done))])


def _add_school(options: Namespace) -> Answer:
    fields = _given(options, SCHOOL_FIELDS)
    with closing(open_office(options.db)) as office:
        school = office.custody.add_school(options.uai, options.name, fields)
    return _named(school.uai, f"{school.uai}  {school.name}")


def _edit_school(options: Namespace) -> Answer:
    changes = _given(options, (("name", ""), *SCHOOL_FIELDS))
    with closing(open_office(options.db)) as office:
        school = office.custody.edit_school(parse_uai(options.uai), changes)
    return _named(school.uai, f"{school.uai}  {school.name}")


def _add_person(options: Namespace) -> Answer:
    wanted = NewPerson(
        options.family_name,
        options.given_name,
        parse_uai(options.school),
        PersonKind(options.kind or PersonKind.PUPIL),
        options.class_name or "",
        options.guardian or "",
    )
    with closing(open_office(options.db)) as office:
        person = office.custody.add_person(wanted, homonym=options.homonym)
    answer = _named(person.id, f"{person.full_name}  {shown.tag(person.code)}")
    return Answer({**answer.document, "code": person.code}, answer.lines)


def _edit_person(options: Namespace) -> Answer:
    names = ("family_name", "given_name", "class_name", "guardian", "kind")
    changes: dict[str, Json] = dict(_given(options, tuple((name, "") for name in names)))
    if options.school is not None:
        changes["school"] = parse_uai(options.school)
    if options.left is not None:
        changes["left"] = options.left == "yes"
    with closing(open_office(options.db)) as office:
        person = office.custody.edit_person(find_person(office, options.person).id, changes)
    return _named(person.id, f"{person.full_name}  {person.class_name}".rstrip())


def _named(thing: str, text: str) -> Answer:
    return Answer({"id": thing, "tag": None}, [f"✔ {text}"])


def _given(options: Namespace, fields: tuple[tuple[str, str], ...]) -> dict[str, str]:
    found = {name: getattr(options, name, None) for name, _text in fields}
    return {name: value for name, value in found.items() if value is not None}


def _asset_fields(options: Namespace) -> dict[str, Json]:
    """The fields that were given, read as imports read them."""
    fields: dict[str, Json] = {}
    for name, text in _given(options, FIELDS).items():
        column = "price_cents" if name == "price" else name
        stripped = text.strip()
        read = _READ.get(name)
        fields[column] = read(stripped) if read and stripped else stripped
    return fields


def _platform(text: str) -> str:
    if text not in PLATFORMS:
        raise InvalidInput("add.platform", platform=text, known=", ".join(PLATFORMS))
    return text


def _capacity(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) < _MOST_SLOTS:
        raise InvalidInput("add.capacity", value=text)
    return int(text)


_MOST_SLOTS = 100

_READ: Mapping[str, Callable[[str], Any]] = {
    "serial": parse_serial,
    "wifi_mac": lambda text: parse_macs(text)[0],
    "platform": _platform,
    "school": parse_uai,
    "purchased_on": lambda text: parse_date(text).isoformat(),
    "warranty_until": lambda text: parse_date(text).isoformat(),
    "price": parse_price_cents,
    "capacity": _capacity,
}
