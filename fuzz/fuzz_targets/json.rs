//! Any bytes as a raw export: a container or a typed error, the same whatever the chunks.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vidimus::{
    import::{ImportError, Scanner, import},
    limits::Limits,
};

fn scan(bytes: &[u8], chunk: usize) -> Result<(), ImportError> {
    let mut scanner = Scanner::new(Limits::default());
    scanner.start_source("fuzz")?;
    bytes.chunks(chunk).try_for_each(|piece| scanner.feed(piece))?;
    scanner.end_source()?;
    scanner.finish().map(drop)
}

fuzz_target!(|bytes: &[u8]| {
    let (whole, pieces) = (scan(bytes, 1 << 20), scan(bytes, 3));
    assert_eq!(whole, pieces);
    if import(&[("fuzz", bytes)], &Limits::default()).is_ok() {
        assert_eq!(whole, Ok(()));
    }
});
