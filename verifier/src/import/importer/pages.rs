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
        // Where the list ends after each page, and the page's place.
        let mut ends = Vec::from([(list.validators.len(), at)]);
        for (page, page_at) in pages {
            let first = page.list.validators.first().map(|first| first.address);
            let overlap = list.validators.iter().position(|held| Some(held.address) == first);
            let start = overlap.unwrap_or(list.validators.len());
            let held = list.validators.get(start..).unwrap_or_default();
            let differs = held.iter().zip(&page.list.validators).position(|(a, b)| a != b);
            if let Some(index) = differs.map(|index| index.saturating_add(start)) {
                let known = ends.iter().find(|(end, _)| index < *end).map_or(at, |(_, at)| *at);
                return Err(self.contradiction(Subject::Validators, height, known, page_at));
            }
            let both = held.len();
            list.validators.extend(page.list.validators.into_iter().skip(both));
            if to_u64(list.validators.len()) > total {
                return Err(self.contradiction(Subject::Validators, height, at, page_at));
            }
            ends.push((list.validators.len(), page_at));
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
        Ok(Some((list, at)))
    }
}
