//! Pages of validators, put together to a set.

use alloc::vec::Vec;

use super::Importer;
use crate::{
    encoding::to_u64,
    import::{
        decode::Page,
        error::{ImportError, Part, Subject},
        index::{At, missing_page},
    },
    ledger::cometbft::validator::ValidatorList,
};

impl Importer {
    /// Keeps a page unless the same is there already.
    pub(super) fn insert_page(&mut self, page: Page, at: At) -> Result<(), ImportError> {
        let group = &mut self.group;
        if group.pages.iter().any(|(held, _)| *held == page) {
            return Ok(());
        }
        if let Some((held, first)) = group.pages.first()
            && held.total != page.total
        {
            let first = *first;
            return self.agreed(Subject::Validators, Err(first), at);
        }
        group.validators = group.validators.saturating_add(to_u64(page.list.validators.len()));
        // Pages of two lengths may overlap, but not over and over.
        if group.validators > self.index.limits.validators.saturating_mul(4) {
            let place = self.index.sources.place(at);
            return Err(ImportError::Limit { place, limit: "validators" });
        }
        group.pages.push((page, at));
        Ok(())
    }

    /// Puts pages together in the order of the set: highest power first, then lowest address.
    ///
    /// Within a page the node's order stays as it is; whether it is right, the hash decides.
    pub(super) fn merge(
        &self,
        mut pages: Vec<(Page, At)>,
        height: u64,
    ) -> Result<Option<(ValidatorList, At)>, ImportError> {
        pages.sort_by(|(a, _), (b, _)| {
            let key = |page: &Page| {
                let first = page.list.validators.first();
                first.map(|first| (core::cmp::Reverse(first.power), first.address))
            };
            let longer = b.list.validators.len().cmp(&a.list.validators.len());
            key(a).cmp(&key(b)).then(longer)
        });
        let counts: Vec<(u64, u64)> = pages
            .iter()
            .map(|(page, _)| (to_u64(page.list.validators.len()), page.total))
            .collect();
        let mut pages = pages.into_iter();
        let Some((page, at)) = pages.next() else { return Ok(None) };
        let (total, mut list) = (page.total, page.list);
        for (page, page_at) in pages {
            let first = page.list.validators.first().map(|first| first.address);
            let overlap = list.validators.iter().position(|held| Some(held.address) == first);
            let held = overlap.and_then(|start| list.validators.get(start..)).unwrap_or_default();
            let both = held.len().min(page.list.validators.len());
            if held.get(..both) != page.list.validators.get(..both) {
                return Err(self.contradiction(Subject::Validators, height, at, page_at));
            }
            list.validators.extend(page.list.validators.into_iter().skip(both));
        }
        let held = to_u64(list.validators.len());
        if held < total {
            // Counted twice, overlapping pages can hide that one is missing.
            let part = missing_page(&counts).unwrap_or_else(|| Part::ValidatorsPage {
                page: None,
                present: to_u64(counts.len()),
                pages: to_u64(counts.len()).saturating_add(1),
            });
            return Err(ImportError::Missing { part, height: Some(height) });
        }
        if held > total {
            return Err(self.contradiction(Subject::Validators, height, at, at));
        }
        Ok(Some((list, at)))
    }
}
