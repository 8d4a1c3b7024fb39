"""Rows of the national directory of schools (``fr-en-annuaire-education``, Licence Ouverte).

Both generations of headers are known, 2023 and 2026, and a short list of one's own with a UAI and a
name is enough. Nothing about persons is read: the directory names none.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fleet.imports.columns import Cells, Column, Layout, parse_rows
from fleet.imports.rows import Parsed, Rejected, Table
from fleet.imports.staging import Seen
from fleet.kinds import SchoolKind, Sector
from fleet.names import fold_name
from fleet.uai import departement_of, parse_uai


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """One line of the directory; text is empty where the file says nothing."""

    uai: str
    name: str
    kind: SchoolKind
    status: Sector
    address: str
    """Parts joined by commas."""
    postcode: str
    commune: str
    commune_code: str
    """INSEE code, not the postcode."""
    departement: str
    """Three characters: ``035``, ``02A``."""
    circonscription: str
    """Name of the inspection district."""
    nature: str
    """Code: 101 maternelle, 151 élémentaire, 340 collège …"""
    priority: str
    """``REP``, ``REP+`` or empty. The directory does not know the QPV."""
    condition: str
    """``OUVERT``, ``A FERMER``."""
    phone: str
    mail: str


LAYOUT = Layout(
    columns=(
        Column(
            "uai",
            (
                "Identifiant_de_l_etablissement",
                "UAI",
                "Code UAI",
                "Numéro UAI",
                "RNE",
                "Code RNE",
                "UAI établissement",
                "Code établissement",
            ),
        ),
        Column(
            "name",
            (
                "Nom_etablissement",
                "Appellation officielle",
                "Nom de l'école",
                "Établissement",
                "École",
                "Nom",
            ),
        ),
        Column("type", ("Type_etablissement", "Type")),
        Column("status", ("Statut_public_prive", "Secteur", "Statut", "Secteur public/privé")),
        Column("address_1", ("Adresse_1", "Adresse")),
        Column("address_2", ("Adresse_2", "Complément d'adresse")),
        Column("address_3", ("Adresse_3",)),
        Column("postcode", ("Code_postal", "CP")),
        Column("commune_code", ("Code_commune", "Code INSEE", "Code commune INSEE")),
        Column("commune", ("Nom_commune", "Commune", "Ville", "Localité")),
        Column("departement", ("Code_departement", "Département")),
        Column("has_nursery", ("Ecole_maternelle",)),
        Column("has_elementary", ("Ecole_elementaire",)),
        Column("phone", ("Telephone", "Tél.", "Numéro de téléphone")),
        Column("mail", ("Mail", "Courriel", "E-mail")),
        Column("priority", ("Appartenance_Education_Prioritaire", "Éducation prioritaire")),
        Column("circonscription", ("nom_circonscription", "Circonscription")),
        Column("condition", ("etat", "État établissement")),
        Column("nature", ("code_nature", "Nature")),
    ),
    required=(("uai",), ("name",)),
)

_KINDS_BY_TYPE = {
    "college": SchoolKind.LOWER_SECONDARY,
    "lycee": SchoolKind.UPPER_SECONDARY,
    "erea": SchoolKind.SPECIAL,
    "medico social": SchoolKind.SPECIAL,
    "service administratif": SchoolKind.OFFICE,
    "information et orientation": SchoolKind.OFFICE,
    "ecole maternelle": SchoolKind.NURSERY,
    "ecole elementaire": SchoolKind.ELEMENTARY,
    "ecole primaire": SchoolKind.PRIMARY,
}
_KINDS_BY_NATURE = (
    ("10", SchoolKind.NURSERY),
    ("15", SchoolKind.ELEMENTARY),
    ("16", SchoolKind.ELEMENTARY),
    ("24", SchoolKind.SPECIAL),
    ("34", SchoolKind.LOWER_SECONDARY),
    ("37", SchoolKind.SPECIAL),
    ("3", SchoolKind.UPPER_SECONDARY),
    ("8", SchoolKind.OFFICE),
)
_SECTORS = {"public": Sector.PUBLIC, "prive": Sector.PRIVATE}


def read_schools(table: Table, seen: Seen | None = None) -> Iterator[Parsed[SchoolRow] | Rejected]:
    """The schools of a directory; further rows of a UAI come marked as duplicates of the first.

    ``seen`` keeps the UAIs met, in memory unless given. Raises ``InvalidInput``:
    ``file.missing_column``, ``file.not_a_table``.
    """
    return _mark_duplicates(parse_rows(table, LAYOUT, _parse), set() if seen is None else seen)


def _mark_duplicates(
    rows: Iterator[Parsed[SchoolRow] | Rejected], seen: Seen
) -> Iterator[Parsed[SchoolRow] | Rejected]:
    for each in rows:
        if isinstance(each, Parsed):
            if each.row.uai in seen:
                each = replace(each, is_duplicate=True)
            seen.add(each.row.uai)
        yield each


def _parse(cells: Cells) -> SchoolRow | None:
    cells.required("uai")
    uai = cells.parsed("uai", parse_uai)
    name = cells.required("name")
    if uai is None:
        return None
    nature = cells.text("nature")
    address = (cells.text(f"address_{part}") for part in (1, 2, 3))
    return SchoolRow(
        uai=uai,
        name=name,
        kind=_kind(cells, nature),
        status=_SECTORS.get(fold_name(cells.text("status")), Sector.UNKNOWN),
        address=", ".join(part for part in address if part),
        postcode=_padded(cells.text("postcode"), 5),
        commune=cells.text("commune"),
        commune_code=_padded(cells.text("commune_code"), 5),
        departement=_padded(cells.text("departement").upper(), 3) or departement_of(uai),
        circonscription=cells.text("circonscription"),
        nature=nature,
        priority=cells.text("priority"),
        condition=cells.text("condition"),
        phone=cells.text("phone"),
        mail=cells.text("mail"),
    )


def _kind(cells: Cells, nature: str) -> SchoolKind:
    levels = (cells.text("has_nursery") == "1", cells.text("has_elementary") == "1")
    kind = _KINDS_BY_TYPE.get(fold_name(cells.text("type")))
    if kind is not None:
        return kind
    if levels == (True, True):
        return SchoolKind.PRIMARY
    if any(levels):
        return SchoolKind.NURSERY if levels[0] else SchoolKind.ELEMENTARY
    for prefix, by_nature in _KINDS_BY_NATURE:
        if len(nature) == 3 and nature.startswith(prefix):
            return by_nature
    return SchoolKind.OTHER


def _padded(code: str, width: int) -> str:
    """Spreadsheets drop leading zeros of postcodes."""
    return code.rjust(width, "0") if code else ""
