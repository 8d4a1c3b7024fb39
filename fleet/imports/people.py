"""Rows of class lists: ONDE for écoles, SIECLE and Pronote for collèges, and plain lists.

Reads what a loan needs and nothing else: addresses, telephones, INE and sex stay in the file. The
birth date serves to tell homonyms apart while a list is matched and must not be kept.
"""

from collections.abc import Iterator

from fleet.imports.columns import Cells, Column, Layout, parse_rows
from fleet.imports.guardians import is_guardian_list, read_guardians
from fleet.imports.kind_words import parse_person_kind
from fleet.imports.person_row import PersonRow
from fleet.imports.rows import Parsed, Rejected, Table
from fleet.imports.staging import Seen
from fleet.imports.values import parse_date
from fleet.kinds import PersonKind
from fleet.names import fold_name, show_family_name, show_name
from fleet.uai import parse_uai

LAYOUT = Layout(
    columns=(
        Column(
            "family_name",
            (
                "Nom élève",
                "Nom de famille élève",
                "Nom de famille",
                "Nom",
                "Nom de naissance",
                "Family name",
                "Last name",
            ),
        ),
        Column("usage_name", ("Nom d'usage élève", "Nom d'usage")),
        Column(
            "given_name",
            ("Prénom élève", "Prénom", "Prénom usuel", "Prénom 1", "Given name", "First name"),
        ),
        Column(
            "birth_date",
            ("Date naissance", "Date naissance élève", "Né(e) le", "Né le", "Birth date"),
        ),
        Column(
            "class_name",
            ("Libellé classe", "Classe", "Div.", "Division", "Libellé division", "Class"),
        ),
        Column("level", ("Niveau", "Niveau scolaire", "Niveau élève", "Level")),
        Column("kind", ("Fonction", "Profil", "Qualité", "Type", "Rôle", "Kind")),
        Column(
            "guardian",
            ("Responsable", "Responsable légal", "Représentant légal", "Responsable 1", "Guardian"),
        ),
        Column("school", ("UAI", "Code UAI", "RNE", "Code RNE", "UAI établissement")),
    ),
    # A list with neither would make pupils of the teachers.
    required=(("family_name", "usage_name"), ("given_name",), ("class_name", "kind")),
)

_LEVELS = {
    **{level.lower(): level for level in ("TPS", "PS", "MS", "GS", "CP", "CE1", "CE2", "CM1")},
    **{level.lower(): level for level in ("CM2", "ULIS", "SEGPA", "UPE2A")},
    **{f"{year}{ending}": f"{year}e" for year in (6, 5, 4, 3) for ending in ("e", "eme", " eme")},
    "petite section": "PS",
    "moyenne section": "MS",
    "grande section": "GS",
    "cours preparatoire": "CP",
    "sixieme": "6e",
    "cinquieme": "5e",
    "quatrieme": "4e",
    "troisieme": "3e",
}


def read_people(table: Table, seen: Seen | None = None) -> Iterator[Parsed[PersonRow] | Rejected]:
    """The persons of a list, pupils unless the file says another function.

    A list of ONDE's responsables yields the children with their guardian. Raises ``InvalidInput``:
    ``file.missing_column``, ``file.not_a_table``.
    """
    if is_guardian_list(table):
        return read_guardians(table, seen)
    return parse_rows(table, LAYOUT, _parse, has_footer=True)


def _parse(cells: Cells) -> PersonRow | None:
    family_name = cells.text("usage_name") or cells.required("family_name")
    given_name = cells.required("given_name")
    for column, name in (("family_name", family_name), ("given_name", given_name)):
        if name and not fold_name(name):
            cells.reject(column, "name.shape")
    level = cells.text("level")
    return PersonRow(
        family_name=show_family_name(family_name),
        given_name=show_name(given_name),
        kind=cells.parsed("kind", parse_person_kind) or PersonKind.PUPIL,
        class_name=cells.text("class_name"),
        level=_LEVELS.get(fold_name(level), level),
        guardian=cells.text("guardian"),
        school=cells.parsed("school", parse_uai),
        birth_date=cells.parsed("birth_date", parse_date),
    )
