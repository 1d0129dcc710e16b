//! One file for each rule of `docs/audit.md`: its id, severity, sentences, and when it fires.

use alloc::{boxed::Box, vec, vec::Vec};

use super::{check::Check, uncovered::NotCovered, violation::ViolationId};

pub(super) mod v01;
pub(super) mod v02;
pub(super) mod v03;
pub(super) mod v04;
pub(super) mod v05;
pub(super) mod v06;
pub(super) mod v07;
pub(super) mod v08;
pub(super) mod v09;
pub(super) mod v10;
pub(super) mod v11;
pub(super) mod v12;
pub(super) mod v13;
pub(super) mod v14;
pub(super) mod v15;
pub(super) mod v16;
pub(super) mod v17;
pub(super) mod v18;
pub(super) mod v19;
pub(super) mod v20;
pub(super) mod v21;
pub(super) mod v22;
pub(super) mod v23;
pub(super) mod v24;
pub(super) mod v25;
pub(super) mod v26;
pub(super) mod v27;
pub(super) mod v28;
pub(super) mod v29;
pub(super) mod v30;
pub(super) mod v31;
pub(super) mod v32;
pub(super) mod v33;
pub(super) mod v34;
pub(super) mod v35;
pub(super) mod v36;
pub(super) mod v37;
pub(super) mod v38;

/// Every check, in the order of the catalogue.
pub(super) fn all() -> Vec<Box<dyn Check>> {
    vec![
        Box::new(NotCovered(ViolationId::V01)),
        Box::new(NotCovered(ViolationId::V02)),
        Box::new(NotCovered(ViolationId::V03)),
        Box::new(NotCovered(ViolationId::V04)),
        Box::new(NotCovered(ViolationId::V05)),
        Box::new(NotCovered(ViolationId::V06)),
        Box::new(NotCovered(ViolationId::V07)),
        Box::new(NotCovered(ViolationId::V08)),
        Box::new(NotCovered(ViolationId::V09)),
        Box::new(v10::UnjustifiedEmergency),
        Box::<v11::UnreviewedEmergency>::default(),
        Box::<v12::EmergencyRate>::default(),
        Box::new(v13::NotAClinician),
        Box::new(v14::NoProof),
        Box::new(v15::PastGuardian),
        Box::new(v16::Part2Disclosure),
        Box::new(v17::Unapproved),
        Box::new(v18::ProtectedNotes),
        Box::new(v19::UnknownKey),
        Box::<v20::Repeated>::default(),
        Box::<v21::Gap>::default(),
        Box::<v22::WrongTime>::default(),
        Box::<v23::UnmatchedHalf>::default(),
        Box::<v24::MissingColumn>::default(),
        Box::new(v25::Unlabelled),
        Box::<v26::SecondLook>::default(),
        Box::<v27::Unaccounted>::default(),
        Box::<v28::ShortRetention>::default(),
        Box::<v29::Revealing>::default(),
        Box::new(v30::AuditTrail),
        Box::new(v31::ForgedConsent),
        Box::new(v32::NotTheGrantor),
        Box::<v33::DirectIdentifier>::default(),
        Box::<v34::Downgraded>::default(),
        Box::new(v35::EnteredInError),
        Box::new(v36::Indeterminate),
        Box::new(v37::NotAskedFor),
        Box::new(v38::OtherCodes),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_violation_has_its_check_in_the_order_of_the_catalogue() {
        let ids: Vec<_> = all().iter().map(|check| check.id()).collect();
        assert_eq!(ids, ViolationId::ALL);
    }
}
