"""Class lists of ONDE, SIECLE and Pronote give the same persons, and keep nothing else."""

from dataclasses import fields
from datetime import date

import pytest
from import_tables import rows

from fleet.errors import InvalidInput
from fleet.imports.people import read_people
from fleet.imports.person_row import PersonRow
from fleet.imports.rows import Parsed, Rejected
from fleet.kinds import PersonKind

ONDE_A = (
    "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE;Adresse1;Cp1;Commune1;Pays1;"
    "Adresse2;Cp2;Commune2;Pays2; Cycle;Niveau;Libellé classe;Identifiant classe;"
    "Attestation fournie;Autorisation associations;Autorisation photo;Décision de passage"
)
ONDE_B = (
    "Nom élève;Nom d’usage;Prénom élève;Deuxième prénom;Troisième prénom;Date naissance;Sexe;"
    "Adresse;CP;Commune;Pays;Etat;Cycle;Regroupement;Niveau;Classe;Date inscription"
)


def onde_a(family: str, usage: str, given: str, level: str = "CM2", group: str = "CM2 A") -> str:
    return (
        f"{family};{usage};{given};03/02/2016;F;000000001ZZ;1 rue Haute;59999;VALMONT;FRANCE;"
        f";;;;CYCLE III;{level};{group};40001;Oui;Non;Non;"
    )


def read(*lines: str) -> list[Parsed[PersonRow] | Rejected]:
    return list(read_people(rows(*lines)))


def persons(*lines: str) -> list[PersonRow]:
    found = [each for each in read(*lines) if isinstance(each, Parsed)]
    return [each.row for each in found]


LEA = PersonRow(
    family_name="LEFÈVRE",
    given_name="Léa",
    kind=PersonKind.PUPIL,
    class_name="CM2 A",
    level="CM2",
    birth_date=date(2016, 2, 3),
)


def test_onde_variant_a() -> None:
    assert persons(ONDE_A, onde_a("Lefèvre", "", "Léa")) == [LEA]


def test_onde_variant_b() -> None:
    row = "LEFÈVRE;;Léa;Zoé;;03/02/2016;FEMININ;1 rue;59999;VALMONT;FRANCE;Admis;III;;CM2;CM2 A;"
    assert persons(ONDE_B, row) == [LEA]


def test_siecle_list() -> None:
    (pupil,) = persons("NOM;PRENOM;SEXE;NE(E) LE;MEF;DIV.;REG.", "LEFÈVRE;Léa;F;03/02/2014;1;6A;D")
    assert (pupil.class_name, pupil.birth_date) == ("6A", date(2014, 2, 3))


def test_pronote_list() -> None:
    (pupil,) = persons("Nom;Prénom;Né(e) le;Classe;Niveau", "LEFÈVRE;Léa;03/02/2014;6A;6EME")
    assert (pupil.class_name, pupil.level) == ("6A", "6e")


def test_the_name_in_use_comes_before_the_family_name() -> None:
    (pupil,) = persons(ONDE_A, onde_a("DUBOIS", "Lefèvre", "Léa"))
    assert pupil.family_name == "LEFÈVRE"


def test_the_level_is_the_pupils_and_not_the_classs() -> None:
    found = persons(
        ONDE_A, onde_a("A", "", "Zoé", "CM1", "CM1-CM2"), onde_a("B", "", "Zoé", "CM2", "CM1-CM2")
    )
    assert [(each.level, each.class_name) for each in found] == [
        ("CM1", "CM1-CM2"),
        ("CM2", "CM1-CM2"),
    ]


def test_a_footer_of_one_cell_is_left_out_and_a_cut_pupil_is_not() -> None:
    pupil = onde_a("LEFÈVRE", "", "Léa")
    assert [type(each) for each in read(ONDE_A, pupil, "231 élèves")] == [Parsed]
    cut = read(ONDE_A, pupil, "MARTIN;;Pa")
    assert cut[1:] == [Rejected(3, "", "MARTIN Pa", "line.cells", "22")]


def test_a_lone_cell_in_the_middle_is_a_fault() -> None:
    found = read(ONDE_A, onde_a("A", "", "Zoé"), "suite", onde_a("B", "", "Zoé"))
    assert [type(each) for each in found] == [Parsed, Rejected, Parsed]


