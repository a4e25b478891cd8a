//! Files that appear whole or not at all, and standard output that may be closed.

use std::io::Write as _;
use std::path::Path;

use super::Failure;
use super::screen::is_quiet;

/// Form of estimates that are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For reading
    Text,
    /// For a document
    Markdown,
    /// All estimates
    Json,
}

/// How the names of directories begin that are not complete yet.
const TEMPORARY: &str = ".blackstart-";

/// Prints to standard output; a reader that has gone away is no mistake.
pub(super) fn print(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Message(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints a report for reading, unless the user wants it quiet.
pub(super) fn print_report(text: &str) -> Result<(), Failure> {
    if is_quiet() { Ok(()) } else { print(text.as_bytes()) }
}

/// Says on standard error what is good to know, unless the user wants it quiet.
pub(super) fn note(lines: &str) {
    if !is_quiet() {
        say(lines);
    }
}

/// Prints lines to standard error; nobody may be reading it any more, and that is no mistake either.
pub(super) fn say(lines: &str) {
    let _ = writeln!(std::io::stderr(), "{}", lines.trim_end_matches('\n'));
}

/// Refuses a directory that exists, before any work is done.
pub(super) fn must_not_exist(path: &Path) -> Result<(), Failure> {
    if path.symlink_metadata().is_ok() {
        return Err(Failure::Message(format!(
            "{} exists already, and nothing is overwritten: give another name",
            path.display()
        )));
    }
    Ok(())
}

/// Tries whether a directory can be created at `path`, and leaves nothing behind: better before an hour of work
/// than after it.
pub(super) fn can_be_created(path: &Path) -> Result<(), Failure> {
    let fail = |reason: String| Err(Failure::Message(format!("cannot write {}: {reason}", path.display())));
    let above = path.ancestors().skip(1).map(|p| if p.as_os_str().is_empty() { Path::new(".") } else { p });
    let Some(existing) = above.into_iter().find(|p| p.symlink_metadata().is_ok()) else {
        return fail("there is no directory above it".to_owned());
    };
    if !existing.is_dir() {
        return fail(format!("{} is no directory", existing.display()));
    }
    match tempfile::Builder::new().prefix(TEMPORARY).tempdir_in(existing) {
        Ok(_) => Ok(()),
        Err(error) => {
            fail(format!("no directory can be created in {}: {}", existing.display(), error.kind()))
        }
    }
}

/// Creates the directory `path` with `files` in it, all at once.
pub(super) fn write_directory(path: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    // Innermost first.
    let missing: Vec<&Path> = parent.ancestors().take_while(|p| p.symlink_metadata().is_err()).collect();
    let written = write_within(parent, path, files);
    if written.is_err() {
        // Only empty ones go.
        missing.iter().for_each(|folder| drop(std::fs::remove_dir(folder)));
    }
    written
}

fn write_within(parent: &Path, path: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
    let fail = |error: std::io::Error| Failure::Message(format!("cannot write {}: {error}", path.display()));
    std::fs::create_dir_all(parent).map_err(fail)?;
    // In the same directory, so that the final rename stays within one file system.
    let temporary = tempfile::Builder::new().prefix(TEMPORARY).tempdir_in(parent).map_err(fail)?;
    for (name, bytes) in files {
        let mut file = std::fs::File::create_new(temporary.path().join(name)).map_err(fail)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(fail)?;
    }
    open_to_others(temporary.path(), 0o755).map_err(fail)?;
    must_not_exist(path)?;
    std::fs::rename(temporary.path(), path).map_err(fail)?;
    // Moved away: there is nothing left to clean up.
    let _ = temporary.keep();
    Ok(())
}

/// Creates the file `path`, all at once; what is there already stays.
pub(super) fn write_new_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let fail = |error: std::io::Error| Failure::Message(format!("cannot write {}: {error}", path.display()));
    must_not_exist(path)?;
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(parent).map_err(fail)?;
    let mut file = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(parent).map_err(fail)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(fail)?;
    open_to_others(file.path(), 0o644).map_err(fail)?;
    file.persist_noclobber(path).map_err(|error| fail(error.error))?;
    Ok(())
}

/// Temporary directories and files are private to their owner; results need not be.
#[cfg(unix)]
fn open_to_others(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn open_to_others(_: &Path, _: u32) -> std::io::Result<()> {
    Ok(())
}

/// Refuses a name that no browser would open.
pub(super) fn must_be_html(path: &Path) -> Result<(), Failure> {
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("html")) {
        return Ok(());
    }
    Err(Failure::Message(format!("a report is an HTML file: give {} the ending .html", path.display())))
}
