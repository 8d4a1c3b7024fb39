"""The national directory is read in both generations; its own trouble is reported row by row."""

import pytest
from import_tables import TextRows, rows

from fleet.errors import InvalidInput
from fleet.imports.rows import Parsed, Rejected
from fleet.imports.schools import SchoolRow, read_schools
from fleet.kinds import SchoolKind, Sector

HEADER_2023 = (
    "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;"
    "Adresse_1;Adresse_3;Code postal;Code_commune;Nom_commune;Code_departement;Ecole_maternelle;"
    "Ecole_elementaire;Telephone;Mail;Appartenance_Education_Prioritaire;Nombre_d_eleves;"
    "nom_circonscription;etat;etablissement_multi_lignes;code_nature"
)
ROW_2023 = (
    "0599801H;École Camus;Ecole;Public;3 rue Haute;59999 VALMONT;59999;59998;Valmont;059;0;1;"
    "0353010001;ce.x@ecoles.example;REP;143;IEN de Valmont;OUVERT;0;151"
)
HEADER_2026 = (
    "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;"
    "Adresse_1;Adresse_3;Code_postal;Code_commune;Nom_commune;Code_departement;Ecole_maternelle;"
    "Ecole_elementaire;Telephone;Mail;Appartenance_Education_Prioritaire;nom_circonscription;etat;"
    "multi_uai;code_nature;code_circonscription"
)
ROW_2026 = (
    "0599801H;École Camus;Ecole;Public;3 rue Haute;59999 VALMONT;59999;59998;Valmont;059;0;1;"
    "0353010001;ce.x@ecoles.example;REP;IEN de Valmont;OUVERT;0;151;0599800G"
)
CAMUS = SchoolRow(
    uai="0599801H",
    name="École Camus",
    kind=SchoolKind.ELEMENTARY,
    status=Sector.PUBLIC,
    address="3 rue Haute, 59999 VALMONT",
    postcode="59999",
    commune="Valmont",
    commune_code="59998",
    departement="059",
    circonscription="IEN de Valmont",
    nature="151",
    priority="REP",
    condition="OUVERT",
    phone="0353010001",
    mail="ce.x@ecoles.example",
)


def read(table: TextRows) -> list[Parsed[SchoolRow] | Rejected]:
    return list(read_schools(table))


@pytest.mark.parametrize(
    ("header", "row"), [(HEADER_2023, ROW_2023), (HEADER_2026, ROW_2026)], ids=["2023", "2026"]
)
def test_both_generations_of_the_directory_give_the_same_school(header: str, row: str) -> None:
    assert read(rows(header, row)) == [Parsed(2, CAMUS)]


def test_headers_of_the_interface_in_lower_case_are_the_same_columns() -> None:
    assert read(rows(HEADER_2026.lower(), ROW_2026)) == [Parsed(2, CAMUS)]


def test_a_short_list_of_ones_own_is_enough() -> None:
    (school,) = read(rows("UAI;École", "0599801h;Camus"))
    assert isinstance(school, Parsed)
    assert (school.row.uai, school.row.departement) == ("0599801H", "059")
    assert school.row.kind is SchoolKind.OTHER


def test_the_first_row_of_a_uai_is_the_school_and_the_others_are_duplicates() -> None:
    found = read(rows("UAI;Nom", "0599801H;Camus", "0599802J;Cézanne", "0599801H;Camus annexe"))
    assert [(each.line, each.is_duplicate) for each in found if isinstance(each, Parsed)] == [
        (2, False),
        (3, False),
        (4, True),
    ]


def test_a_wrong_letter_names_the_line_the_field_and_the_right_letter() -> None:
    found = read(rows("UAI;Nom", "0599801A;Camus", "0599802J;Cézanne", ";Taine", "059;"))
    assert [each for each in found if isinstance(each, Rejected)] == [
        Rejected(2, "UAI", "0599801A", "uai.letter", "H"),
        Rejected(4, "UAI", "", "cell.missing"),
        Rejected(5, "UAI", "059", "uai.shape"),
        Rejected(5, "Nom", "", "cell.missing"),
    ]
    assert sum(isinstance(each, Parsed) for each in found) == 1


def test_a_rejected_row_does_not_make_a_duplicate_of_the_next() -> None:
    found = read(rows("UAI;Nom", "0599801H;", "0599801H;Camus"))
    assert isinstance(found[1], Parsed)
    assert not found[1].is_duplicate


def test_a_file_without_uai_is_refused_as_a_whole() -> None:
    with pytest.raises(InvalidInput) as caught:
        read(rows(HEADER_2026.replace("Identifiant_de_l_etablissement", "Code"), ROW_2026))
    assert caught.value.params["column"] == "Identifiant_de_l_etablissement"


@pytest.mark.parametrize(
    ("type_", "nursery", "elementary", "nature", "kind"),
    [
        ("Ecole", "1", "1", "151", SchoolKind.PRIMARY),
        ("Ecole", "1", "0", "101", SchoolKind.NURSERY),
        ("Ecole", "0", "1", "151", SchoolKind.ELEMENTARY),
        ("Ecole", "", "", "101", SchoolKind.NURSERY),
        ("Collège", "", "", "340", SchoolKind.LOWER_SECONDARY),
        ("Lycée", "", "", "302", SchoolKind.UPPER_SECONDARY),
        ("EREA", "", "", "370", SchoolKind.SPECIAL),
        ("Médico-social", "", "", "240", SchoolKind.SPECIAL),
        ("Service Administratif", "", "", "809", SchoolKind.OFFICE),
        ("", "", "", "320", SchoolKind.UPPER_SECONDARY),
        ("Autre", "", "", "400", SchoolKind.OTHER),
    ],
)
def test_the_kind_comes_from_type_levels_and_nature(
    type_: str, nursery: str, elementary: str, nature: str, kind: SchoolKind
) -> None:
    header = "UAI;Nom;Type_etablissement;Ecole_maternelle;Ecole_elementaire;code_nature"
    row = f"0599801H;X;{type_};{nursery};{elementary};{nature}"
    (school,) = read(rows(header, row))
    assert isinstance(school, Parsed)
    assert school.row.kind is kind


def test_zeros_that_a_spreadsheet_dropped_come_back() -> None:
    header = "UAI;Nom;Code postal;Code_commune;Code_departement"
    (school,) = read(rows(header, "0010005A;X;1000;1004;1", fixed_width=False))
    assert isinstance(school, Parsed)
    row = school.row
    assert (row.postcode, row.commune_code, row.departement) == ("01000", "01004", "001")
