//! The words of names in other words and languages, for the table of what roles are called.

/// Keys around a row's own fields, which say nothing.
pub(super) static CONTAINERS: &[&str] =
    &["data", "attribute", "attributes", "detail", "details", "meta", "field", "fields", "info"];

/// Words that only join others.
pub(super) static JOINING: &[&str] = &[
    "a", "al", "am", "an", "and", "at", "d", "da", "das", "de", "del", "della", "der", "des", "di",
    "die", "do", "du", "el", "em", "en", "et", "in", "is", "l", "la", "las", "le", "los", "o",
    "of", "on", "the", "und", "vom", "von", "y", "zu", "zum",
];

/// Words of the vocabulary, and what else says the same: other English words, German, Spanish, French,
/// Italian, Portuguese, in lower case and without accents. The parts of a compound are enough.
pub(super) static TRANSLATED: &[(&str, &str)] = &[
    ("account", "acct konto cuenta compte conto conta"),
    ("action", "accion aktion azione acao"),
    (
        "amount",
        "amt sum betrag summe importe monto cantidad montant importo ammontare valor quantia montante",
    ),
    ("balance", "saldo solde"),
    ("bank", "banco banca banque bancaria bancario bancaire"),
    ("base", "basis"),
    ("beneficiary", "bene benef beneficiario beneficiaire beguenstigter begunstigter"),
    ("bill", "billed billing invoiced"),
    ("booking", "bookings bkg reservation reserva buchung reservierung prenotazione"),
    (
        "cancelled",
        "canceled cancellation cancel cancelado cancelacion storniert stornierung storno annule \
        annulation annullato annullamento cancelamento",
    ),
    ("cent", "centimo centesimo centime centavo"),
    ("corrected", "corrects correcting correction corrige korrigiert berichtigt"),
    (
        "created",
        "creation create crt creado creada creacion erstellt angelegt erstellung cree creato \
        criado inserted registered",
    ),
    ("currency", "ccy curr cur moneda divisa waehrung wahrung devise valuta moeda"),
    ("customer", "client cliente kunde"),
    ("date", "dt fecha datum data tag"),
    ("deadline", "frist"),
    ("debt", "debtor deuda schuld dette debito divida"),
    ("deposit", "fianza kaution caution cauzione caucao"),
    ("description", "descripcion beschreibung descrizione descricao"),
    ("document", "doc documento dokument beleg"),
    ("download", "dl descarga descargar herunterladen telecharger telechargement scarica baixar"),
    ("due", "vencimiento vence faellig fallig faelligkeit falligkeit echeance scadenza vencimento"),
    ("eur", "euro"),
    ("exchange", "fx wechsel umrechnung cambio change"),
    ("execution", "executed ausfuehrung ausfuhrung ejecucion esecuzione execucao"),
    ("expected", "erwartet previsto prevista prevu"),
    ("fee", "gebuehr gebuhr tarifa frais"),
    ("file", "pdf attachment datei fichier archivo allegato"),
    ("gross", "grs bruto bruta brutto brut lordo"),
    ("holder", "owner titular inhaber titulaire intestatario titolare"),
    ("id", "identifier uid guid uuid kennung identificador identifiant identificativo"),
    ("invoice", "inv factura rechnung facture fattura fatura"),
    (
        "issue",
        "iss issued issuing emision emitido emitida emission ausstellung ausgestellt emissione emesso \
        emissao",
    ),
    ("landlord", "propietario vermieter proprietaire locatore proprietario"),
    ("link", "lnk url uri href enlace lien collegamento ligacao"),
    ("message", "nachricht mensaje messaggio mensagem"),
    ("name", "nm nombre nom nome fullname"),
    ("net", "neto neta netto liquido"),
    (
        "note",
        "comment remark rmk memo nota observacion observaciones notiz bemerkung kommentar commentaire \
        anmerkung",
    ),
    ("notified", "notify notification benachrichtigt notificado notifie notificato"),
    ("number", "no nr num nro numero nummer"),
    ("open", "offen offener abierto aperto ouvert aberto"),
    ("original", "orig ursprung originale initial inicial"),
    ("outstanding", "ausstehend"),
    ("paid", "pd pagado pagada bezahlt gezahlt paye pagato"),
    ("payee", "payees creditor"),
    ("payment", "pay pmt pago zahlung paiement pagamento versement"),
    ("payout", "auszahlung disbursement"),
    ("penalty", "penalizacion strafe penalite penale multa"),
    ("pending", "pendiente pendente"),
    ("percent", "prozent porcentaje pourcentage percentuale"),
    ("planned", "geplant planificado planifie pianificato"),
    ("price", "precio preis prix prezzo preco"),
    ("property", "inmueble immobilie immobile imovel listing"),
    ("rate", "kurs tasa taxa taux tasso"),
    ("reason", "motivo grund motif"),
    ("recipient", "receiver empfaenger empfanger destinatario destinataire"),
    ("reference", "ref referencia referenz riferimento locator localizador"),
    ("remaining", "rem remainder left restante restant rest residuo rimanente"),
    ("scheduled", "schedule scheduling programado programada programmato agendado"),
    ("settled", "settl settlement beglichen verrechnet liquidado saldato regle"),
    ("status", "state estado stato statut etat zustand situacao estatus"),
    ("taxable", "imponible imponibile untaxed"),
    ("tenant", "inquilino mieter locataire"),
    ("timestamp", "ts"),
    ("total", "gesamt totale"),
    ("transaction", "txn transaccion transaktion transazione transacao"),
    ("transfer", "transferencia ueberweisung uberweisung virement bonifico"),
    ("type", "kind category class typ art tipo tipologia categoria kategorie categorie"),
    ("updated", "modified changed actualizado geandert geaendert aktualisiert modifie aggiornato"),
    ("vat", "iva mwst tva ust"),
    ("view", "show ver ansicht anzeige anzeigen voir vista visualizza"),
    ("voided", "void annulled"),
    ("waived", "waiver erlassen condonado"),
    ("written", "write wrt abgeschrieben ausgebucht"),
];
