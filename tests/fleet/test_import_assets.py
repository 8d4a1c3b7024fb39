"""Deliveries are read whatever the supplier calls its columns, and nothing is taken twice."""

from datetime import date

import pytest
from import_tables import rows

from fleet.errors import InvalidInput
from fleet.imports.assets import DeliveryRow, read_deliveries
from fleet.imports.kind_words import find_asset_kind
from fleet.imports.rows import Parsed, Rejected
from fleet.kinds import AssetKind


def read(*lines: str) -> list[Parsed[DeliveryRow] | Rejected]:
    return list(read_deliveries(rows(*lines)))


def read_one(header: str, row: str) -> DeliveryRow:
    (found,) = read(header, row)
    assert isinstance(found, Parsed), found
    return found.row


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Tablette tactile 10 pouces", AssetKind.TABLET),
        ("TABLETTES", AssetKind.TABLET),
        ("Tablette avec housse et chargeur", AssetKind.TABLET),
        ("Housse pour tablette", AssetKind.ACCESSORY),
        ("Chargeur de tablette", AssetKind.ACCESSORY),
        ("Mallette à roulettes 16 tablettes", AssetKind.CART),
        ("Chariot de rechargement", AssetKind.CART),
        ("Classe mobile 12 PC portables", AssetKind.CART),
        ("Serveur Kwartz", AssetKind.KWARTZ_SERVER),
        ("Serveur pédagogique Kwartz école", AssetKind.KWARTZ_SERVER),
        ("Ordinateur de l’enseignant", AssetKind.COMPUTER),
        ("PC portable 15 pouces", AssetKind.COMPUTER),
        ("Unité centrale", AssetKind.COMPUTER),
        ("Vidéoprojecteur ultra courte focale", AssetKind.PROJECTOR),
        ("Vidéo-projecteur", AssetKind.PROJECTOR),
        ("Vidéoprojecteur interactif", AssetKind.INTERACTIVE_DISPLAY),
        ("Support vidéoprojecteur", AssetKind.ACCESSORY),
        ("VPI", AssetKind.INTERACTIVE_DISPLAY),
        ("TNI", AssetKind.INTERACTIVE_DISPLAY),
        ("Écran numérique interactif 75 pouces", AssetKind.INTERACTIVE_DISPLAY),
        ("Borne Wi-Fi", AssetKind.ACCESS_POINT),
        ("Point d'accès Wifi 6", AssetKind.ACCESS_POINT),
        ("Kit WebRadio", AssetKind.WEBRADIO_KIT),
        ("Mallette webradio", AssetKind.WEBRADIO_KIT),
        ("Kit Web TV", AssetKind.WEBTV_KIT),
        ("Tondeuse à gazon", None),
        ("", None),
    ],
)
def test_the_first_known_words_name_the_kind(text: str, kind: AssetKind | None) -> None:
    assert find_asset_kind(text) is kind


def test_a_full_row_is_read_column_by_column() -> None:
    row = read_one(
        "N° de commande;Date de livraison;UAI;Établissement;Type;Désignation;Marque;Modèle;"
        "N° de série;Adresse MAC;N° inventaire;Mallette;Emplacement;Garantie (mois);Fournisseur;"
        "Prix TTC",
        "C-12;02/09/2021;0599801h;Camus;Tablette;Tablette 10 pouces;Samsung;SM-T500;"
        "R9WR30ABCDE;A4-C6-9A-00-00-01;VSL-1;M-01;07;24;Numérilys;219,90 €",
    )
    assert row == DeliveryRow(
        kind=AssetKind.TABLET,
        serial="R9WR30ABCDE",
        maker="Samsung",
        model="SM-T500",
        designation="Tablette 10 pouces",
        macs=("a4:c6:9a:00:00:01",),
        accounting_number="VSL-1",
        tag=None,
        school="0599801H",
        school_name="Camus",
        room="",
        name=None,
        cart="M-01",
        slot=7,
        capacity=None,
        purchased_on=date(2021, 9, 2),
        delivered_on=date(2021, 9, 2),
        warranty_until=date(2023, 9, 2),
        supplier="Numérilys",
        lot="C-12",
        price_cents=21_990,
    )


@pytest.mark.parametrize(
    "header", ["N° de série", "Numéro de série", "S/N", "SN", "Serial", "Serial Number", "N°SÉRIE"]
)
def test_every_supplier_calls_the_serial_otherwise(header: str) -> None:
    assert read_one(f"Type;{header}", "Tablette;ABC").serial == "ABC"


def test_a_case_takes_its_name_from_its_column_and_its_capacity_from_its_designation() -> None:
    row = read_one("S/N;Désignation;Mallette", ";Mallette à roulettes 16 tablettes;M-01")
    assert (row.kind, row.name, row.cart, row.capacity) == (AssetKind.CART, "M-01", None, 16)


