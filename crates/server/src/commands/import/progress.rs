use eggypro_domain::imports::ImportCounts;
use indicatif::style::TemplateError;
use indicatif::{ProgressBar, ProgressStyle};

/// The progress of an upload. The length is `None` if it is not known.
pub(super) fn upload_bar(length: Option<u64>) -> Result<ProgressBar, TemplateError> {
    let (bar, template) = match length {
        Some(length) => (
            ProgressBar::new(length),
            "{bar:40} {bytes}/{total_bytes} stored, {bytes_per_sec}, {eta} left",
        ),
        None => (
            ProgressBar::no_length(),
            "{spinner} {bytes} stored, {bytes_per_sec}",
        ),
    };
    Ok(bar.with_style(ProgressStyle::with_template(template)?))
}

/// The progress of rows. It is removed when the value is dropped.
pub(super) struct RowProgress {
    bar: ProgressBar,
    style: ProgressStyle,
}

impl RowProgress {
    /// The file is looked through first, until the number of rows is known.
    pub(super) fn new() -> Result<Self, TemplateError> {
        let first = ProgressStyle::with_template("{spinner} looking through the file, {elapsed}")?;
        let template = "{bar:40} {pos}/{len} rows{msg}, {per_sec}, {eta} left";
        Ok(Self {
            bar: ProgressBar::no_length().with_style(first),
            style: ProgressStyle::with_template(template)?,
        })
    }

    pub(super) fn show(&self, counts: &ImportCounts) {
        if self.bar.length().is_none()
            && let Some(rows) = counts.rows
        {
            self.bar.set_style(self.style.clone());
            self.bar.set_length(rows);
            self.bar.reset_eta();
        }
        if counts.failed > 0 {
            self.bar
                .set_message(format!(" ({} refused)", counts.failed));
        }
        self.bar.set_position(counts.done);
        self.bar.tick();
    }
}
