"""The one place where the parts are put together: database, link, paper, for whoever starts.

Nothing is opened at import; each function opens one thing when asked.
"""

import getpass
import os
import socket
from contextlib import closing
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_data_path

from agents.profiles import read_profile
from db.past import open_past
from db.store import SqlStore
from db.views import SqlViews
from fleet.bridge import Link
from fleet.errors import InvalidInput, StorageError
from fleet.profile import Profile
from tui.office import Office

DATABASE = "ardoise.sqlite3"
DEMO_PROFILE = Path(__file__).parent / "demo" / "profile.toml"


def database_path(named: str | None) -> Path:
    """The database to work on: the one named, else ``$ARDOISE_DB``, else the user's own.

    Raises ``InvalidInput('database.engine')`` for a URL of an engine that is not there.
    """
    place = named or os.environ.get("ARDOISE_DB")
    if not place:
        try:
            return user_data_path("ardoise", appauthor=False) / DATABASE
        except RuntimeError as error:  # no HOME and no entry in the password file
            raise StorageError("storage.no_home") from error
    parts = urlsplit(place)
    if parts.scheme == "sqlite":
        return Path(parts.path.removeprefix("/") if parts.path.startswith("//") else parts.path)
    if "://" in place:
        raise InvalidInput("database.engine", engine=parts.scheme)
    return Path(place)


def open_office(
    database: str | None = None, *, create: bool = True, at: date | None = None
) -> Office:
    """The office on a database; where it does not exist and may not be made, an empty one.

    With ``at`` it is the fleet as it was at the end of that day, in memory and only to be read.
    """
    path = database_path(database)
    exists = path.exists()
    store = SqlStore(path if exists or create else None, name=socket.gethostname())
    if at is not None:
        with closing(store):
            store = open_past(store, at)
    return Office(store, SqlViews(store), author())


def author() -> str:
    """Who works here: ``$ARDOISE_AUTHOR``, else the name of the session."""
    named = os.environ.get("ARDOISE_AUTHOR")
    if named:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without an entry in the password file
        return f"uid-{os.getuid()}"


def keys_beside(database: Path) -> Path:
    """The directory of the fleet's ADB key: beside its database, so that both travel together."""
    return database.parent / "keys"


def open_link(database: str | None = None) -> Link:
    """The link to tablets, with the key of the fleet whose database this is."""
    from agents.adb.bridge import TcpLink
    from agents.adb.keys import KeyStore

    return TcpLink(KeyStore(keys_beside(database_path(database))))


def open_profile(path: Path | None) -> Profile:
    """The profile in ``path``, else the one that Ardoise comes with."""
    return read_profile(path or DEMO_PROFILE)
