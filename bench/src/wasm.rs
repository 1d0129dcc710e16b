//! The measurement of maps for JavaScript.

use std::arch::wasm32::memory_size;

use js_sys::Function;
use wasm_bindgen::{JsError, JsValue, prelude::wasm_bindgen};

use crate::maps::{Host, measure};

const PAGE: usize = 1 << 16;

/// One row of the table; `now` gives milliseconds. A module should be loaded anew for each row:
/// its memory never shrinks.
///
/// # Errors
/// A map that is not known, or that fails at what is asked of it.
#[wasm_bindgen(js_name = measureMap)]
pub fn measure_map(name: &str, subjects: u32, now: &Function) -> Result<String, JsError> {
    let milliseconds = || now.call0(&JsValue::NULL).ok().and_then(|now| now.as_f64());
    let microseconds = || milliseconds().unwrap_or(f64::NAN) * 1000.0;
    let memory = || memory_size::<0>().saturating_mul(PAGE);
    let host = Host { name: "Node", microseconds: &microseconds, memory: &memory };
    let row = measure(name, subjects, &host).map_err(|error| JsError::new(&error.to_string()))?;
    Ok(row.to_string())
}
