use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, lchown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use nix::unistd::{User, geteuid};

use crate::Error;

/// The environment variables that are passed on to the cluster's programs.
const PASSED_ON: [&str; 5] = ["LANG", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ"];

/// The user that the cluster runs as: the current user or, if that is root, another one.
#[derive(Debug)]
pub(crate) struct ClusterUser {
    instead_of_root: Option<User>,
}

impl ClusterUser {
    pub(crate) fn choose() -> Result<Self, Error> {
        if !geteuid().is_root() {
            return Ok(Self {
                instead_of_root: None,
            });
        }
        let find = |name| User::from_name(name).ok().flatten();
        let user = find("postgres")
            .or_else(|| find("nobody"))
            .ok_or(Error::NoUser)?;
        Ok(Self {
            instead_of_root: Some(user),
        })
    }

    /// A command that runs as this user.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        // The user may not have access to the current folder.
        command.current_dir("/");
        // Neither our secrets nor PostgreSQL's own variables may reach the program.
        command.env_clear().env("LC_MESSAGES", "C");
        let passed_on = PASSED_ON
            .iter()
            .filter_map(|name| Some((name, std::env::var_os(name)?)));
        command.envs(passed_on);
        if let Some(user) = &self.instead_of_root {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        command
    }

    /// Makes this user the owner of a folder and denies access to all others.
    pub(crate) fn take(&self, directory: &Path) -> Result<(), Error> {
        let unusable = |source| Error::Directory {
            path: directory.to_owned(),
            source,
        };
        if let Some(user) = &self.instead_of_root {
            lchown(directory, Some(user.uid.as_raw()), Some(user.gid.as_raw()))
                .map_err(unusable)?;
            if !directory
                .ancestors()
                .skip(1)
                .all(|parent| self.may_enter(parent))
            {
                return Err(Error::Unreachable {
                    user: user.name.clone(),
                    path: directory.to_owned(),
                });
            }
        }
        fs::set_permissions(directory, Permissions::from_mode(0o700)).map_err(unusable)
    }

    fn may_enter(&self, directory: &Path) -> bool {
        let Some(user) = &self.instead_of_root else {
            return true;
        };
        let Ok(metadata) = fs::metadata(directory) else {
            return false;
        };
        let bit = if metadata.uid() == user.uid.as_raw() {
            0o100
        } else if metadata.gid() == user.gid.as_raw() {
            0o010
        } else {
            0o001
        };
        metadata.mode() & bit != 0
    }
}
