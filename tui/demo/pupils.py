"""Invented pupils of the demo school over two years, written as ONDE's ``CSVExtraction.csv``.

Names are varied as in a French town, with accents, particles, hyphens, names in use, twins and two
homonyms. Any likeness to a real child is chance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

LEVELS = ("CP", "CE1", "CE2", "CM1", "CM2")
CLASSES = (
    *(("CP A", "CP"), ("CP B", "CP"), ("CE1 A", "CE1"), ("CE1 B", "CE1"), ("CE2 A", "CE2")),
    *(("CE2 B", "CE2"), ("CM1 A", "CM1"), ("CM1 B", "CM1"), ("CM2 A", "CM2"), ("CM2 B", "CM2")),
)
SMALLEST_CLASS, LARGEST_CLASS = 22, 26
MOVED_AWAY = 7
MOVED_IN = 6
"""Newcomers above the first level."""
HOMONYMS = ("MARTIN", "Léa", "F")
HOMONYMS_IN = ("CM1 B", "CM2 A")
TWINS_IN = "CE1 A"
USAGE_NAME_SHARE = 0.06

# The leading space before Cycle is in the real file.
HEADERS = (
    "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE;Adresse1;Cp1;Commune1;Pays1;"
    "Adresse2;Cp2;Commune2;Pays2; Cycle;Niveau;Libellé classe;Identifiant classe;"
    "Attestation fournie;Autorisation associations;Autorisation photo;Décision de passage"
)

_GIRLS = (
    "Zoé Léa Inès Maëlys Chloé Anaïs Jade Alice Louise Camille Anouk Célia Éloïse Héloïse Margaux "
    "Léonie Noémie Élise Romane Agathe Aïcha Fatoumata Aminata Lina Yasmine Nour Assia Kadiatou "
    "Linh Mei Ana Beatriz Zuzanna Ewa Elif Defne Marie-Lou Anne-Sophie Rose-May Lou-Ann"
)
_BOYS = (
    "Noé Léo Gaël Loïc Théo Hugo Jules Raphaël Gabriel Timéo Maël Côme Basile Félix Clément Rémi "
    "Éric François Jérémie Ilyès Mohamed Yanis Ismaël Ibrahima Mamadou Moussa Minh Duc João Thiago "
    "Jakub Piotr Emre Kaan Jean-Baptiste Paul-Émile Pierre-Louis Marc-Antoine Tom Sacha"
)
_FAMILIES = (
    "MARTIN,LEFÈVRE,DUBOIS,PETIT,MOREAU,LEROY,CARON,DELATTRE,VASSEUR,DUPONT,BÉCU,LEBŒUF,HÉNIN,"
    "CRÉPIN,FOURNIER,GARNIER,FRANÇOIS,BAËS,D'HAENE,D'HALLUIN,L'HERMITTE,DE LA FONTAINE,DU BOIS,"
    "LE GOFF,LE BRAS,VAN DEN BROECK,VANDEPUTTE,DE SMET,MAËS-DELVAL,PETIT-ROUX,BENALI,EL AMRANI,"
    "BEN YOUSSEF,HADDAD,BOUZID,CHERIF,TRAORÉ,DIALLO,KONÉ,N'DIAYE,MBEKI,NGUYEN,TRAN,LY,WANG,"
    "DA SILVA,FERREIRA,DOS SANTOS,GARCÍA,ROSSI,KOWALSKI,NOWAK,YILMAZ,KAYA,POPESCU,O'BRIEN"
)


@dataclass(frozen=True, slots=True)
class Pupil:
    """One line of the list."""

    ine: str
    family_name: str
    usage_name: str
    given_name: str
    sex: str
    birth_date: date
    level: str
    class_name: str
    address: str


@dataclass(frozen=True, slots=True)
class Place:
    """A seat in a class."""

    class_name: str
    level: str
    school_year: int


class _Register:
    """Draws new pupils, never two of one name."""

    def __init__(self, random: Random, first_number: int = 1) -> None:
        self._random = random
        self._number = first_number
        self._names: set[tuple[str, str]] = {HOMONYMS[:2]}

    def remember(self, pupils: Sequence[Pupil]) -> None:
        """Keep the names of ``pupils`` from being drawn again."""
        self._names.update((each.family_name, each.given_name) for each in pupils)

    def enrol(self, place: Place, family_name: str = "") -> Pupil:
        """A pupil of a new name, of the given family if any."""
        families = [family_name] if family_name else _FAMILIES.split(",")
        while True:
            sex = self._random.choice("FM")
            given = self._random.choice((_GIRLS if sex == "F" else _BOYS).split())
            family = self._random.choice(families)
            if (family, given) not in self._names:
                break
        self._names.add((family, given))
        pupil = self.write((family, given, sex), place)
        if family_name or self._random.random() > USAGE_NAME_SHARE:
            return pupil
        return replace(pupil, usage_name=f"{family}-{self._random.choice(('HAVEZ', 'LOOTEN'))}")

    def write(self, names: tuple[str, str, str], place: Place) -> Pupil:
        """The pupil of these names, whoever else bears them."""
        born = date(place.school_year - 6 - LEVELS.index(place.level), 1, 1)
        pupil = Pupil(
            ine=f"{self._number:09}ZZ",
            family_name=names[0],
            usage_name="",
            given_name=names[1],
            sex=names[2],
            birth_date=born + timedelta(days=self._random.randrange(365)),
            level=place.level,
            class_name=place.class_name,
            address=f"{self._random.randint(1, 90)} rue des Écoliers",
        )
        self._number += 1
        return pupil


def enrol_year(school_year: int, sizes: Mapping[str, int], random: Random) -> list[Pupil]:
    """The pupils of the school year that starts in ``school_year``.

    ``sizes`` fixes how many pupils some classes have. Two classes have a pupil of the same name;
    the twins of a third share a birth date.
    """
    register = _Register(random)
    pupils: list[Pupil] = []
    for class_name, level in CLASSES:
        place = Place(class_name, level, school_year)
        size = sizes.get(class_name) or random.randint(SMALLEST_CLASS, LARGEST_CLASS)
        members = [register.enrol(place) for _ in range(size)]
        if class_name in HOMONYMS_IN:
            members[0] = register.write(HOMONYMS, place)
        if class_name == TWINS_IN:
            one = members[0]
            other = register.enrol(place, family_name=one.family_name)
            members[1] = replace(
                other,
                usage_name=one.usage_name,
                birth_date=one.birth_date,
                address=one.address,
            )
        pupils += members
    return pupils


def next_year(pupils: Sequence[Pupil], school_year: int, random: Random) -> list[Pupil]:
    """The same school a year on: one level up in shuffled classes, without leavers, with newcomers.

    The last level goes to collège and a few families move; a first level and a few others come.
    """
    register = _Register(random, first_number=len(pupils) + 1_000)
    register.remember(pupils)
    going_on = [each for each in pupils if each.level != LEVELS[-1]]
    away = set(random.sample(range(len(going_on)), MOVED_AWAY))
    later = [_move_up(each, random) for place, each in enumerate(going_on) if place not in away]
    for class_name in ("CP A", "CP B"):
        size = random.randint(SMALLEST_CLASS, LARGEST_CLASS)
        later += [register.enrol(Place(class_name, LEVELS[0], school_year)) for _ in range(size)]
    for class_name, level in random.sample(CLASSES[2:], MOVED_IN):
        later.append(register.enrol(Place(class_name, level, school_year)))
    return sorted(later, key=lambda each: (LEVELS.index(each.level), each.class_name, each.ine))


def _move_up(pupil: Pupil, random: Random) -> Pupil:
    level = LEVELS[LEVELS.index(pupil.level) + 1]
    class_name = random.choice([name for name, of in CLASSES if of == level])
    return replace(pupil, level=level, class_name=class_name)


def write_class_list(path: Path, pupils: Sequence[Pupil], place: tuple[str, str]) -> None:
    """Write the list as ONDE does: ``;``, CRLF, Windows letters. ``place`` is postcode, commune."""
    class_ids = {name: str(40_001 + number) for number, (name, _) in enumerate(CLASSES)}
    lines = [HEADERS]
    for pupil in pupils:
        cells = (
            *(pupil.family_name, pupil.usage_name, pupil.given_name),
            *(f"{pupil.birth_date:%d/%m/%Y}", pupil.sex, pupil.ine, pupil.address, *place),
            *("FRANCE", "", "", "", ""),
            "CYCLE II" if pupil.level in LEVELS[:3] else "CYCLE III",
            *(pupil.level, pupil.class_name, class_ids[pupil.class_name]),
            *("Oui", "Non", "Non", ""),
        )
        lines.append(";".join(cells))
    path.touch(mode=0o600)  # names of pupils, though invented: handled as real ones are
    path.write_text("".join(f"{line}\r\n" for line in lines), encoding="cp1252", newline="")
