"""The supplier's delivery of the demo city: one workbook, one row for each thing delivered.

Serial and inventory numbers are invented; models are those that schools had in these years.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

SUPPLIER = "Numérilys Équipement"
HEADERS = (
    "N° de commande",
    "Date de livraison",
    "UAI",
    "Établissement",
    "Salle",
    "Type",
    "Désignation",
    "Marque",
    "Modèle",
    "N° de série",
    "Adresse MAC",
    "N° inventaire",
    "Mallette",
    "Emplacement",
    "Date d'achat",
    "Garantie (mois)",
    "Fournisseur",
    "Prix TTC",
)

Cell = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Site:
    """One school to equip."""

    uai: str
    name: str
    year: int
    """Of its phase."""
    cart: str
    """Name of its rolling case."""
    cart_size: int
    classes: int
    cart_serials: tuple[str, ...]
    """Of tablets that come without a slot, since they are enrolled by cable."""


@dataclass(frozen=True, slots=True)
class Product:
    """What the contract supplies in one year."""

    word: str
    code: str
    """Part of the inventory number."""
    designation: str
    maker: str
    model: str
    serial_prefix: str
    mac_prefix: str
    warranty_months: int
    price: float


_SERVER = Product(
    *("Serveur", "SRV", "Serveur Kwartz école", "Dell", "PowerEdge T40"),
    *("7Q", "54:bf:64", 60, 2390.4),
)
_CART = Product(
    *("Mallette", "MAL", "Mallette à roulettes 16 tablettes, recharge USB", "Valmobil", "VM16-U"),
    *("VM16", "", 36, 1188.0),
)
_COMPUTER = Product(
    *("Ordinateur", "PC", "Ordinateur de l'enseignant", "Lenovo", "ThinkCentre M70q"),
    *("PF", "98:fa:9b", 36, 598.8),
)
_PROJECTOR = Product(
    *("Vidéoprojecteur", "VP", "Vidéoprojecteur ultra courte focale", "Epson", "EB-685W"),
    *("X4YU", "", 36, 1062.0),
)
_TABLET = Product(
    *("Tablette", "TAB", "Tablette tactile 10 pouces, coque renforcée", "Samsung", "SM-T500"),
    *("R9WR3", "a4:c6:9a", 24, 219.9),
)
_TABLETS = {
    2019: Product(
        *("Tablette", "TAB", "Tablette tactile 10 pouces, coque renforcée", "Samsung", "SM-T510"),
        *("R52M9", "8c:b8:4a", 24, 206.4),
    ),
    2020: _TABLET,
    2021: _TABLET,
}


def write_delivery(path: Path, sites: Sequence[Site], random: Random) -> None:
    """Write the workbook: two lines of title, the header, then each site's things."""
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Livraison")
    sheet.append(["Bordereau de livraison"])
    sheet.append([SUPPLIER, "Équipement numérique des écoles élémentaires, lot 1"])
    sheet.append(HEADERS)
    draw = _Draw(random)
    for site in sites:
        for row in _site_rows(site, draw):
            sheet.append(row)
    workbook.save(path)


class _Draw:
    """Draws what may exist only once, and counts the inventory numbers."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._taken: set[str] = set()
        self._counts: dict[str, int] = {}

    def serial(self, prefix: str) -> str:
        return prefix + self._once("0123456789ABCDEFGHJKLMNPRSTVWXYZ", 11 - len(prefix))

    def mac(self, prefix: str) -> str:
        tail = self._once("0123456789abcdef", 6)
        return f"{prefix}:{tail[:2]}:{tail[2:4]}:{tail[4:]}".upper()

    def inventory_number(self, year: int, code: str) -> str:
        self._counts[code] = self._counts.get(code, 0) + 1
        return f"VSL-{year}-{code}-{self._counts[code]:04}"

    def day(self, year: int) -> date:
        return date(year, 9, 1).replace(day=self._random.randint(2, 27))

    def _once(self, letters: str, length: int) -> str:
        while (text := "".join(self._random.choices(letters, k=length))) in self._taken:
            continue
        self._taken.add(text)
        return text


def _site_rows(site: Site, draw: _Draw) -> Iterator[list[Cell]]:
    day = draw.day(site.year)

    def row(
        product: Product,
        *,
        room: str | None = None,
        slot: int | None = None,
        cart: str | None = None,
        serial: str | None = None,
    ) -> list[Cell]:
        # A tablet that is enrolled by cable says its maker, model and address itself.
        is_known = serial is None
        return [
            f"{site.year}-L1-{site.cart[2:]}",
            day,
            site.uai,
            site.name,
            room,
            product.word,
            product.designation,
            product.maker if is_known else None,
            product.model if is_known else None,
            serial or draw.serial(product.serial_prefix),
            draw.mac(product.mac_prefix) if is_known and product.mac_prefix else None,
            draw.inventory_number(site.year, product.code),
            cart,
            slot,
            day.replace(month=6),
            product.warranty_months,
            SUPPLIER,
            product.price,
        ]

    yield row(_SERVER, room="Local serveur")
    yield row(_CART, cart=site.cart)
    tablet = _TABLETS[site.year]
    for serial in site.cart_serials:
        yield row(tablet, serial=serial)
    for slot in range(len(site.cart_serials) + 1, site.cart_size + 1):
        yield row(tablet, cart=site.cart, slot=slot)
    for number in range(1, site.classes + 1):
        yield row(_COMPUTER, room=f"Classe {number}")
        yield row(_PROJECTOR, room=f"Classe {number}")
