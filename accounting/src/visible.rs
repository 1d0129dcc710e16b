//! Text of a ledger that must not do more than be read.

/// Text from a file with every control and formatting character escaped: a chain id must not move the cursor.
pub fn visible(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            // Zero-width and bidirectional marks, line separators, and what else formats without being seen.
            let hidden = c.is_control()
                || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
                || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
                || ('\u{e0000}'..='\u{e007f}').contains(&c);
            let escaped: Box<dyn Iterator<Item = char>> =
                if hidden { Box::new(c.escape_unicode()) } else { Box::new(std::iter::once(c)) };
            escaped
        })
        .collect()
}
