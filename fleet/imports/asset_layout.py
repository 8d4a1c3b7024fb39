"""The headers that suppliers and inventories use for an asset, French first.

A new supplier's word is one more line here; the reading of the cells is in ``assets``.
"""

from fleet.imports.columns import Column, Layout

DURATION_HEADERS = {"warranty_months": "mois", "warranty_years": "ans", "warranty": ""}
"""Columns that may hold a warranty's length, with the unit that their header says."""

LAYOUT = Layout(
    columns=(
        Column(
            "serial",
            (
                "N° de série",
                "Numéro série",
                "S/N",
                "SN",
                "Serial",
                "Serial number",
                "NumeroSerie",
                "Numéro de série constructeur",
                "N° série fabricant",
            ),
        ),
        Column(
            "kind",
            (
                "Type",
                "Type de matériel",
                "Type d'équipement",
                "Catégorie",
                "Famille",
                "Nature",
                "Kind",
            ),
        ),
        Column(
            "designation",
            (
                "Désignation",
                "Libellé",
                "Description",
                "Article",
                "Désignation article",
                "Produit",
                "Équipement",
                "Matériel",
            ),
        ),
        Column("model", ("Modèle", "Référence constructeur", "Model", "Référence")),
        Column("maker", ("Marque", "Constructeur", "Fabricant", "Manufacturer", "Brand")),
        Column(
            "mac",
            (
                "Adresse MAC",
                "Adresse MAC Wi-Fi",
                "MAC Wi-Fi",
                "MAC",
                "Adresses MAC",
                "MAC address",
                "Adresse physique",
            ),
        ),
        Column(
            "accounting_number",
            (
                "N° inventaire",
                "Numéro d'inventaire",
                "Inventaire",
                "Code inventaire",
                "N° d'immobilisation",
                "N° immo",
                "Inventory number",
            ),
        ),
        Column("tag", ("Étiquette", "Tag", "Asset tag", "N° étiquette")),
        Column(
            "uai",
            ("UAI", "Code UAI", "RNE", "Code RNE", "UAI établissement", "Code établissement"),
        ),
        Column(
            "school_name",
            (
                "Établissement",
                "École",
                "Nom établissement",
                "Site",
                "Site de livraison",
                "Lieu de livraison",
                "Affectation",
            ),
        ),
        Column("room", ("Salle", "Local", "Classe", "Localisation", "Pièce")),
        Column("name", ("Nom", "Nom machine", "Nom du poste", "Hostname", "Name")),
        Column(
            "cart",
            (
                "Mallette",
                "Chariot",
                "Valise",
                "Classe mobile",
                "N° mallette",
                "Nom mallette",
                "Cart",
            ),
        ),
        Column("slot", ("Emplacement", "N° emplacement", "Slot", "Position", "Casier", "Case")),
        Column("capacity", ("Capacité", "Nombre d'emplacements", "Nb emplacements", "Capacity")),
        Column(
            "purchased_on",
            ("Date d'achat", "Date de commande", "Date de facture", "Acquis le", "Purchase date"),
        ),
        Column(
            "delivered_on",
            ("Date de livraison", "Livré le", "Date BL", "Date de réception", "Delivery date"),
        ),
        Column(
            "warranty_until",
            (
                "Fin de garantie",
                "Date de fin de garantie",
                "Garantie (fin)",
                "Garantie jusqu'au",
                "Échéance garantie",
                "Warranty end",
            ),
        ),
        Column("warranty_months", ("Garantie (mois)", "Durée garantie (mois)", "Garantie en mois")),
        Column("warranty_years", ("Garantie (ans)", "Garantie (années)", "Garantie en années")),
        Column("warranty", ("Garantie", "Durée de garantie", "Warranty")),
        Column("supplier", ("Fournisseur", "Titulaire", "Revendeur", "Supplier", "Vendeur")),
        Column(
            "lot",
            (
                "Lot",
                "N° de lot",
                "Bon de livraison",
                "N° BL",
                "N° bon de livraison",
                "N° de commande",
                "Commande",
                "Bon de commande",
                "N° bon de commande",
                "Order number",
            ),
        ),
        Column(
            "price",
            (
                "Prix TTC",
                "Prix unitaire TTC",
                "PU TTC",
                "Montant TTC",
                "Prix d'achat TTC",
                "Price",
            ),
        ),
    ),
    required=(("serial", "accounting_number", "tag"), ("kind", "designation", "model")),
)
