"""Writes the demo city's files in the formats that a real city receives them in.

Twenty écoles élémentaires in three phases, each with a Kwartz server and a rolling case of sixteen
tablets, and one school's class lists for two years. The same arguments give the same content.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from fleet.names import fold_name
from fleet.uai import uai_of
from tui.demo.deliveries import Site, write_delivery
from tui.demo.pupils import enrol_year, next_year, write_class_list

DEPARTEMENT = "059"
COMMUNE, POSTCODE, COMMUNE_CODE = "Valmont-sur-Lys", "59999", "59999"
"""No commune has this name or these codes."""
FIRST_NUMBER = 9801
"""So high that it is unlikely to be a real school's."""
CART_SIZE = 16
FEWEST_CLASSES, MOST_CLASSES = 6, 12
DEMO_SCHOOL, DEMO_CLASS = "Camus", "CM2 A"
DEMO_SCHOOL_CLASSES = 10
DEMO_CLASS_SIZE = 28


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of the deployment, with its schools by their short names."""

    name: str
    year: int
    schools: tuple[str, ...]


PHASES = (
    Phase(
        "Phase 1",
        2019,
        (
            *("Camus", "Cézanne", "Chateaubriand", "La Fontaine", "Prévert"),
            *("Toulouse Lautrec", "Verhaeren", "Verlaine"),
        ),
    ),
    Phase(
        "Phase 2",
        2020,
        (
            *("Anatole France", "Calmette", "Chopin", "Louise de Bettignies", "Mermoz"),
            *("Picasso", "Pierre et Marie Curie", "René Clair", "Taine"),
        ),
    ),
    Phase("Phase 3", 2021, ("Claude Bernard", "Rameau", "Bossuet")),
)
PILOT = Phase("Groupe pilote", 2017, ("Boris Vian", "Paul Fort", "Verlaine"))
"""Verlaine is in phase 1 as well; the other two are in no phase and in no file."""


@dataclass(frozen=True, slots=True)
class City:
    """The files that were written and what a walk through them needs to know."""

    directory: Path
    delivery: Path
    class_list: Path
    next_class_list: Path
    """The same school a year later: other classes, newcomers, leavers."""
    phases: tuple[Phase, ...]
    uais: dict[str, str]
    """Short name of each school in a phase to its UAI."""
    demo_school: str
    """UAI of the school whose tablets are enrolled by cable."""
    demo_class: str
    demo_cart: str
    """Name of that school's case."""
    pupils: int = 0
    """In the class list."""
    newcomers: int = 0
    """In the next year's list alone."""
    leavers: int = 0
    """In this year's list alone."""


def write_city(
    folder: Path, *, cart_serials: Sequence[str], school_year: int = 2026, seed: int = 1
) -> City:
    """Write the city's files into ``folder``, which exists.

    ``cart_serials`` are those of the demo school's tablets, up to sixteen, delivered without a slot
    because they are enrolled by cable; the remaining ones are invented and have their slots.
    ``school_year`` is the year in which the class list's school year starts. Raises ``ValueError``
    for too many serials.
    """
    if len(cart_serials) > CART_SIZE:
        raise ValueError("more serials than the case has slots")
    names = [name for phase in PHASES for name in phase.schools]
    uais = {name: uai_of(DEPARTEMENT, FIRST_NUMBER + place) for place, name in enumerate(names)}
    sites = _sites(uais, cart_serials, Random(f"{seed}/sites"))
    demo = sites[names.index(DEMO_SCHOOL)]
    slug = fold_name(DEMO_SCHOOL).replace(" ", "-")
    city = City(
        directory=folder / "annuaire.csv",
        delivery=folder / "livraison.xlsx",
        class_list=folder / f"onde-{slug}.csv",
        next_class_list=folder / f"onde-{slug}-next-year.csv",
        phases=PHASES,
        uais=uais,
        demo_school=demo.uai,
        demo_class=DEMO_CLASS,
        demo_cart=demo.cart,
    )
    _write_directory(city.directory, sites, school_year)
    write_delivery(city.delivery, sites, Random(f"{seed}/delivery"))
    return _write_lists(city, school_year, Random(f"{seed}/pupils"))


def _sites(uais: dict[str, str], cart_serials: Sequence[str], random: Random) -> list[Site]:
    sites: list[Site] = []
    for phase in PHASES:
        for name in phase.schools:
            is_demo = name == DEMO_SCHOOL
            classes = random.randint(FEWEST_CLASSES, MOST_CLASSES)
            sites.append(
                Site(
                    uai=uais[name],
                    name=f"Ecole élémentaire {name}",
                    year=phase.year,
                    cart=f"M-{len(sites) + 1:02}",
                    cart_size=CART_SIZE,
                    classes=DEMO_SCHOOL_CLASSES if is_demo else classes,
                    cart_serials=tuple(cart_serials) if is_demo else (),
                )
            )
    return sites


