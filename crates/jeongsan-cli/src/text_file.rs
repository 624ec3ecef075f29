//! Whole files as text.

use std::io::Read;
use std::path::Path;

use crate::Failure;

/// The name and the text of a file, or of standard input for `-`, without a byte-order mark.
pub(crate) fn read_text(path: &Path) -> Result<(String, String), Failure> {
    let is_standard_input = path == Path::new("-");
    let name = if is_standard_input { "standard input".into() } else { path.display().to_string() };
    let read = if is_standard_input {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    let text = read.map_err(|error| Failure::File { path: name.clone(), error })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
    Ok((name, text))
}
