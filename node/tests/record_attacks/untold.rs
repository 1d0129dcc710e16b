//! What an attacker can do without a refusal or a finding: neither contract nor audit has a rule for it.

use vidimus::encoding::hex::Hash;

use super::{
    attack::{Attack, attack},
    fixture::{Fixture, account, disclosure, organization},
    reviews::{emergency, review},
};

pub(crate) fn attacks() -> Vec<Attack> {
    vec![
        attack("an access that is not there is reviewed", &[], |strikes| {
            emergency()
                .block(move |world| {
                    let access = world.ids.last().copied().unwrap();
                    let mut records = vec![review(world, access, Hash([0x22; 32]))];
                    if strikes {
                        records.push(review(world, Hash([9; 32]), Hash([0x22; 32])));
                    }
                    records
                })
                .idle(8)
        }),
        attack("data leave the hospital to an id that nobody registered", &[], |strikes| {
            Fixture::new().access(move |access| {
                account(access);
                if strikes {
                    disclosure(access).recipient = Some(organization("nobody.example"));
                }
            })
        }),
    ]
}
