"""The local catalogue of applications: a folder of APK files, each read for what it really is."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from agents.apk import read_apk
from fleet.errors import InvalidInput
from fleet.plan import Apk
from fleet.profile import Profile, WantedApp


def read_catalogue(folder: Path) -> dict[str, Apk]:
    """The newest APK of each package in ``folder``, by package.

    Raises ``InvalidInput``: ``catalogue.folder`` for no folder, ``apk.…`` for a file that is none.
    """
    if not folder.is_dir():
        raise InvalidInput("catalogue.folder", folder=str(folder))
    catalogue: dict[str, Apk] = {}
    for path in sorted(folder.glob("*.apk")):
        apk = read_apk(path)
        known = catalogue.get(apk.package)
        if known is None or apk.version_code > known.version_code:
            catalogue[apk.package] = Apk(str(path), apk.version_code)
    return catalogue


def wanting(profile: Profile, catalogue: Mapping[str, Apk]) -> Profile:
    """``profile``, wanting every application of the catalogue that it does not name yet."""
    named = {app.package for app in profile.apps}
    more = tuple(
        WantedApp(package, apk.version_code)
        for package, apk in sorted(catalogue.items())
        if package not in named
    )
    return replace(profile, apps=profile.apps + more)
