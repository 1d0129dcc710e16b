//! Codes in plain English words, for people who read what was done with their records.

use alloc::string::String;

use super::System;

/// Words of purposes, actions and roles. The code systems have longer ones of their own; these fit
/// into a sentence, "for …", "to …", "as …".
const WORDS: &[(System, &[(&str, &str)])] = &[
    (
        System::Purpose,
        &[
            ("BIORCH", "biomedical research"),
            ("BTG", "an emergency, breaking the glass"),
            ("CAREMGT", "care management"),
            ("CLINTRCH", "a clinical trial"),
            ("CLINTRCHNPC", "a clinical trial without patient care"),
            ("CLINTRCHPC", "a clinical trial with patient care"),
            ("CLINTRL", "treatment in a clinical trial"),
            ("CLMATTCH", "attaching documents to a claim"),
            ("COC", "coordination of care"),
            ("COVAUTH", "authorization of coverage"),
            ("COVERAGE", "insurance coverage"),
            ("DISASTER", "help in a disaster"),
            ("DONAT", "organ donation"),
            ("DSRCH", "research on a disease"),
            ("ELIGDTRM", "deciding on eligibility for insurance"),
            ("ELIGVER", "checking eligibility for insurance"),
            ("ENROLLM", "enrolment in an insurance"),
            ("ERTREAT", "treatment in an emergency room"),
            ("ETREAT", "emergency treatment"),
            ("FAMRQT", "a request of the family"),
            ("FRAUD", "detecting fraud"),
            ("GOV", "duties of a government"),
            ("HACCRED", "accreditation"),
            ("HCOMPL", "compliance with the law"),
            ("HDECD", "information about the deceased"),
            ("HDIRECT", "a directory"),
            ("HDM", "management of health data"),
            ("HLEGAL", "legal affairs"),
            ("HMARKT", "marketing"),
            ("HOPERAT", "running the hospital"),
            ("HOUTCOMS", "measuring outcomes"),
            ("HPAYMT", "payment"),
            ("HPRGRP", "reporting on programs"),
            ("HQUALIMP", "improving quality"),
            ("HRESCH", "research"),
            ("HSYSADMIN", "administration of systems"),
            ("HTEST", "testing of systems"),
            ("LABELING", "labelling of data"),
            ("MEMADMIN", "administration of members"),
            ("METAMGT", "management of metadata"),
            ("MILCDM", "military command"),
            ("MILDCRG", "discharge from military service"),
            ("MLTRAINING", "training of machines"),
            ("PATADMIN", "administration of patients"),
            ("PATRQT", "a request of the patient"),
            ("PATSFTY", "safety of patients"),
            ("PERFMSR", "measuring performance"),
            ("PMTDS", "settling a payment"),
            ("POARCH", "research on a population's ancestry"),
            ("POPHLTH", "health of a population"),
            ("PRECLINTRCH", "research before a clinical trial"),
            ("PUBHLTH", "public health"),
            ("PWATRNY", "a request under a power of attorney"),
            ("RECORDMGT", "management of records"),
            ("REMITADV", "advice on a remittance"),
            ("SUPNWK", "a request of the support network"),
            ("SYSDEV", "development of systems"),
            ("THREAT", "averting a threat"),
            ("TRAIN", "training of staff"),
            ("TRANSRCH", "translational research"),
            ("TREAT", "treatment"),
            ("TREATDS", "deciding on treatment"),
        ],
    ),
    (
        System::Action,
        &[
            ("C", "create"),
            ("D", "delete"),
            ("E", "process"),
            ("R", "read"),
            ("U", "change"),
            ("disclose", "disclose"),
            ("export", "export"),
            ("print", "print"),
            ("query", "search for"),
        ],
    ),
    (
        System::Role,
        &[
            ("administration", "administrative staff"),
            ("application", "application"),
            ("billing", "billing staff"),
            ("clinical-trainee", "clinical trainee"),
            ("diagnostics", "diagnostics staff"),
            ("it-support", "IT support"),
            ("medical-device", "medical device"),
            ("privacy-officer", "privacy officer"),
            ("public-health", "public health staff"),
            ("quality", "quality staff"),
            ("records", "records staff"),
            ("registration", "registration staff"),
        ],
    ),
];

/// The code in words. A code that has none of its own is its own word; names of FHIR's resource types
/// are taken apart.
pub fn words(system: System, code: &str) -> String {
    let of_system = WORDS.iter().find(|(of, _)| *of == system).map(|(_, words)| *words);
    let known = of_system.and_then(|words| words.iter().find(|(of, _)| *of == code));
    match known {
        Some((_, words)) => (*words).into(),
        None if system == System::Class => take_apart(code),
        None => code.into(),
    }
}

/// `MedicationRequest` and `patient-summary` are `medication request` and `patient summary`.
fn take_apart(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(if c == '-' { ' ' } else { c.to_ascii_lowercase() });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::codes::Code;

    #[test]
    fn words_are_of_codes_of_the_tables_and_all_purposes_and_actions_have_some() {
        for (system, words) in WORDS {
            for (code, _) in *words {
                let code = Code::new(*system, code).unwrap();
                assert!(code.lookup().is_some(), "{code}");
            }
        }
        for (system, count) in [(System::Purpose, 62), (System::Action, 9)] {
            let words = WORDS.iter().find(|(of, _)| *of == system).unwrap().1;
            assert_eq!(words.len(), count, "{}", system.name());
        }
    }

    #[test]
    fn what_has_no_words_is_taken_apart_or_left() {
        assert_eq!(words(System::Class, "MedicationRequest"), "medication request");
        assert_eq!(words(System::Class, "patient-summary"), "patient summary");
        assert_eq!(words(System::Role, "nurse"), "nurse");
        assert_eq!(words(System::Purpose, "X-NEW"), "X-NEW");
    }
}
