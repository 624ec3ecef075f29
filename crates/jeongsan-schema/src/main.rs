//! Writes the schemas to the folder given: `cargo run -p jeongsan-schema -- docs/schema`.

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: jeongsan-schema FOLDER");
        return ExitCode::FAILURE;
    };
    let written = jeongsan_schema::all().map_err(|error| error.to_string()).and_then(|schemas| {
        for schema in schemas {
            let path = folder.join(schema.name).with_extension("json");
            std::fs::write(&path, schema.text()).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(())
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
