//! Files and folders that the user picks or drops.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry,
};

use crate::{protocol::NamedFile, state::Chosen};

/// What the page shows of files.
pub(crate) fn summary(files: &[NamedFile]) -> Chosen {
    let first = files.first().map_or("", |first| first.path.as_str());
    let folder = first.split_once('/').map(|(folder, _)| folder);
    let name = folder.unwrap_or(first).to_owned();
    let bytes = files.iter().fold(0_u64, |sum, named| sum.saturating_add(size(&named.file)));
    Chosen { name, files: u64::try_from(files.len()).unwrap_or(u64::MAX), bytes }
}

/// `File.size` is a whole number that JavaScript keeps as a float.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates, and the size is a whole number from 0 to 2^53"
)]
fn size(file: &File) -> u64 {
    file.size() as u64
}

/// The files of a picker, with their paths if it picked a folder.
pub(crate) fn from_list(list: &FileList) -> Vec<NamedFile> {
    let named = |file: File| {
        let relative = js_sys::Reflect::get(&file, &"webkitRelativePath".into());
        let relative = relative.ok().and_then(|path| path.as_string()).unwrap_or_default();
        let path = if relative.is_empty() { file.name() } else { relative };
        NamedFile { path, file }
    };
    (0..list.length()).filter_map(|index| list.get(index)).map(named).collect()
}

/// What was dropped, as far as it must be asked for while the event lasts.
pub(crate) fn dropped(transfer: &DataTransfer) -> Dropped {
    let items = transfer.items();
    let entries: Vec<FileSystemEntry> = (0..items.length())
        .filter_map(|index| items.get(index))
        .filter_map(|item| item.webkit_get_as_entry().ok().flatten())
        .collect();
    let files = transfer.files().map(|list| from_list(&list)).unwrap_or_default();
    Dropped { entries, files }
}

/// Dropped files and folders.
#[derive(Debug)]
pub(crate) struct Dropped {
    entries: Vec<FileSystemEntry>,
    files: Vec<NamedFile>,
}

impl Dropped {
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.files.is_empty()
    }

    /// All files, those in folders too.
    pub(crate) async fn read(self) -> Result<Vec<NamedFile>, JsValue> {
        if self.entries.is_empty() {
            return Ok(self.files);
        }
        let mut files = Vec::new();
        let mut queue = self.entries;
        while let Some(entry) = queue.pop() {
            if entry.is_directory() {
                queue.extend(children(entry.unchecked_into()).await?);
                continue;
            }
            let path = entry.full_path().trim_start_matches('/').to_owned();
            let entry: FileSystemFileEntry = entry.unchecked_into();
            let file = promise(|resolve, reject| {
                entry.file_with_callback_and_callback(resolve, reject);
            });
            files.push(NamedFile { path, file: file.await?.unchecked_into() });
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }
}

/// A folder tells its entries a hundred at a time, until it tells none.
async fn children(folder: FileSystemDirectoryEntry) -> Result<Vec<FileSystemEntry>, JsValue> {
    let reader = folder.create_reader();
    let mut all = Vec::new();
    loop {
        let some = promise(|resolve, reject| {
            // What fails at once fails again through `reject`.
            drop(reader.read_entries_with_callback_and_callback(resolve, reject));
        });
        let some: Array = some.await?.unchecked_into();
        if some.length() == 0 {
            return Ok(all);
        }
        all.extend(some.iter().map(FileSystemEntry::unchecked_from_js));
    }
}

async fn promise(start: impl Fn(&Function, &Function)) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::new(&mut |resolve, reject| start(&resolve, &reject))).await
}
