//! The portal: it takes files and an anchor, and shows what the verifier's worker says of them.
//!
//! It links no verifier code. [`state`] is a pure reducer; [`tasks`] act on the world and report back
//! as actions; [`components`] show what they are given; all words stand in [`text`].

mod accounting;
mod app;
mod catalogue;
mod components;
mod link;
mod pages;
mod protocol;
mod report;
mod state;
mod tasks;
mod tell;
mod text;
mod views;

fn main() {
    console_error_panic_hook::set_once();
    yew::Renderer::<app::App>::new().render();
}
