use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use eggypro_domain::imports::{Import, ImportRepository};
use eggypro_exchange::ErrorsFile;

use crate::commands::say;
use crate::commands::target::Target;
use crate::failure::Failure;

/// Maximum number of rows in memory. Of large rows there are fewer.
const PAGE: u32 = 200;

/// The file for refused rows.
pub(super) struct RefusedRows {
    file: PathBuf,
    target: Target,
}

impl RefusedRows {
    pub(super) fn open(file: &Path) -> Result<Self, Failure> {
        let target = Target::of(file).map_err(|error| unwritable(file, &error))?;
        Ok(Self {
            file: file.to_owned(),
            target,
        })
    }

    /// Writes the refused rows of an import as they came, each with its errors. Without any, only the header.
    pub(super) async fn write(
        self,
        imports: &dyn ImportRepository,
        import: &Import,
    ) -> Result<(), Failure> {
        let Self { file, target } = self;
        write_rows(imports, import, &target)
            .await
            .and_then(|()| target.complete())
            .map_err(|error| unwritable(&file, &error))?;
        if import.counts.failed > 0 {
            say(format_args!("The refused rows are in {}.", file.display()));
        }
        Ok(())
    }
}

async fn write_rows(
    imports: &dyn ImportRepository,
    import: &Import,
    target: &Target,
) -> Result<(), Failure> {
    let mut output = BufWriter::new(target.file()?);
    let errors = ErrorsFile::new(&import.header);
    let mut text = String::new();
    errors.write_header(&mut text);
    let mut after = 0;
    loop {
        let rows = imports.refused_rows(import.id, after, PAGE).await?;
        for row in &rows {
            errors.write(row, &mut text);
        }
        output.write_all(text.as_bytes())?;
        text.clear();
        let Some(last) = rows.last() else { break };
        after = last.position;
    }
    output.flush()?;
    Ok(())
}

fn unwritable(file: &Path, error: &Failure) -> Failure {
    format!("{} can't be written: {error}", file.display()).into()
}
