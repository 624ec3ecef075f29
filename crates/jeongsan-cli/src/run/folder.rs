//! The folder that a run writes its documents into: all of them, or none.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::Failure;

/// A folder that isn't there before everything is in it: it is written beside its place and renamed. What is left half written is removed.
#[derive(Debug)]
pub(crate) struct Folder {
    place: PathBuf,
    draft: PathBuf,
    is_finished: bool,
}

impl Folder {
    /// Begins a folder; its place must be free or an empty folder.
    pub(crate) fn begin(place: &Path) -> Result<Self, Failure> {
        let failed = |error| Failure::File { path: place.display().to_string(), error };
        match fs::read_dir(place).map(|mut entries| entries.next().is_some()) {
            Ok(true) => {
                return Err(Failure::Argument(format!(
                    "{}: the folder isn't empty; documents of different runs are never mixed",
                    place.display()
                )));
            }
            Ok(false) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        let name = place
            .file_name()
            .ok_or_else(|| Failure::Argument(format!("{}: it is no name of a folder", place.display())))?;
        let mut draft = std::ffi::OsString::from(".");
        draft.push(name);
        draft.push(format!(".{}.draft", std::process::id()));
        let parent = place.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or_else(|| Path::new("."));
        fs::create_dir_all(parent).map_err(failed)?;
        let draft = parent.join(draft);
        fs::create_dir(&draft).map_err(failed)?;
        Ok(Self { place: place.into(), draft, is_finished: false })
    }

    /// A file of documents, one a line.
    pub(crate) fn lines(&self, name: &str) -> std::io::Result<Lines> {
        let file = File::create_new(self.draft.join(name))?;
        Ok(Lines { writer: BufWriter::with_capacity(1 << 16, file) })
    }

    /// Puts the folder in its place.
    pub(crate) fn finish(mut self) -> std::io::Result<()> {
        fs::rename(&self.draft, &self.place)?;
        self.is_finished = true;
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.is_finished {
            let _ = fs::remove_dir_all(&self.draft);
        }
    }
}

/// Documents, one a line.
#[derive(Debug)]
pub(crate) struct Lines {
    writer: BufWriter<File>,
}

impl Lines {
    pub(crate) fn write(&mut self, document: &impl Serialize) -> std::io::Result<()> {
        serde_json::to_writer(&mut self.writer, document)?;
        self.writer.write_all(b"\n")
    }

    /// Waits until everything is on the disk.
    pub(crate) fn finish(self) -> std::io::Result<()> {
        self.writer.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()
    }
}
