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
pub(super) mod v17;
pub(super) mod v32;
pub(super) mod v35;
pub(super) mod v36;
pub(super) mod v37;

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
        Box::new(v17::Unapproved),
        Box::new(v32::NotTheGrantor),
        Box::new(v35::EnteredInError),
        Box::new(v36::Indeterminate),
        Box::new(v37::NotAskedFor),
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
