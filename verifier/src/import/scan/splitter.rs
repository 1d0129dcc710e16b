//! Where a value ends in a stream of bytes.

/// Finds where a JSON object ends, without looking at what is inside.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Splitter {
    pub(super) depth: u64,
    in_string: bool,
    escaped: bool,
}

pub(super) enum Split {
    /// The object ends with the byte at this position.
    End(usize),
    /// The byte at this position nests too deep.
    TooDeep(usize),
    /// The chunk ends first.
    More,
}

impl Splitter {
    pub(super) fn scan(&mut self, bytes: &[u8], most: u64) -> Split {
        let mut at: usize = 0;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            if self.in_string {
                if self.escaped {
                    if rest.is_empty() {
                        return Split::More;
                    }
                    self.escaped = false;
                    at = at.saturating_add(1);
                    continue;
                }
                let Some(found) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\')) else {
                    return Split::More;
                };
                let is_quote = rest.get(found) == Some(&b'"');
                self.in_string = !is_quote;
                self.escaped = !is_quote;
                at = at.saturating_add(found).saturating_add(1);
                continue;
            }
            let is_mark = |byte: &u8| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']');
            let Some(found) = rest.iter().position(is_mark) else {
                return Split::More;
            };
            let position = at.saturating_add(found);
            at = position.saturating_add(1);
            match rest.get(found) {
                Some(b'"') => self.in_string = true,
                Some(b'{' | b'[') => {
                    self.depth = self.depth.saturating_add(1);
                    if self.depth > most {
                        return Split::TooDeep(position);
                    }
                }
                _ => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        *self = Self::default();
                        return Split::End(position);
                    }
                }
            }
        }
    }
}