def _write_lists(city: City, school_year: int, random: Random) -> City:
    pupils = enrol_year(school_year, {DEMO_CLASS: DEMO_CLASS_SIZE}, random)
    later = next_year(pupils, school_year + 1, random)
    place = (POSTCODE, COMMUNE.upper())
    write_class_list(city.class_list, pupils, place)
    write_class_list(city.next_class_list, later, place)
    now, then = {each.ine for each in pupils}, {each.ine for each in later}
    return replace(city, pupils=len(now), newcomers=len(then - now), leavers=len(now - then))


DIRECTORY_HEADER = (
    "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;"
    "Adresse_1;Adresse_2;Adresse_3;Code_postal;Code_commune;Nom_commune;Code_departement;"
    "Code_academie;Code_region;Ecole_maternelle;Ecole_elementaire;Voie_generale;"
    "Voie_technologique;Voie_professionnelle;Telephone;Fax;Web;Mail;Restauration;Hebergement;ULIS;"
    "Apprentissage;Segpa;Section_arts;Section_cinema;Section_theatre;Section_sport;"
    "Section_internationale;Section_europeenne;Lycee_Agricole;Lycee_militaire;Lycee_des_metiers;"
    "Post_BAC;Appartenance_Education_Prioritaire;GRETA;SIREN_SIRET;Fiche_onisep;position;"
    "Type_contrat_prive;Libelle_departement;Libelle_academie;Libelle_region;coordX_origine;"
    "coordY_origine;epsg_origine;nom_circonscription;latitude;longitude;precision_localisation;"
    "date_ouverture;date_maj_ligne;etat;ministere_tutelle;multi_uai;rpi_concentre;rpi_disperse;"
    "code_nature;libelle_nature;Code_type_contrat_prive;PIAL;etablissement_mere;"
    "type_rattachement_etablissement_mere;code_circonscription;code_zone_animation_pedagogique;"
    "libelle_zone_animation_pedagogique;code_bassin_formation;libelle_bassin_formation"
)
"""The national directory's columns of 2026."""

_STREETS = ("rue des Tilleuls", "rue du Moulin", "place du Marché", "avenue de la Lys", "rue Haute")


def _write_directory(path: Path, sites: Sequence[Site], school_year: int) -> None:
    headers = DIRECTORY_HEADER.split(";")
    lines = [DIRECTORY_HEADER]
    for number, site in enumerate(sites, 1):
        filled = {
            "Identifiant_de_l_etablissement": site.uai,
            "Nom_etablissement": site.name,
            "Type_etablissement": "Ecole",
            "Statut_public_prive": "Public",
            "Adresse_1": f"{number * 3} {_STREETS[number % len(_STREETS)]}",
            "Adresse_3": f"{POSTCODE} {COMMUNE.upper().replace('-', ' ')}",
            "Code_postal": POSTCODE,
            "Code_commune": COMMUNE_CODE,
            "Nom_commune": COMMUNE,
            "Code_departement": DEPARTEMENT,
            "Code_academie": "09",
            "Code_region": "32",
            "Ecole_maternelle": "0",
            "Ecole_elementaire": "1",
            # Numbers that ARCEP keeps for fiction, and a domain that nobody can own (RFC 2606).
            "Telephone": f"03530100{number:02}",
            "Mail": f"ce.{site.uai}@ecoles.example",
            "Restauration": "1",
            "Hebergement": "0",
            "ULIS": "1" if number % 7 == 0 else "0",
            "Appartenance_Education_Prioritaire": {4: "REP", 10: "REP", 19: "REP+"}.get(number, ""),
            "Type_contrat_prive": "SANS OBJET",
            "Libelle_departement": "Nord",
            "Libelle_academie": "Lille",
            "Libelle_region": "Hauts-de-France",
            "nom_circonscription": f"Circonscription d'inspection du 1er degré de {COMMUNE}",
            "date_ouverture": "1965-10-01",
            "date_maj_ligne": f"{school_year}-05-27",
            "etat": "OUVERT",
            "ministere_tutelle": "MINISTERE DE L'EDUCATION NATIONALE",
            "multi_uai": "0",
            "rpi_concentre": "0",
            "code_nature": "151",
            "libelle_nature": "ECOLE DE NIVEAU ELEMENTAIRE",
            "Code_type_contrat_prive": "99",
            "code_circonscription": uai_of(DEPARTEMENT, FIRST_NUMBER - 1),
        }
        lines.append(";".join(filled.get(header, "") for header in headers))
    path.write_text("".join(f"{line}\r\n" for line in lines), encoding="utf-8-sig", newline="")
