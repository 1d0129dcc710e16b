//! Measures on one machine, in one run, and prints ratios as Markdown table rows.
//!
//! `vidimus-bench DIR`: DIR takes the ledgers, which are made with `vidimus-node simulate`
//! beside this binary. `cargo xtask bench` calls it and adds the rows of the browser and Node.
//! `vidimus-bench records DIR` prints the rows of ledgers with records alone, `vidimus-bench packets DIR`
//! those of evidence packets.
//!
//! `vidimus-bench maps`: the table of [`vidimus_bench::maps`], a process for each row.
//! `cargo xtask bench --maps` calls it and adds the rows of Node.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line prints")]
#![expect(
    clippy::disallowed_methods,
    clippy::float_arithmetic,
    reason = "measuring reads the clock and divides"
)]

mod ceiling;
mod large;
mod ledger;
mod light_client;
mod map_rows;
mod packets;
mod records;
mod row;

use std::{error::Error, path::Path};

use ledger::Ledger;
use row::Row;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["records", dir] => {
            print_rows(&records::measure(Path::new(dir))?);
            Ok(())
        }
        ["packets", dir] => {
            print_rows(&packets::measure(Path::new(dir))?);
            Ok(())
        }
        ["maps"] => map_rows::print_all(),
        ["maps", name, subjects] => map_rows::print(name, subjects.parse()?),
        [dir] => print_ledgers(Path::new(dir)),
        _ => {
            Err("usage: vidimus-bench DIR | records DIR | packets DIR | maps [NAME SUBJECTS]"
                .into())
        }
    }
}

fn print_ledgers(dir: &Path) -> Result<(), Box<dyn Error>> {
    let mut rows = Vec::new();
    for (validators, blocks) in [(4_u32, 8_000_u32), (20, 1_600), (100, 320)] {
        eprintln!("{validators} validators");
        let ledger = Ledger::simulate(dir, validators, blocks)?;
        rows.extend(ceiling::measure(&ledger)?);
        rows.push(light_client::measure(&ledger)?);
    }
    eprintln!("hash links");
    rows.push(ceiling::hash_links(dir)?);
    eprintln!("large ledgers");
    rows.extend(large::measure(dir)?);
    eprintln!("records");
    rows.extend(records::measure(dir)?);
    eprintln!("packets");
    rows.extend(packets::measure(dir)?);
    print_rows(&rows);
    Ok(())
}

fn print_rows(rows: &[Row]) {
    for row in rows {
        println!("{row}");
    }
}
