//! What comes of reading the files of a report again.

use std::rc::Rc;

use crate::{
    accounting::Accounting,
    protocol::{Progress, Refusal},
    views::Views,
};

/// Who opened the records of a viewing file: found after the report, in a second pass.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Viewing {
    /// It was not asked for, or the ledger does not say.
    #[default]
    Off,
    Reading {
        progress: Option<Rc<Progress>>,
        cancelling: bool,
    },
    Done(Rc<Views>),
    Refused(Refusal),
}

/// What a regime accounts for: made when it is asked for, in a second pass.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Accounted {
    #[default]
    Off,
    Reading {
        regime: String,
        progress: Option<Rc<Progress>>,
        cancelling: bool,
    },
    Done(Rc<Accounting>),
    Refused {
        regime: String,
        refusal: Refusal,
    },
}

impl Accounted {
    /// For which regime it was asked.
    pub(crate) fn regime(&self) -> Option<&str> {
        match self {
            Self::Off => None,
            Self::Reading { regime, .. } | Self::Refused { regime, .. } => Some(regime),
            Self::Done(accounting) => Some(&accounting.table.regime),
        }
    }
}
