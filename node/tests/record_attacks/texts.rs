//! Texts that deceive, or that tell who somebody is. What a text says is never repeated in a report;
//! the tests of the command line hold that what it shows is escaped.

use vidimus::{
    encoding::cbor::Text,
    record::{
        Body,
        access::Access,
        organization::{KeyUse, Organization, OrganizationChange, OrganizationRole},
    },
};

use super::{
    attack::{Attack, Case, attack},
    fixture::{
        CLINIC, CLINIC_ID, Fixture, GOVERNANCE, World, account, code, disclosure, half, registered,
        set,
    },
    forge::{edit_payload, one, replace},
};

/// The clinic, by this name.
fn named(world: &mut World, name: &str) -> Vec<u8> {
    let roles = [OrganizationRole::Custodian, OrganizationRole::Recipient];
    let clinic = registered(CLINIC_ID, &roles, &[(CLINIC, KeyUse::Gateway)]);
    world.sign(GOVERNANCE, |source| {
        let (change, name) = (OrganizationChange::Update, Text::new(name));
        Body::Organization(Organization { source, change, name, ..clinic })
    })
}

/// A name that deceives is recorded as it is, is no violation, and stands in no report.
fn deceptive(name: &'static str, text: &'static str) -> Attack {
    attack(name, &[], move |strikes| {
        let text = if strikes { text } else { "Clinic" };
        let fixture = Fixture::new().block(move |world| vec![named(world, text)]);
        Case::from(fixture).unrepeated(text)
    })
}

/// A name that no record may have.
fn unwritable(name: &'static str, bytes: &'static [u8]) -> Attack {
    attack(name, &["2/0 malformed"], move |strikes| {
        one(
            strikes,
            |world| named(world, "Clinic"),
            move |record| edit_payload(&record, |payload| replace(payload, b"\x66Clinic", bytes)),
        )
    })
}

/// A name that tells who somebody is.
fn telling(name: &'static str, text: &'static str) -> Attack {
    attack(name, &["2/0 V33"], move |strikes| {
        let text = if strikes { text } else { "Clinic" };
        let fixture = Fixture::new().block(move |world| vec![named(world, text)]);
        Case::from(fixture).unrepeated(text)
    })
}

/// An access whose texts are edited, where the request holds none of them.
fn written(name: &'static str, expects: &[&'static str], edit: fn(&mut Access)) -> Attack {
    attack(name, expects, move |strikes| {
        Fixture::new().access(move |access| {
            account(access);
            if strikes {
                edit(access);
            }
        })
    })
}

pub(crate) fn attacks() -> Vec<Attack> {
    [deceiving(), identifying()].into_iter().flatten().collect()
}

fn deceiving() -> Vec<Attack> {
    vec![
        deceptive("a name turns the text around", "St. \u{202e}annA\u{202c} Clinic"),
        deceptive("a name hides characters of no width", "Cli\u{200b}nic"),
        deceptive("a name is written in letters that look alike", "\u{421}linic"),
        deceptive("a name is a formula", "=HYPERLINK(\"http://x.example\",\"Clinic\")"),
        deceptive("a name is a script", "<script>alert(1)</script>"),
        unwritable("a name commands the terminal", b"\x66\x1b[2Jic"),
        unwritable("a name has a line of its own", b"\x66Cli\nic"),
        unwritable("a name is no text", b"\x66Cli\xc3\x28c"),
        unwritable("a name is empty", b"\x60"),
    ]
}

fn identifying() -> Vec<Attack> {
    vec![
        telling("a name is an e-mail address", "jane.doe@mail.example"),
        telling("a name holds a telephone number", "Clinic, +49 30 1234567"),
        telling("a name holds a date of birth", "Doe 1961-03-04"),
        telling("a name holds a social security number", "078-05-1120"),
        written("a system is called by a patient's address", &["3/0 V33"], |access| {
            half(access).client = code("jane.doe@mail.example");
        }),
        written("an origin is called by a date of birth", &["3/0 V33"], |access| {
            half(access).origin = Some(code("doe:1961-03-04"));
        }),
        written("a recipient is called by a telephone number", &["3/0 V33"], |access| {
            disclosure(access).address = Text::new("tel:+441632960001");
        }),
        written("an e-mail address is broken by a character of no width", &["3/0 V33"], |access| {
            disclosure(access).name = Text::new("jane.doe\u{200b}@mail.example");
        }),
        written("a lawful basis is an e-mail address", &["2/0 V33", "3/0 V33"], |access| {
            half(access).processing.basis = set([code("jane.doe@mail.example")]);
        }),
    ]
}
