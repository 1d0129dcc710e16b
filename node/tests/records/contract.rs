//! The contract as a state machine, clause by clause of `docs/contract.md`.

#[path = "contract/accesses.rs"]
mod accesses;
#[path = "contract/authority.rs"]
mod authority;
#[path = "contract/consents.rs"]
mod consents;
#[path = "contract/machine.rs"]
mod machine;
#[path = "contract/organizations.rs"]
mod organizations;
#[path = "contract/world.rs"]
mod world;
