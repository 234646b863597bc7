use std::io;

use clap::Command;
use clap_complete::Shell;

use super::Failure;

/// Prints what a shell reads to complete commands.
pub(super) fn completions(shell: Shell, command: &mut Command) -> Result<(), Failure> {
    let name = command.get_name().to_owned();
    let mut completions = vec![];
    clap_complete::generate(shell, command, name, &mut completions);
    io::Write::write_all(&mut io::stdout(), &completions)?;
    Ok(())
}

/// Prints the manual page in troff.
pub(super) fn page(command: Command) -> Result<(), Failure> {
    clap_mangen::Man::new(command).render(&mut io::stdout())?;
    Ok(())
}
