//! What acts on the world outside of the state: the worker, files, the browser. Each task reports
//! back as an [`Action`](crate::state::Action); none of them is called while something is rendered.

pub(crate) mod download;
pub(crate) mod engine;
pub(crate) mod files;
pub(crate) mod link;
pub(crate) mod samples;