def test_a_type_that_says_nothing_leaves_the_designation_to_decide() -> None:
    row = read_one("S/N;Type;Désignation", "A;Serveur;Serveur Kwartz école")
    assert row.kind is AssetKind.KWARTZ_SERVER


def test_a_place_beside_no_case_is_a_room() -> None:
    row = read_one("S/N;Type;Emplacement", "A;Vidéoprojecteur;Salle 12")
    assert (row.slot, row.room) == (None, "Salle 12")


@pytest.mark.parametrize(
    ("column", "cell", "day"),
    [
        ("Fin de garantie", "31/08/2026", date(2026, 8, 31)),
        ("Garantie", "31/08/2026", date(2026, 8, 31)),
        ("Garantie", "2026-08-31", date(2026, 8, 31)),
        ("Garantie", "36 mois", date(2024, 9, 2)),
        ("Garantie", "3 ans", date(2024, 9, 2)),
        ("Garantie (ans)", "3", date(2024, 9, 2)),
        ("Garantie (mois)", "6", date(2022, 3, 2)),
        ("Garantie", "", None),
    ],
)
def test_a_warranty_is_a_day_or_a_duration(column: str, cell: str, day: date | None) -> None:
    row = read_one(f"S/N;Type;Livré le;{column}", f"A;Tablette;02/09/2021;{cell}")
    assert row.warranty_until == day


def test_a_duration_without_a_day_to_count_from_says_nothing() -> None:
    assert read_one("S/N;Type;Garantie", "A;Tablette;3 ans").warranty_until is None


@pytest.mark.parametrize(
    ("header", "row", "field", "reason"),
    [
        ("S/N;Type", ";Tablette", "S/N", "cell.missing"),
        ("S/N;Type", "N/A;Tablette", "S/N", "cell.missing"),
        ("S/N;Type", "3,58E+14;Tablette", "S/N", "cell.rounded"),
        ("S/N;Type", "A;Tondeuse", "Type", "kind.unknown"),
        ("S/N;Désignation", "A;", "Désignation", "cell.missing"),
        ("S/N;Type;UAI", "A;Tablette;0599801A", "UAI", "uai.letter"),
        ("S/N;Type;Livré le", "A;Tablette;31/02/2021", "Livré le", "date.calendar"),
        ("S/N;Type;Garantie", "A;Tablette;3", "Garantie", "duration.unit"),
        ("S/N;Type;Prix TTC", "A;Tablette;1.234", "Prix TTC", "price.shape"),
        ("S/N;Type;MAC", "A;Tablette;02:00:00:00:00:00", "MAC", "mac.placeholder"),
        ("S/N;Type;Mallette;Casier", "A;Tablette;M-01;zéro", "Casier", "slot.shape"),
        ("S/N;Type;Mallette;Casier", "A;Tablette;;7", "Mallette", "cell.missing"),
        ("S/N;Type;Étiquette", "A;Tablette;KDRTBXLB", "Étiquette", "tag.check"),
        ("S/N;Type;Étiquette", "A;Tablette;AEIOU", "Étiquette", "tag.shape"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(
    header: str, row: str, field: str, reason: str
) -> None:
    found = read(header, row)
    assert [
        (each.line, each.field, each.reason) for each in found if isinstance(each, Rejected)
    ] == [(2, field, reason)]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("header", "first", "second", "reason"),
    [
        ("S/N;Type", "abc;Tablette", "ABC;PC", "serial.duplicate"),
        (
            "S/N;Type;MAC",
            "A;PC;A4C69A000001",
            "B;PC;a4-c6-9a-00-00-01",
            "mac.duplicate",
        ),
        (
            "S/N;Type;UAI;Mallette;Emplacement",
            "A;Tablette;0599801H;M-01;7",
            "B;Tablette;0599801H;m 01;07",
            "slot.taken",
        ),
    ],
)
def test_what_may_be_there_once_is_rejected_the_second_time(
    header: str, first: str, second: str, reason: str
) -> None:
    found = read(header, first, second)
    assert isinstance(found[0], Parsed)
    assert [each.reason for each in found if isinstance(each, Rejected)] == [reason]


def test_a_rejected_row_takes_nothing_for_itself() -> None:
    found = read("S/N;Type;UAI", "A;Tablette;0599801A", "A;Tablette;0599801H")
    assert isinstance(found[1], Parsed)


def test_two_schools_may_have_a_case_of_the_same_name() -> None:
    found = read(
        "S/N;Type;UAI;Mallette;Emplacement",
        "A;Tablette;0599801H;M-01;7",
        "B;Tablette;0599802J;M-01;7",
    )
    assert all(isinstance(each, Parsed) for each in found)


def test_one_accounting_number_may_cover_a_batch() -> None:
    found = read("N° inventaire;Type;S/N", "2021-7;Tablette;A", "2021-7;Tablette;B")
    assert all(isinstance(each, Parsed) for each in found)


def test_a_file_that_does_not_say_what_things_are_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        read("S/N;UAI", "A;0599801H")
    assert caught.value.params["column"] == "Type"
