//! Legal bases of an access other than this ledger's consents.
//!
//! Citations as the laws number themselves, each under the provision that it is a case of: GDPR
//! (Regulation (EU) 2016/679), EHDS (Regulation (EU) 2025/327), HIPAA (45 CFR part 164), Part 2 (42
//! CFR part 2).

use super::{
    System,
    table::{Table, below, top},
};

/// The bases that are consent or authorization by the patient.
pub(super) const CONSENT: [&str; 4] =
    ["GDPR-6(1)(a)", "GDPR-9(2)(a)", "HIPAA-164.508", "Part2-2.31"];

pub(super) static TABLE: Table = Table {
    system: System::Basis,
    name: "vidimus-basis",
    version: "1",
    rows: &[
        top("GDPR-6(1)"),
        below("GDPR-6(1)", "GDPR-6(1)(a)"),
        below("GDPR-6(1)", "GDPR-6(1)(b)"),
        below("GDPR-6(1)", "GDPR-6(1)(c)"),
        below("GDPR-6(1)", "GDPR-6(1)(d)"),
        below("GDPR-6(1)", "GDPR-6(1)(e)"),
        below("GDPR-6(1)", "GDPR-6(1)(f)"),
        top("GDPR-9(2)"),
        below("GDPR-9(2)", "GDPR-9(2)(a)"),
        below("GDPR-9(2)", "GDPR-9(2)(b)"),
        below("GDPR-9(2)", "GDPR-9(2)(c)"),
        below("GDPR-9(2)", "GDPR-9(2)(d)"),
        below("GDPR-9(2)", "GDPR-9(2)(e)"),
        below("GDPR-9(2)", "GDPR-9(2)(f)"),
        below("GDPR-9(2)", "GDPR-9(2)(g)"),
        below("GDPR-9(2)", "GDPR-9(2)(h)"),
        below("GDPR-9(2)", "GDPR-9(2)(i)"),
        below("GDPR-9(2)", "GDPR-9(2)(j)"),
        top("GDPR-15"),
        top("EHDS-3"),
        top("EHDS-11(5)"),
        top("HIPAA-164.502(a)(1)(i)"),
        top("HIPAA-164.502(a)(1)(iii)"),
        top("HIPAA-164.506"),
        below("HIPAA-164.506", "HIPAA-164.506(c)(1)"),
        below("HIPAA-164.506", "HIPAA-164.506(c)(2)"),
        below("HIPAA-164.506", "HIPAA-164.506(c)(3)"),
        below("HIPAA-164.506", "HIPAA-164.506(c)(4)"),
        below("HIPAA-164.506", "HIPAA-164.506(c)(5)"),
        top("HIPAA-164.508"),
        top("HIPAA-164.510"),
        below("HIPAA-164.510", "HIPAA-164.510(a)"),
        below("HIPAA-164.510", "HIPAA-164.510(b)"),
        top("HIPAA-164.512"),
        below("HIPAA-164.512", "HIPAA-164.512(a)"),
        below("HIPAA-164.512", "HIPAA-164.512(b)"),
        below("HIPAA-164.512", "HIPAA-164.512(c)"),
        below("HIPAA-164.512", "HIPAA-164.512(d)"),
        below("HIPAA-164.512", "HIPAA-164.512(e)"),
        below("HIPAA-164.512", "HIPAA-164.512(f)"),
        below("HIPAA-164.512", "HIPAA-164.512(g)"),
        below("HIPAA-164.512", "HIPAA-164.512(h)"),
        below("HIPAA-164.512", "HIPAA-164.512(i)"),
        below("HIPAA-164.512", "HIPAA-164.512(j)"),
        below("HIPAA-164.512", "HIPAA-164.512(k)"),
        below("HIPAA-164.512(k)", "HIPAA-164.512(k)(2)"),
        below("HIPAA-164.512(k)", "HIPAA-164.512(k)(5)"),
        below("HIPAA-164.512", "HIPAA-164.512(l)"),
        top("HIPAA-164.514(e)"),
        top("Part2-2.31"),
        top("Part2-2.51"),
        top("Part2-2.52"),
        top("Part2-2.53"),
    ],
    ..Table::PLAIN
};
