"""Sentences for what is wrong with a file, a cell, a profile or the database."""

from collections.abc import Mapping

from tui.i18n import _

_AGAIN = _("Corriger le fichier, puis recommencer.")
_CELL = _("Corriger cette cellule, puis importer de nouveau.")

FILES: Mapping[str, tuple[str, str]] = {
    "file.missing": (_("Le fichier {file} n’existe pas."), _("Vérifier le nom et le dossier.")),
    "file.unreadable": (
        _("Le fichier {file}{path} ne peut pas être lu ({reason})."),
        _("Vérifier les droits et le support."),
    ),
    "file.unwritable": (
        _("Le fichier {path} ne peut pas être écrit ({reason})."),
        _("Vérifier les droits et la place libre."),
    ),
    "file.write": (
        _("Le fichier {path} ne peut pas être écrit ({reason})."),
        _("Vérifier les droits et la place libre."),
    ),
    "file.not_a_table": (
        _("{file} n’est pas un tableau lisible ({reason})."),
        _("Donner un fichier CSV ou XLSX avec une ligne de titres."),
    ),
    "file.missing_column": (
        _("Il manque une colonne : {column}."),
        _("Ajouter cette colonne, puis importer de nouveau."),
    ),
    "kind.unknown": (_("« {found} » n’est pas un genre d’appareil connu."), _CELL),
    "cell.rounded": (
        _("« {found} » a été arrondi par le tableur."),
        _("Mettre la colonne au format texte et ressaisir la valeur."),
    ),
    "cell.encoding": (
        _("« {value} » contient des lettres illisibles."),
        _("Enregistrer le fichier en UTF-8, puis importer de nouveau."),
    ),
    "cell.error": (_("La cellule contient une erreur du tableur ({value})."), _CELL),
    "cell.missing": (_("Cette cellule est vide."), _CELL),
    "line.cells": (
        _("La ligne n’a pas {expected} cellules : « {value} »."),
        _("Chercher un séparateur de trop ou de moins."),
    ),
    "line.quote": (
        _("Un guillemet n’est jamais refermé : « {value} »."),
        _("Corriger la ligne, puis importer de nouveau."),
    ),
    "import.school_missing": (
        _("L’école manque sur cette ligne."),
        _("Ajouter l’UAI, ou le donner par --school."),
    ),
    "import.school_unknown": (
        _("L’école {value} n’est pas connue."),
        _("Importer d’abord l’annuaire des écoles."),
    ),
    "name.shape": (_("« {value} » n’est pas un nom de personne."), _CELL),
    "mac.duplicate": (_("L’adresse {value} figure deux fois dans le fichier."), _CELL),
    "serial.duplicate": (_("Le numéro de série {value} figure deux fois."), _CELL),
    "tag.duplicate": (_("L’étiquette {value} figure deux fois."), _CELL),
    "date.shape": (_("« {found} » n’est pas une date."), _CELL),
    "date.calendar": (_("« {found} » n’existe pas au calendrier."), _CELL),
    "duration.shape": (_("« {found} » n’est pas une durée."), _CELL),
    "duration.unit": (_("« {found} » : en mois ou en années ?"), _CELL),
    "mac.placeholder": (_("« {found} » n’est pas l’adresse d’un appareil."), _CELL),
    "mac.shape": (_("« {found} » n’est pas une adresse matérielle."), _CELL),
    "price.shape": (_("« {found} » n’est pas un prix."), _CELL),
    "slot.taken": (_("L’emplacement {value} est déjà pris dans cette mallette."), _CELL),
    "slot.shape": (_("« {found} » n’est pas un numéro d’emplacement."), _CELL),
    "apk.unreadable": (_("{file} ne peut pas être lu ({reason})."), _AGAIN),
    "apk.not_an_apk": (
        _("{file} n’est pas une application Android."),
        _("Télécharger de nouveau l’APK."),
    ),
    "apk.manifest_malformed": (
        _("Le manifeste de {file} est abîmé."),
        _("Télécharger de nouveau l’APK."),
    ),
    "key.unreadable": (
        _("La clé ADB {path} ne peut pas être lue."),
        _("La restaurer d’une sauvegarde, ou la supprimer pour en créer une autre."),
    ),
    "key.not_saved": (
        _("La clé ADB {path} ne peut pas être enregistrée ({reason})."),
        _("Vérifier les droits et la place libre."),
    ),
    "labels.none": (_("Aucune étiquette à imprimer."), _("Élargir la recherche.")),
    "labels.copies": (_("Nombre d’exemplaires impossible."), _("Donner 1 exemplaire ou plus.")),
    "labels.sheet": (_("Planche « {sheet} » inconnue."), _("Planches connues : {known}.")),
    "labels.start": (
        _("La position de départ {start} n’est pas sur la planche."),
        _("Donner une position de 1 à {last}."),
    ),
    "profile.invalid": (
        _("{origin}, ligne {line}, colonne {column} : {key} {reason} {value}"),
        _("Corriger le profil, puis recommencer."),
    ),
    "profile.unreadable": (
        _("Le profil {origin} ne peut pas être lu ({reason})."),
        _("Vérifier le nom et les droits du fichier."),
    ),
    "storage.newer": (
        _("La base {database} vient d’un Ardoise plus récent."),
        _("Mettre Ardoise à jour sur cet ordinateur."),
    ),
    "storage.cannot_open": (
        _("La base {database} ne s’ouvre pas ({reason})."),
        _("Vérifier le chemin, les droits et le disque."),
    ),
    "storage.guard": (
        _("La base a refusé une écriture incohérente ({reason})."),
        _("Rien n’est écrit. Lancer « ardoise check » et le signaler."),
    ),
    "storage.failed": (
        _("La base {database} a répondu par une erreur ({reason})."),
        _("Rien n’est écrit. Vérifier le disque, puis recommencer."),
    ),
    "storage.busy": (
        _("La base {database} est occupée par un autre programme."),
        _("Attendre quelques secondes, puis recommencer."),
    ),
    "storage.full": (
        _("Le disque de {database} est plein."),
        _("Faire de la place, puis recommencer."),
    ),
    "storage.read_only": (
        _("La base {database} est en lecture seule."),
        _("Vérifier les droits du fichier et de son dossier."),
    ),
}

PROFILE_REASONS: Mapping[str, str] = {
    "syntax": _("n’est pas du TOML valable"),
    "bad_name": _("n’est pas un nom valable"),
    "contradiction": _("contredit une autre ligne"),
    "cuts_cable": _("couperait la liaison par câble"),
    "duplicate": _("figure deux fois"),
    "missing": _("manque"),
    "not_writable": _("n’est pas un endroit où l’on peut écrire"),
    "reserved_key": _("est réservé à Ardoise"),
    "use_unset": _("doit s’écrire avec unset"),
    "vital_package": _("est indispensable à la tablette"),
    "empty": _("est vide"),
    "not_a_date": _("n’est pas une date"),
    "out_of_range": _("est hors limites"),
    "unknown_key": _("n’est pas une clé connue"),
    "wrong_type": _("n’est pas du bon type"),
    "not_utf8": _("n’est pas en UTF-8"),
    "missing_source": _("désigne un fichier absent"),
    "other_content": _("n’a pas le contenu annoncé"),
    "header": _("ligne de titres introuvable"),
    "folder": _("c’est un dossier"),
}
