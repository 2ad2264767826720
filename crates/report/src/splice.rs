//! Puts generated text into a document that people write.

use anyhow::{Context, Result, ensure};

/// Replaces what stands between `<!-- makespan:NAME -->` and `<!-- /makespan:NAME -->`, which stay, each on a line of its own.
///
/// # Errors
///
/// If one of the two is missing, or they are in the wrong order.
pub fn splice(document: &str, name: &str, text: &str) -> Result<String> {
    let (open, close) = (
        format!("<!-- makespan:{name} -->"),
        format!("<!-- /makespan:{name} -->"),
    );
    let start = document
        .find(&open)
        .with_context(|| format!("it has no line `{open}`"))?
        + open.len();
    let end = document
        .find(&close)
        .with_context(|| format!("it has no line `{close}`"))?;
    ensure!(start <= end, "`{close}` comes before `{open}`");
    Ok(format!(
        "{}\n\n{}\n\n{}",
        &document[..start],
        text.trim(),
        &document[end..]
    ))
}
