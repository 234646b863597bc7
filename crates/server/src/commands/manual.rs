use std::io::{self, Write};

use clap::Command;
use clap_complete::Shell;

use super::Failure;

/// Prints the completions of a shell.
pub(super) fn completions(shell: Shell, command: &mut Command) -> Result<(), Failure> {
    let name = command.get_name().to_owned();
    let mut completions = vec![];
    clap_complete::generate(shell, command, name, &mut completions);
    print(&completions);
    Ok(())
}

/// Prints the manual page in troff.
pub(super) fn page(command: Command) -> Result<(), Failure> {
    let mut page = vec![];
    let commands: Vec<Command> = command.get_subcommands().cloned().collect();
    clap_mangen::Man::new(command).render(&mut page)?;
    for command in commands {
        writeln!(page, ".SH EGGYPRO {}", command.get_name().to_uppercase())?;
        let has_note = command.get_after_help().is_some();
        let command = clap_mangen::Man::new(command);
        command.render_description_section(&mut page)?;
        command.render_options_section(&mut page)?;
        if has_note {
            command.render_extra_section(&mut page)?;
        }
    }
    print(&page);
    Ok(())
}

/// Prints to standard output. A closed output is ignored.
fn print(text: &[u8]) {
    let _ = io::stdout().write_all(text);
}
