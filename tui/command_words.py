"""Sentences for what only the command line, enrolling and the check of the ledger can meet."""

from collections.abc import Mapping

from tui.i18n import _

COMMANDS: Mapping[str, tuple[str, str]] = {
    "usage": (_("{command} — {message}"), _("Voir : {command} --help")),
    "database.engine": (
        _("Les bases « {engine} » ne sont pas connues ici."),
        _("Donner le chemin d’un fichier, ou sqlite:///CHEMIN."),
    ),
    "storage.no_home": (
        _("Ce compte n’a pas de dossier personnel où ranger la base."),
        _("Donner un chemin par --db, ou par la variable ARDOISE_DB."),
    ),
    "storage.not_a_database": (
        _("{database} n’est pas une base Ardoise."),
        _("Vérifier le chemin donné par --db ou ARDOISE_DB."),
    ),
    "storage.damaged": (
        _("La base {database} est abîmée ({reason})."),
        _("La copier à l’abri, puis repartir de la dernière sauvegarde."),
    ),
    "storage.disk": (
        _("Le disque de {database} a répondu par une erreur ({reason})."),
        _("Vérifier le disque ou la clé USB avant de continuer."),
    ),
    "catalogue.folder": (
        _("{folder} n’est pas un dossier d’applications."),
        _("Donner un dossier qui contient des fichiers APK."),
    ),
    "import.kind": (
        _("« {kind} » n’est pas une sorte de fichier à importer."),
        _("Sortes connues : {known}."),
    ),
    "labels.offset": (
        _("Décalage impossible ({dx}, {dy} mm)."),
        _("Donner au plus {limit} mm de chaque côté."),
    ),
    "person.empty": (_("Aucune personne n’est donnée."), _("Donner un nom ou une carte.")),
    "demo.tablets": (
        _("La démonstration ne peut pas avoir {tablets} tablettes."),
        _("Donner un nombre de 1 à {most}."),
    ),
    "demo.not_empty": (
        _("Le dossier {folder} n’est pas vide."),
        _("Donner un dossier neuf : la démonstration n’écrase rien."),
    ),
    "demo.files": (
        _("La démonstration n’a pas pu lire {file}, ligne {line} ({reason})."),
        _("Recommencer ; si cela dure, le signaler avec ce message."),
    ),
    "demo.check": (
        _("Le journal de la démonstration a {count} anomalies ({finding})."),
        _("Le signaler avec ce message."),
    ),
    "virtual.none": (_("Aucune tablette à servir."), _("Donner --tablets 1 ou plus.")),
    "virtual.unknown_scenario": (
        _("Le scénario « {scenario} » n’existe pas."),
        _("Scénarios : unauthorised, pulled_mid_push, storage_full, duplicate_serials."),
    ),
    "virtual.port_out_of_range": (
        _("Les ports à partir de {port} dépassent 65535."),
        _("Donner un premier port plus petit, ou 0 pour des ports libres."),
    ),
    "device.port_in_use": (
        _("{device} : ce port est déjà pris."),
        _("Donner un autre port par --port, ou 0 pour un port libre."),
    ),
    "device.none_named": (
        _("Aucune tablette n’est donnée."),
        _("Donner une adresse par tablette : --tcp 127.0.0.1:7000."),
    ),
    "enrol.no_register": (
        _("Il n’y a pas de base où inscrire la tablette."),
        _("En créer une avec « ardoise init »."),
    ),
    "enrol.slot_without_cart": (
        _("L’emplacement {slot} n’est celui d’aucune mallette."),
        _("Nommer la mallette par --cart."),
    ),
    "enrol.slot_taken": (
        _("L’emplacement {slot} de {cart} est déjà pris par {tag}."),
        _("Choisir un autre emplacement."),
    ),
    "enrol.no_such_slot": (
        _("{cart} n’a pas d’emplacement {slot}."),
        _("Choisir un emplacement de 1 à {capacity}."),
    ),
    "enrol.no_identity": (
        _("La tablette ne dit rien qui la distingue des autres (n° de série {serial})."),
        _("Allumer son Wi-Fi, puis recommencer."),
    ),
    "enrol.ambiguous": (
        _("{count} appareils portent le n° de série {serial}."),
        _("Allumer le Wi-Fi de la tablette, puis recommencer."),
    ),
    "cart.unknown": (
        _("La mallette « {cart} » n’est pas connue."),
        _("Vérifier son étiquette ou son nom, ou importer la livraison."),
    ),
    "cart.ambiguous": (
        _("{count} mallettes s’appellent « {cart} »."),
        _("Donner l’étiquette de la mallette, ou --school."),
    ),
    "check.chain": (
        _("Le journal a été modifié : {subject} ({detail})."),
        _("Mettre la base à l’abri et le signaler."),
    ),
    "check.file": (
        _("Le fichier de la base est abîmé : {detail}"),
        _("Le copier à l’abri, puis repartir de la dernière sauvegarde."),
    ),
    "check.reference": (
        _("{subject} renvoie à ce qui n’existe pas ({detail})."),
        _("Le signaler."),
    ),
    "check.state": (_("{subject} ne découle pas du journal ({detail})."), _("Le signaler.")),
    "check.state_missing": (_("{subject} manque dans {detail}."), _("Le signaler.")),
    "check.state_surplus": (
        _("{subject} a des lignes que le journal ignore ({detail})."),
        _("Le signaler."),
    ),
}
