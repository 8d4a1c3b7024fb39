"""``demo``: the demo city, virtual tablets on loopback, and the screens on them."""

import shutil
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from time import monotonic

from agents.adb.bridge import TcpLink
from agents.adb.keys import KeyStore
from agents.virtual import make_tablet, serve
from fleet.errors import InvalidInput, Refusal, StorageError
from tui.bootstrap import DATABASE, keys_beside, open_office, open_profile
from tui.catalogue import read_catalogue, wanting
from tui.cli.answer import Answer, say, write
from tui.demo.city import CART_SIZE, City
from tui.demo.job import Say, cart_of, enrol, found, work_through
from tui.i18n import _
from tui.office import Office
from tui.tablets import Tablets


def demo(options: Namespace) -> Answer:
    """Build the city; then the whole job without a screen, or the screens on it."""
    if not 1 <= options.tablets <= CART_SIZE:
        raise InvalidInput("demo.tablets", tablets=options.tablets, most=CART_SIZE)
    headless = options.headless or options.json
    if not headless and not (sys.stdin.isatty() and sys.stdout.isatty()):
        say(_("Pas de terminal ici : la démonstration se fait sans écran."))
        headless = True
    with _folder(options.keep, remove=not headless) as folder:
        return _headless(options, folder) if headless else _interface(options, folder)


def _headless(options: Namespace, folder: Path) -> Answer:
    begun = monotonic()
    today = date.today()  # noqa: DTZ011 - the day on the user's calendar

    def note(text: str) -> None:
        if not options.json:
            write(f"{text}\n")

    with serve([make_tablet(index) for index in range(options.tablets)]) as farm:
        serials = [tablet.serial for tablet in farm.tablets]
        office, tablets, city = _found(options, folder, serials, today, note)
        account = work_through(office, tablets, city, folder, farm.addresses, today, note)
        office.close()
    document = {
        **asdict(account),
        "directory": str(folder),
        "seconds": round(monotonic() - begun, 3),
    }
    place = _("Fini en {seconds} s. Tout est dans {folder} (données inventées).").format(
        seconds=document["seconds"], folder=folder
    )
    return Answer(document, [place])


def _interface(options: Namespace, folder: Path) -> Answer:
    from tui.app import ArdoiseApp
    from tui.bench import Bench

    today = date.today()  # noqa: DTZ011 - the day on the user's calendar
    with serve([make_tablet(index) for index in range(options.tablets)]) as farm:
        serials = [tablet.serial for tablet in farm.tablets]
        office, tablets, city = _found(options, folder, serials, today, say)
        cart = cart_of(office, city)
        enrol(tablets, cart, farm.addresses, say)
        bench = Bench(tablets, office, farm.addresses, cart.tag)
        bench.start()
        try:
            ArdoiseApp(lambda: office, lambda _office: bench).run()
        finally:
            bench.close()
            office.close()
    kept = _("La ville de démonstration est dans {folder}.").format(folder=folder)
    gone = _("La ville de démonstration est effacée ; --keep DIR la garde.")
    return Answer({}, [kept if options.keep else gone])


def _found(
    options: Namespace, folder: Path, serials: Sequence[str], today: date, note: Say
) -> tuple[Office, Tablets, City]:
    database = folder / DATABASE
    office = open_office(str(database))
    city = found(office, folder, serials, today, note)
    catalogue = read_catalogue(options.apps) if options.apps else {}
    profile = wanting(open_profile(None), catalogue)
    link = TcpLink(KeyStore(keys_beside(database)))
    return office, Tablets(link, profile, office, catalogue), city


@contextmanager
def _folder(keep: Path | None, *, remove: bool) -> Iterator[Path]:
    """A fresh directory: the one to keep, else a temporary one, private to this account."""
    if keep is None:
        folder = Path(tempfile.mkdtemp(prefix="ardoise-demo-"))
        try:
            yield folder
        finally:
            if remove:
                shutil.rmtree(folder, ignore_errors=True)
        return
    folder = keep.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        occupied = any(folder.iterdir())
    except OSError as error:
        raise StorageError("file.write", path=str(folder), reason=error.strerror) from error
    if occupied:
        raise Refusal("demo.not_empty", folder=str(folder))
    yield folder
