//! The code tables, written out a second time from the terminology: what stands under a code follows
//! it in braces.

use std::collections::BTreeMap;

/// A code, by the name of its system.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Code {
    pub(crate) system: &'static str,
    pub(crate) text: &'static str,
}

pub(crate) const fn code(system: &'static str, text: &'static str) -> Code {
    Code { system, text }
}

/// From the lowest to the highest; any other level is unknown.
pub(crate) const LEVELS: [&str; 6] = ["U", "L", "M", "N", "R", "V"];

/// The systems whose codes are labels.
pub(crate) const LABELS: [&str; 4] = ["sensitivity", "law", "refrain", "obligation"];

const PURPOSE: &str = "
    HMARKT
    HOPERAT {
        CAREMGT DONAT FRAUD GOV HACCRED HCOMPL HDECD HDIRECT HDM HLEGAL HOUTCOMS HPRGRP HQUALIMP
        HSYSADMIN { LABELING METAMGT } MEMADMIN MILCDM MLTRAINING PATADMIN PATSFTY PERFMSR RECORDMGT
        SYSDEV { HTEST } TRAIN }
    HPAYMT { CLMATTCH COVAUTH COVERAGE { ELIGDTRM ELIGVER ENROLLM MILDCRG } PMTDS REMITADV }
    HRESCH { BIORCH CLINTRCH { CLINTRCHNPC CLINTRCHPC PRECLINTRCH } DSRCH POARCH TRANSRCH }
    PATRQT { FAMRQT PWATRNY SUPNWK }
    PUBHLTH { DISASTER THREAT }
    TREAT { CLINTRL COC ETREAT { BTG ERTREAT } POPHLTH TREATDS }";

const SENSITIVITY: &str = "
    ETH GDIS HIV IDS MST PREGNANT SCA SDV SEX SICKLE
    SPI { BH { COGN DVD EMOTDIS } MH PSY PSYTHPN SUD { ETHUD OPIOIDUD } }
    STD TBOO VIO ADOL CEL DIA DRGIS EMP PDS PHY PRS VIP
    DEMO DOB GENDER LIVARG MARST PATLOC RACE REL B EMPL LOCIS SSP";

const LAW: &str = "
    42CFRPart2 CommonRule GDPRCONSENT HIPAAAuth HIPAAConsent HIPAANOPP HIPAAPsyNotes HIPAAROA
    HIPAASelfPay Title38Section7332";

const REFRAIN: &str = "
    NOAUTH NOCOLLECT NODSCLCD NODSCLCDS NOINTEGRATE NOLIST NOMOU NOORGPOL NOPAT NOPERSISTP NORDSCLCD
    NORDSCLCDS NORDSCLW NORELINK NOREUSE NOVIP ORCON";

const OBLIGATION: &str = "
    ANONY AOD AUDIT AUDTR CPLYCC CPLYCD CPLYJPP CPLYOPP CPLYOSP CPLYPOL DECLASSIFYLABEL DEID DELAU
    DOWNGRDLABEL DRIVLABEL ENCRYPT ENCRYPTR ENCRYPTT ENCRYPTU HUAPRV LABEL MASK MINEC PERSISTLABEL
    PRIVMARK PSEUD REDACT UPGRDLABEL";

const CLASS: &str = "
    AdverseEvent AllergyIntolerance Appointment AuditEvent BodyStructure CarePlan CareTeam Claim
    ClaimResponse ClinicalImpression Communication CommunicationRequest Composition Condition Consent
    Coverage CoverageEligibilityRequest CoverageEligibilityResponse DetectedIssue Device DeviceRequest
    DeviceUseStatement DiagnosticReport DocumentReference Encounter EpisodeOfCare ExplanationOfBenefit
    FamilyMemberHistory Flag Goal ImagingStudy Immunization ImmunizationEvaluation
    ImmunizationRecommendation Invoice List Media MedicationAdministration MedicationDispense
    MedicationRequest MedicationStatement MolecularSequence NutritionOrder Observation Patient Procedure
    Provenance QuestionnaireResponse RelatedPerson ResearchSubject RiskAssessment ServiceRequest Specimen
    SupplyDelivery SupplyRequest VisionPrescription patient-summary electronic-prescription
    electronic-dispensation medical-imaging laboratory-results discharge-report";

