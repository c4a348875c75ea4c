//! Names of the lists' fields in the languages of teams: each role and the field's name.

pub(super) const LANGUAGES: &[(&str, &str, &str)] = &[
    (
        "French",
        "scheduled",
        "id=id_virement booking_id=dossier.ref_resa type=mode_reglement account_name=compte.titulaire \
         beneficiary=compte.beneficiaire iban=compte.iban status=etat amount=montant.centimes \
         currency=montant.devise due_date=date_echeance notes=commentaire",
    ),
    (
        "French",
        "invoices",
        "document_id=piece.uuid doc_type=piece.nature doc_number=piece.numero \
         booking_id=dossier.ref_resa invoice_to=client.raison_sociale issue_date=piece.emise_le \
         amount_net=montant.ht amount_gross=montant.ttc currency=montant.devise \
         original_document=piece.facture_origine link_view=liens.consulter \
         link_download=liens.telecharger",
    ),
    (
        "French",
        "debt",
        "id=id_creance reference_id=dossier.ref_resa status=etat debt_type=nature \
         invoice_number=num_facture amount=montant.initial amount_eur=montant.contrevaleur_eur \
         paid_amount=montant.regle remaining_amount=montant.restant_du currency=montant.devise \
         due_date=date_limite created_at=creee_le timestamp_paid=reglee_le \
         timestamp_settled=compensee_le timestamp_written_off=passee_en_perte_le \
         timestamp_voided=annulee_le",
    ),
    (
        "Spanish",
        "invoices",
        "document_id=id_documento doc_type=tipo_documento doc_number=numero_factura \
         booking_id=codigo_reserva invoice_to=facturado_a issue_date=fecha_emision \
         amount_net=base_imponible amount_gross=total_factura currency=divisa \
         original_document=factura_rectificada link_view=enlace_ver link_download=enlace_descarga",
    ),
    (
        "Spanish with taxes",
        "invoices",
        "doc_number=num_factura booking_id=reserva issue_date=fecha_factura \
         amount_net=importe_sin_iva amount_gross=importe_con_iva currency=moneda",
    ),
    (
        "Spanish",
        "debt",
        "id=id_deuda reference_id=localizador status=situacion debt_type=concepto \
         invoice_number=factura amount=importe_total amount_eur=importe_euros \
         paid_amount=importe_pagado remaining_amount=importe_pendiente currency=divisa \
         due_date=vencimiento created_at=fecha_alta timestamp_paid=fecha_pago \
         timestamp_settled=fecha_liquidacion timestamp_written_off=fecha_incobrable \
         timestamp_voided=fecha_anulacion",
    ),
    (
        "Spanish, nested",
        "debt",
        "reference_id=reserva.localizador amount=importes.principal amount_eur=importes.principalEur \
         paid_amount=importes.cobrado remaining_amount=importes.pendiente currency=importes.divisa \
         created_at=registradaEl timestamp_paid=cobradaEl timestamp_settled=compensadaEl \
         timestamp_written_off=dadaDeBajaEl timestamp_voided=anuladaEl",
    ),
    (
        "Spanish, one level",
        "scheduled",
        "booking_id=cod_reserva type=via_pago amount=importe_a_pagar currency=moneda \
         due_date=fecha_pago status=estado_pago iban=numero_cuenta account_name=nombre_titular",
    ),
    (
        "Spanish by method",
        "scheduled",
        "id=id_pago booking_id=numero_reserva type=forma_pago account_name=titular \
         beneficiary=beneficiario iban=cuenta status=estado_pago amount=importe currency=divisa \
         due_date=fecha_prevista notes=comentarios",
    ),
    (
        "Italian",
        "invoices",
        "document_id=identificativo doc_type=tipo_documento doc_number=numero_fattura \
         booking_id=codice_prenotazione invoice_to=intestatario issue_date=data_emissione \
         amount_net=importo_netto amount_gross=importo_lordo currency=valuta \
         original_document=fattura_rettificata link_view=visualizza link_download=scarica",
    ),
    (
        "Portuguese",
        "debt",
        "id=id_divida reference_id=referencia_reserva status=situacao debt_type=motivo \
         invoice_number=numero_fatura amount=valor paid_amount=valor_pago \
         remaining_amount=valor_em_aberto currency=moeda due_date=data_vencimento \
         created_at=criada_em timestamp_voided=cancelada_em timestamp_written_off=incobravel_em",
    ),
    (
        "Dutch",
        "scheduled",
        "id=id booking_id=boekingsnummer type=soort account_name=rekeninghouder \
         beneficiary=begunstigde iban=rekeningnummer status=toestand amount=bedrag currency=munt \
         due_date=vervaldatum notes=opmerking",
    ),
    (
        "Dutch",
        "invoices",
        "document_id=id doc_type=documentsoort doc_number=factuurnummer booking_id=boeking \
         invoice_to=ontvanger issue_date=factuurdatum amount_net=bedrag_zonder_btw \
         amount_gross=bedrag_met_btw currency=valuta link_view=bekijken link_download=downloaden",
    ),
    (
        "Polish",
        "invoices",
        "document_id=identyfikator doc_type=rodzaj_dokumentu doc_number=numer_faktury \
         booking_id=rezerwacja invoice_to=odbiorca issue_date=data_wystawienia \
         amount_net=kwota_netto amount_gross=kwota_brutto currency=waluta link_download=pobierz",
    ),
    (
        "Polish",
        "debt",
        "id=id_dlugu reference_id=numer_rezerwacji status=stan debt_type=powod \
         invoice_number=faktura amount=kwota paid_amount=zaplacono remaining_amount=pozostalo \
         currency=waluta due_date=termin_platnosci created_at=utworzono",
    ),
    (
        "German",
        "debt",
        "id=schuld_id reference_id=buchungsnummer status=stand debt_type=schuldart \
         invoice_number=rechnungsnummer amount=forderungsbetrag paid_amount=bezahlter_betrag \
         remaining_amount=offener_betrag currency=währung due_date=fälligkeitsdatum \
         created_at=angelegt_am timestamp_paid=bezahlt_am timestamp_settled=verrechnet_am \
         timestamp_written_off=abgeschrieben_am timestamp_voided=storniert_am",
    ),
    (
        "English, short",
        "scheduled",
        "id=pmt_id booking_id=bkg_ref type=pmt_typ account_name=acct_nm beneficiary=bene_nm \
         iban=acct_no status=st amount=amt currency=ccy due_date=due_dt notes=rmk",
    ),
    (
        "English, short",
        "debt",
        "reference_id=bkg_ref paid_amount=amt_pd remaining_amount=amt_rem created_at=crt_ts \
         timestamp_paid=pd_ts timestamp_settled=settl_ts timestamp_written_off=wrt_off_ts",
    ),
];
