"""The keys of the desk in each of its modes."""

from tui.commands import Command
from tui.i18n import _
from tui.screens.desk_outcomes import Mode
from tui.screens.page import BACK

UNDO = Command("desk.undo", "f2", "undo", _("Annuler"), _("Annuler le dernier geste."))
ACCESSORIES = Command("desk.third", "f3", "third", _("Accessoires"))
ABSENT = Command("desk.fourth", "f4", "fourth", _("Absent"))
EXCHANGE = Command("desk.exchange", "f5", "exchange", _("Reprendre puis prêter"))
MODE = Command("desk.mode", "f6", "mode", _("Mode"), _("Appel, File ou Retours."))
DUE = Command("desk.due", "f7", "due", _("Date"), _("Changer la date de retour."))
CLASS = Command("desk.class", "f8", "class", _("Classe"), _("Choisir l’école et la classe."))
SPARE = Command(
    "desk.fourth", "f4", "fourth", _("Rechange"), _("Remettre un chargeur de rechange.")
)
MISSING = Command("desk.third", "f3", "third", _("Chargeur manquant"))
DAMAGED = Command("desk.fourth", "f4", "fourth", _("Abîmé"))

KEYS_OF = {
    Mode.ROLL: (UNDO, ACCESSORIES, ABSENT, EXCHANGE, MODE, DUE, CLASS, BACK),
    Mode.QUEUE: (UNDO, ACCESSORIES, SPARE, EXCHANGE, MODE, DUE, CLASS, BACK),
    Mode.RETURN: (UNDO, MISSING, DAMAGED, MODE, CLASS, BACK),
}