const ROLE: &str = "
    clinician {
        physician nurse midwife dentist pharmacist psychologist therapist paramedic diagnostics
        clinical-trainee }
    administration { registration billing records quality it-support }
    payer researcher public-health privacy-officer auditor legal patient
    representative { guardian delegate relative }
    device { gateway medical-device application }";

const BASIS: &str = "
    GDPR-6(1) { GDPR-6(1)(a) GDPR-6(1)(b) GDPR-6(1)(c) GDPR-6(1)(d) GDPR-6(1)(e) GDPR-6(1)(f) }
    GDPR-9(2) {
        GDPR-9(2)(a) GDPR-9(2)(b) GDPR-9(2)(c) GDPR-9(2)(d) GDPR-9(2)(e) GDPR-9(2)(f) GDPR-9(2)(g)
        GDPR-9(2)(h) GDPR-9(2)(i) GDPR-9(2)(j) }
    GDPR-15 EHDS-3 EHDS-11(5) HIPAA-164.502(a)(1)(i) HIPAA-164.502(a)(1)(iii)
    HIPAA-164.506 {
        HIPAA-164.506(c)(1) HIPAA-164.506(c)(2) HIPAA-164.506(c)(3) HIPAA-164.506(c)(4)
        HIPAA-164.506(c)(5) }
    HIPAA-164.508
    HIPAA-164.510 { HIPAA-164.510(a) HIPAA-164.510(b) }
    HIPAA-164.512 {
        HIPAA-164.512(a) HIPAA-164.512(b) HIPAA-164.512(c) HIPAA-164.512(d) HIPAA-164.512(e)
        HIPAA-164.512(f) HIPAA-164.512(g) HIPAA-164.512(h) HIPAA-164.512(i) HIPAA-164.512(j)
        HIPAA-164.512(k) { HIPAA-164.512(k)(2) HIPAA-164.512(k)(5) }
        HIPAA-164.512(l) }
    HIPAA-164.514(e) Part2-2.31 Part2-2.51 Part2-2.52 Part2-2.53";

const ACTION: &str = "C R U D E query disclose print export";

/// What is known, and under what it stands.
#[derive(Debug)]
pub(crate) struct Tree {
    parents: BTreeMap<Code, Option<Code>>,
}

impl Tree {
    pub(crate) fn new() -> Self {
        let mut parents = BTreeMap::new();
        for (system, listing) in [
            ("purpose", PURPOSE),
            ("sensitivity", SENSITIVITY),
            ("law", LAW),
            ("refrain", REFRAIN),
            ("obligation", OBLIGATION),
            ("class", CLASS),
            ("role", ROLE),
            ("basis", BASIS),
            ("action", ACTION),
        ] {
            // Whoever stands around the code that is read, and whoever was read last.
            let (mut around, mut last) = (Vec::new(), None);
            for text in listing.split_whitespace() {
                match text {
                    "{" => around.push(last.unwrap()),
                    "}" => last = around.pop(),
                    text => {
                        let code = code(system, text);
                        assert_eq!(parents.insert(code, around.last().copied()), None, "{text}");
                        last = Some(code);
                    }
                }
            }
            assert!(around.is_empty(), "{system}: braces");
        }
        parents.extend(LEVELS.map(|level| (code("confidentiality", level), None)));
        Self { parents }
    }

    /// Every code that is known.
    pub(crate) fn codes(&self) -> impl Iterator<Item = Code> {
        self.parents.keys().copied()
    }

    pub(crate) fn knows(&self, code: Code) -> bool {
        self.parents.contains_key(&spelled(code))
    }

    pub(crate) fn parent(&self, code: Code) -> Option<Code> {
        self.parents.get(&spelled(code)).copied().flatten()
    }

    /// The code and all that it stands under, from the bottom up; nothing of an unknown one.
    pub(crate) fn way_up(&self, code: Code) -> Vec<Code> {
        let mut way = Vec::new();
        let mut next = self.knows(code).then(|| spelled(code));
        while let Some(code) = next {
            way.push(code);
            next = self.parent(code);
        }
        way
    }

    /// Whether both are known and `code` is, or stands under, `above`.
    pub(crate) fn is_a(&self, code: Code, above: Code) -> bool {
        self.way_up(code).contains(&spelled(above))
    }
}

/// The spelling of the table: one code is still found in data by a retired one.
fn spelled(written: Code) -> Code {
    if written == code("refrain", "NORDSLCD") { code("refrain", "NORDSCLCD") } else { written }
}
