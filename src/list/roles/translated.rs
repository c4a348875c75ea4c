//! The words of names in other words and languages, for the table of what roles are called.

/// Keys around a row's own fields, which say nothing.
pub(super) static CONTAINERS: &[&str] = &[
    "data",
    "attribute",
    "attributes",
    "detail",
    "details",
    "meta",
    "field",
    "fields",
    "info",
    "properties",
    "daten",
    "datos",
    "donnees",
    "dati",
    "dados",
    "gegevens",
    "dane",
];

/// Words of keys around the moments of a row.
pub(super) static HISTORIES: &[&str] =
    &["event", "history", "lifecycle", "timeline", "transition", "update"];

/// Words that only join others.
pub(super) static JOINING: &[&str] = &[
    "a", "aan", "al", "am", "an", "and", "at", "d", "da", "das", "de", "del", "della", "der",
    "des", "di", "die", "do", "du", "el", "em", "en", "et", "het", "in", "is", "l", "la", "las",
    "le", "los", "o", "of", "on", "op", "par", "para", "por", "pour", "the", "und", "van", "vom",
    "von", "y", "zu", "zum",
];

/// Words of the vocabulary, and what else says the same: other English words, German, Spanish, French,
/// Italian, Portuguese, Dutch, Polish, in lower case and without accents. The parts of a compound are enough;
/// so is the singular where `names.rs` finds it.
pub(super) static TRANSLATED: &[(&str, &str)] = &[
    ("account", "acct konto cuenta compte conto conta rekening rachunek rachunku"),
    ("action", "accion aktion azione acao"),
    (
        "amount",
        "amt sum betrag summe importe monto cantidad montant importo ammontare valor quantia \
        montante somme bedrag kwota kwoty montants importes",
    ),
    ("applied", "aplicado aplicada applique appliquee applicato applicata toegepast"),
    ("balance", "saldo solde"),
    ("bank", "banco banca banque bancaria bancario bancaire bankowe bankowy bancarie"),
    ("base", "basis"),
    (
        "beneficiary",
        "bene benef beneficiario beneficiaire beguenstigter begunstigter beneficiaria \
        begunstigde",
    ),
    ("bill", "billed billing invoiced facturado fatturato facturee gefactureerd"),
    (
        "booking",
        "bookings bkg reservation reserva buchung reservierung prenotazione reservacion boeking \
        reservering rezerwacja rezerwacji resa",
    ),
    (
        "cancelled",
        "canceled cancellation cancel cancelado cancelacion storniert stornierung storno annule \
        annulation annullato annullamento cancelamento cancelada anulado anulada anulacion \
        annulee annullata anulacao geannuleerd annulering anulowano anulowana anulowanie",
    ),
    ("cent", "centimo centesimo centime centavo"),
    ("code", "codigo codice kod"),
    ("concept", "concepto concetto conceito"),
    ("contract", "contrato contrat contratto vertrag umowa"),
    (
        "corrected",
        "corrects correcting correction corrige korrigiert berichtigt rectificativa \
        rectificativo rectificada rectificado rectificacion rectifie rectifiee corrigee \
        correctif rettifica rettificata retificativa retificada korekta korekty korygowana \
        korygujaca gecorrigeerd korrektur",
    ),
    (
        "created",
        "creation create crt creado creada creacion erstellt angelegt erstellung cree creato \
        criado inserted registered alta creee creata criada aangemaakt utworzono utworzona \
        utworzenia registrado registrada registrato registrata enregistre enregistree \
        geregistreerd zarejestrowano",
    ),
    ("credit", "avoir abono credito gutschrift gutschriften kredyt kredytowa crediti"),
    ("currency", "ccy curr cur moneda divisa waehrung wahrung devise valuta moeda munt waluta"),
    ("customer", "client cliente kunde clienta klant klient"),
    ("date", "dt fecha datum data tag dzien jour giorno dia"),
    ("deadline", "frist plazo limite delai termine termijn prazo termin"),
    (
        "debt",
        "moroso morosa impago impagado impaye insoluto debtor deuda schuld dette debito divida \
        creance debiteur deudor debiti debitore devedor schulden schuldner forderung \
        forderungen schuldenaar dlug dlugi dluznik",
    ),
    ("deposit", "fianza kaution caution cauzione caucao"),
    ("description", "descripcion beschreibung descrizione descricao omschrijving opis"),
    ("document", "doc documento dokument beleg piece dokumentu"),
    (
        "download",
        "dl descarga descargar herunterladen telecharger telechargement scarica baixar \
        downloaden pobierz",
    ),
    (
        "due",
        "vencimiento vence faellig fallig faelligkeit falligkeit echeance scadenza vencimento \
        vencida exigible verval vervallen",
    ),
    ("eur", "euro"),
    ("exchange", "fx wechsel umrechnung cambio change wissel"),
    (
        "execution",
        "executed ausfuehrung ausfuhrung ejecucion esecuzione execucao ausgefuehrt ejecutada \
        uitvoering realizacja realizacji",
    ),
    ("expected", "erwartet previsto prevista prevu prevue verwacht"),
    ("fee", "gebuehr gebuhr tarifa frais recargo"),
    ("file", "pdf attachment datei fichier archivo allegato bestand plik arquivo"),
    ("gross", "grs bruto bruta brutto brut lordo ttc lorda"),
    ("holder", "titular inhaber titulaire intestatario titolare inhaberin houder posiadacz"),
    (
        "id",
        "identifier uid guid uuid kennung identificador identifiant identificativo \
        identyfikator",
    ),
    (
        "invoice",
        "inv factura rechnung facture fattura fatura facturas facturation facturacion fatture \
        fatturazione faturacao faturamento rechnungen factuur facturen facturatie faktura \
        faktury fakturowanie",
    ),
    (
        "issue",
        "iss issued issuing emision emitido emitida emission ausstellung ausgestellt emissione \
        emesso emissao emis emise emessa uitgegeven uitgifte wystawienia wystawiona wystawiono",
    ),
    ("item", "elemento elementos element elemente elementi partida posten posicion"),
    ("landlord", "owner propietario vermieter proprietaire locatore proprietario verhuurder"),
    ("link", "lnk url uri href enlace lien collegamento ligacao liens koppeling odnosnik"),
    ("list", "lista listado liste lijst elenco"),
    (
        "made",
        "effectue effectuee realizado realizada efectuado efectuada efetuado efetuada \
        effettuato effettuata effettuati effettuate eseguiti uitgevoerd uitgevoerde \
        zrealizowane",
    ),
    ("message", "nachricht mensaje messaggio mensagem"),
    ("method", "via canal metodo methode metoda mode moyen forma medio modalidad modalite sposob"),
    ("name", "nm nombre nom nome fullname naam nazwa social sociale"),
    ("net", "neto neta netto liquido ht liquida"),
    (
        "note",
        "comment remark rmk memo nota observacion observaciones notiz bemerkung kommentar \
        commentaire anmerkung uwagi opmerking opmerkingen osservazioni observacao observacoes \
        comentario notas noty",
    ),
    (
        "notified",
        "notify notification benachrichtigt notificado notifie notificato notificada notifiee \
        notificata",
    ),
    ("number", "no nr num nro numero nummer numer"),
    (
        "open",
        "offen offener abierto aperto ouvert aberto otwarte offene ouverte abierta aperta \
        aberta",
    ),
    (
        "original",
        "orig ursprung originale initial inicial origine origen origem origina oorspronkelijk \
        oorspronkelijke",
    ),
    ("outstanding", "ausstehend encours openstaand openstaande"),
    (
        "paid",
        "pd pagado pagada bezahlt bezahlte bezahlter gezahlt paye pagato payes regle reglee \
        acquittee pagata paga betaald betaalde zaplacono zaplacona oplacone cobrado cobrada \
        encaisse encaissee incassato incassata geind",
    ),
    ("payee", "payees creditor"),
    (
        "payment",
        "pay pmt pago zahlung paiement pagamento versement reglement cobro pagamenti betaling \
        betalingen zahlungen platnosci platnosc",
    ),
    ("payout", "auszahlung disbursement"),
    (
        "penalty",
        "penalizacion strafe penalite penale multa penalizaciones penalidad sancion penali \
        penalita boete strafen vertragsstrafe vertragsstrafen penalizacao penalizacoes kara \
        kary",
    ),
    ("pending", "pendiente pendente pendientes"),
    ("percent", "prozent porcentaje pourcentage percentuale"),
    ("planned", "geplant planificado planifie pianificato gepland zaplanowane"),
    ("price", "precio preis prix prezzo preco"),
    ("property", "inmueble immobilie immobile imovel listing"),
    ("rate", "kurs tasa taxa taux tasso koers"),
    ("reason", "motivo grund motif raison reden powod"),
    (
        "recipient",
        "receiver empfaenger empfanger destinatario destinataire ontvanger odbiorca \
        destinataria",
    ),
    ("record", "registro enregistrement dossier expediente eintrag"),
    ("reference", "ref referencia referenz riferimento locator localizador referentie kenmerk"),
    (
        "remaining",
        "rem remainder left restante restant rest residuo rimanente restantes pozostalo \
        resterend resterende",
    ),
    ("row", "fila linea ligne riga linha zeile rij wiersz"),
    (
        "scheduled",
        "schedule scheduling programado programada programmato agendado programme programmee \
        programmata prevus ingepland",
    ),
    (
        "settled",
        "settl settlement beglichen verrechnet liquidado saldato compense compensee compensado \
        compensada compensato compensata liquidada liquidacion saldata soldee verrekend \
        rozliczono rozliczona",
    ),
    (
        "status",
        "stand state estado stato statut etat zustand situacao estatus situacion stan toestand",
    ),
    ("tax", "taxe impuesto steuer imposta imposto belasting podatek"),
    ("taxable", "imponible imponibile untaxed imposable tributavel belastbaar"),
    ("tenant", "inquilino mieter locataire"),
    ("timestamp", "ts"),
    ("total", "gesamt totale totaal razem suma soma"),
    (
        "transaction",
        "txn transaccion transaktion transazione transacao movimiento mouvement movimento \
        transakcja transakcje transactie transacoes transacciones transazioni",
    ),
    (
        "transfer",
        "transferencia ueberweisung uberweisung virement bonifico transferencias ueberweisungen \
        uberweisungen bonifici overboeking overboekingen przelew przelewy",
    ),
    (
        "type",
        "kind category class typ art tipo tipologia categoria kategorie categorie nature \
        naturaleza soort rodzaj clase",
    ),
    ("updated", "modified changed actualizado geandert geaendert aktualisiert modifie aggiornato"),
    ("vat", "iva mwst tva ust btw ptu"),
    (
        "view",
        "show ver ansicht anzeige anzeigen voir vista visualizza consulter consultar bekijk \
        podglad",
    ),
    ("voided", "void annulled"),
    ("waived", "waiver erlassen condonado condonada exonerado kwijtgescholden umorzono"),
    (
        "with",
        "including inclusive con avec mit met com incl incluido incluida inkl included comprese",
    ),
    ("without", "exclusive sin sans senza sem ohne zonder excl excluding hors bez"),
    (
        "written",
        "write wrt abgeschrieben ausgebucht perte perdida perdita perda baja incobrable \
        incobravel afgeschreven odpisano",
    ),
];