def test_homonyms_are_both_read() -> None:
    found = read(ONDE_A, onde_a("MARTIN", "", "Léa"), onde_a("MARTIN", "", "Léa", group="CM2 B"))
    assert [isinstance(each, Parsed) and not each.is_duplicate for each in found] == [True, True]


def test_a_missing_name_and_a_wrong_date_are_two_faults() -> None:
    found = read("Nom;Prénom;Né(e) le;Classe", "LEFÈVRE;;31/02/2016;CM2 A", "--;Léa;;CM2 A")
    assert found == [
        Rejected(2, "Prénom", "", "cell.missing"),
        Rejected(2, "Né(e) le", "31/02/2016", "date.calendar"),
        Rejected(3, "Nom", "--", "name.shape"),
    ]


def test_teachers_and_staff_come_with_their_function() -> None:
    found = persons(
        "Nom;Prénom;Fonction;UAI",
        "LEROY;Anne;Professeure des écoles;0599801H",
        "CARON;Paul;AESH;0599801H",
        "NOWAK;Ewa;;",
    )
    assert [(each.kind, each.school) for each in found] == [
        (PersonKind.TEACHER, "0599801H"),
        (PersonKind.STAFF, "0599801H"),
        (PersonKind.PUPIL, None),
    ]


def test_an_unknown_function_is_not_guessed_at() -> None:
    found = read("Nom;Prénom;Fonction", "LEROY;Anne;Dompteuse")
    assert found == [Rejected(2, "Fonction", "Dompteuse", "kind.unknown")]


def test_a_list_without_class_or_function_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        read("Nom;Prénom", "LEROY;Anne")
    assert caught.value.params["column"] == "Libellé classe"


def test_a_birth_date_never_shows() -> None:
    assert "2016" not in repr(LEA)


def test_nothing_but_what_a_loan_needs_is_kept() -> None:
    assert {each.name for each in fields(PersonRow)} == {
        *("family_name", "given_name", "kind", "class_name", "level", "guardian", "school"),
        "birth_date",
    }


GUARDIANS = (
    "Civilité Responsable;Nom usage responsable;Nom responsable;Prénom responsable;Adresse "
    "responsable;CP responsable;Commune responsable;Pays;Courriel;Téléphone domicile;Téléphone "
    "travail;Téléphone portable"
)
CHILD = "Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants"
MOTHER = "Mme;LEFÈVRE;DUBOIS;Claire;1 rue;59999;VALMONT;FRANCE;;;;"
FATHER = "M.;;LEFÈVRE;Paul;1 rue;59999;VALMONT;FRANCE;;;;"


@pytest.mark.parametrize("blocks", [1, 2, 3])
def test_guardians_bring_their_children_however_often_the_header_repeats(blocks: int) -> None:
    header = ";".join([GUARDIANS, *[CHILD] * blocks])
    found = read(header, f"{MOTHER};;LEFÈVRE;Léa;CM2 A;DUBOIS;LEFÈVRE;Noé;CP B")
    assert found == [
        Parsed(2, PersonRow("LEFÈVRE", "Léa", PersonKind.PUPIL, "CM2 A", "", "LEFÈVRE Claire")),
        Parsed(2, PersonRow("DUBOIS", "Noé", PersonKind.PUPIL, "CP B", "", "LEFÈVRE Claire")),
    ]


def test_the_first_guardian_signs_and_a_second_one_marks_the_child_as_a_duplicate() -> None:
    child = ";;LEFÈVRE;Léa;CM2 A"
    found = read(f"{GUARDIANS};{CHILD}", f"{MOTHER}{child}", f"{FATHER}{child}")
    children = [each for each in found if isinstance(each, Parsed)]
    assert [each.is_duplicate for each in children] == [False, True]
    assert children[0].row.guardian == "LEFÈVRE Claire"


def test_a_guardian_without_a_child_or_a_child_without_a_name_is_a_fault() -> None:
    found = read(f"{GUARDIANS};{CHILD}", f"{MOTHER};;;;", f"{FATHER};;LEFÈVRE;;CM2 A", "M.;;LE")
    assert found == [
        Rejected(2, "Nom de famille enfant", "", "cell.missing"),
        Rejected(3, "Prénom enfant", "", "cell.missing"),
        Rejected(4, "Nom de famille enfant", "", "cell.missing"),
    ]
