//! A file that is there as a whole, or not at all.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, Result};
use tempfile::NamedTempFile;

/// Replaces a file as a whole, even if the machine stops meanwhile. Its folder is made if it is not there.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let write = || -> Result<()> {
        fs::create_dir_all(folder)?;
        let mut file = NamedTempFile::new_in(folder)?;
        file.write_all(content.as_ref())?;
        // Temporary files are private. Results are for everybody who may read the folder.
        file.as_file()
            .set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
        // The content is written before the name. So after a crash there is the old file or the new one, and never half a file.
        file.as_file().sync_all()?;
        file.persist(path)?;
        sync_folder(folder)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

/// Makes sure that the names in a folder survive a crash, if its file system can promise that.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    match fs::File::open(folder)?.sync_all() {
        Err(error) if error.kind() == ErrorKind::InvalidInput => Ok(()),
        other => other,
    }
}
