//! A real browser and its driver.

use std::path::PathBuf;

use super::{Component, apt};
use crate::failure::Failure;
use crate::workspace::Workspace;

/// Chromium, and the chromedriver of the same version.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chromium;

impl Chromium {
    pub(crate) fn browser(workspace: &Workspace) -> Option<PathBuf> {
        ["chromium", "chromium-browser", "google-chrome"]
            .into_iter()
            .find_map(|name| workspace.which(name))
    }

    pub(crate) fn driver(workspace: &Workspace) -> Option<PathBuf> {
        workspace.which("chromedriver")
    }
}

impl Component for Chromium {
    fn name(&self) -> &'static str {
        "chromium"
    }

    fn is_present(&self, workspace: &Workspace) -> bool {
        Self::browser(workspace).is_some() && Self::driver(workspace).is_some()
    }

    fn install(&self, workspace: &Workspace) -> Result<(), Failure> {
        apt::install(workspace, &["chromium", "chromium-driver", "fonts-dejavu-core"])
    }
}
