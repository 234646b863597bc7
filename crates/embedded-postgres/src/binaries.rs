use std::cmp::Reverse;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::Error;

/// The folder that holds PostgreSQL's programs.
#[derive(Debug, Clone)]
pub(crate) struct Binaries {
    directory: PathBuf,
}

impl Binaries {
    const NEEDED: [&str; 4] = ["initdb", "pg_ctl", "postgres", "psql"];

    /// Folders with the version in their name, as parent, prefix and subfolder: Debian, Red Hat, Alpine, SUSE, and
    /// Homebrew on ARM and Intel Macs.
    const VERSIONED: [(&str, &str, &str); 6] = [
        ("/usr/lib/postgresql", "", "bin"),
        ("/usr", "pgsql-", "bin"),
        ("/usr/libexec", "postgresql", ""),
        ("/usr/lib", "postgresql", "bin"),
        ("/opt/homebrew/opt", "postgresql", "bin"),
        ("/usr/local/opt", "postgresql", "bin"),
    ];

    /// Looks in `PATH` first, then in the usual folders from the newest version to the oldest. If a version is given,
    /// only that major version is accepted, since an existing cluster needs its own version.
    pub(crate) fn find(version: Option<String>) -> Result<Self, Error> {
        let in_path = env::var_os("PATH").map(|path| env::split_paths(&path).collect::<Vec<_>>());
        let candidates = in_path
            .unwrap_or_default()
            .into_iter()
            .chain(usual_places());
        let mut complete = candidates
            .map(resolved)
            .filter(|folder| is_complete(folder))
            .peekable();
        if complete.peek().is_none() {
            return Err(Error::NotInstalled {
                how_to_install: how_to_install(),
            });
        }
        let fits = |folder: &PathBuf| {
            version
                .as_ref()
                .is_none_or(|version| is_of_version(folder, version))
        };
        let directory = complete.find(fits);
        directory
            .map(|directory| Self { directory })
            .ok_or(Error::OtherVersion {
                version: version.unwrap_or_default(),
            })
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

fn is_complete(directory: &Path) -> bool {
    Binaries::NEEDED
        .iter()
        .all(|name| directory.join(name).is_file())
}

/// Whether `postgres --version`, which prints `postgres (PostgreSQL) 15.2`, names this major version.
fn is_of_version(directory: &Path, major: &str) -> bool {
    let output = Command::new(directory.join("postgres"))
        .arg("--version")
        .output();
    let printed = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let version = printed
        .unwrap_or_default()
        .split_whitespace()
        .nth(2)
        .map(str::to_owned);
    version.is_some_and(|version| version.split('.').next() == Some(major))
}

/// The real folder of the binaries. Distributions link only some programs into `/usr/bin`; the others are in the folder
/// that the link points to.
fn resolved(directory: PathBuf) -> PathBuf {
    let target = directory.join("initdb").canonicalize().ok();
    target
        .and_then(|target| target.parent().map(Path::to_owned))
        .unwrap_or(directory)
}

fn usual_places() -> Vec<PathBuf> {
    let mut places: Vec<(u32, PathBuf)> = Binaries::VERSIONED
        .iter()
        .flat_map(|(parent, prefix, below)| versions_in(parent, prefix, below))
        .collect();
    places.sort_by_key(|(version, _)| Reverse(*version));
    places.into_iter().map(|(_, place)| place).collect()
}

fn versions_in(parent: &str, prefix: &str, below: &str) -> Vec<(u32, PathBuf)> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let name = entry.file_name();
            let version = name
                .to_str()?
                .strip_prefix(prefix)?
                .trim_start_matches(['-', '@']);
            let major = version.split('.').next()?;
            let major = if major.is_empty() {
                0
            } else {
                major.parse().ok()?
            };
            Some((major, entry.path().join(below)))
        })
        .collect()
}

fn how_to_install() -> &'static str {
    const MANAGERS: [(&str, &str); 5] = [
        (
            "/usr/bin/apt-get",
            "Install it with `apt-get install postgresql`",
        ),
        (
            "/usr/bin/dnf",
            "Install it with `dnf install postgresql-server`",
        ),
        ("/sbin/apk", "Install it with `apk add postgresql`"),
        (
            "/opt/homebrew/bin/brew",
            "Install it with `brew install postgresql`",
        ),
        (
            "/usr/local/bin/brew",
            "Install it with `brew install postgresql`",
        ),
    ];
    let here = MANAGERS
        .iter()
        .find(|(manager, _)| Path::new(manager).exists());
    here.map_or("Install its server programs", |(_, command)| command)
}
