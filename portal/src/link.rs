//! Links to a finding: `#/finding/<id>/<height>/<index>`, without an index where it is about all blocks.

/// The finding that a link points to. The same ledger has it at the same place on every page.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Target {
    pub(crate) id: String,
    pub(crate) height: String,
    pub(crate) index: Option<String>,
}

impl Target {
    /// Reads the fragment of an address, with its `#`; `None` for what is no such link.
    pub(crate) fn from_fragment(fragment: &str) -> Option<Self> {
        let mut parts = fragment.strip_prefix("#/finding/")?.split('/');
        let is_word = |text: &&str| {
            !text.is_empty() && text.len() <= 20 && text.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        let is_number = |text: &&str| is_word(text) && text.bytes().all(|b| b.is_ascii_digit());
        let id = parts.next().filter(is_word)?.to_owned();
        let height = parts.next().filter(is_number)?.to_owned();
        let index = match parts.next() {
            None => None,
            Some(index) => Some(index).filter(is_number).map(str::to_owned).map(Some)?,
        };
        parts.next().is_none().then_some(Self { id, height, index })
    }

    pub(crate) fn fragment(&self) -> String {
        self.joined("#/finding/", "/")
    }

    /// Id of its element on the page.
    pub(crate) fn element(&self) -> String {
        self.joined("finding-", "-")
    }

    fn joined(&self, start: &str, between: &str) -> String {
        let parts = [Some(&self.id), Some(&self.height), self.index.as_ref()];
        let parts: Vec<_> = parts.into_iter().flatten().map(String::as_str).collect();
        format!("{start}{}", parts.join(between))
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn link_is_read_as_it_is_written() {
        for fragment in ["#/finding/V11/3/0", "#/finding/V28/1"] {
            let target = Target::from_fragment(fragment);
            assert_eq!(target.map(|target| target.fragment()).as_deref(), Some(fragment));
        }
        let target = Target::from_fragment("#/finding/V11/3/0");
        assert_eq!(target.map(|target| target.element()).as_deref(), Some("finding-V11-3-0"));
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_no_link_is_none() {
        let none = [
            "",
            "#form",
            "#/finding/V11",
            "#/finding/V11/x/0",
            "#/finding/V11/3/0/1",
            "#/finding//3/0",
            "#/finding/V1\u{e9}/3/0",
            "#/finding/V11/3/",
        ];
        for fragment in none {
            assert_eq!(Target::from_fragment(fragment), None, "{fragment}");
        }
    }
}
