//! Every environment variable that the server reads. `.env.example` and the reference in `docs/configuration.md` are made of
//! this table.

mod server;
mod services;

use std::fmt::Write;

/// Variables about one topic.
struct Group {
    title: &'static str,
    variables: &'static [Variable],
}

struct Variable {
    /// The names in order of precedence.
    names: &'static [&'static str],
    /// In Markdown.
    default: &'static str,
    /// The value that `.env.example` shows.
    sample: &'static str,
    /// In Markdown, without a full stop at the end.
    meaning: &'static str,
}

const fn variable(
    names: &'static [&'static str],
    default: &'static str,
    sample: &'static str,
    meaning: &'static str,
) -> Variable {
    Variable {
        names,
        default,
        sample,
        meaning,
    }
}

/// The sample of the admin secret, which the server refuses.
pub(super) const SAMPLE_SECRET: &str = "put-the-output-of-openssl-rand-hex-32-here";

/// In the order of the documents.
const GROUPS: [&Group; 11] = [
    &server::PROCESS,
    &services::POSTGRES,
    &server::CREDENTIALS,
    &services::IMAGES,
    &server::BROWSERS,
    &server::STOREFRONT,
    &server::RATES,
    &server::LIMITS,
    &server::WEBHOOKS,
    &services::CACHE,
    &services::LOGS,
];

/// The contents of `.env.example`.
pub(crate) fn example() -> String {
    let mut text = "# Every variable that the server reads, with a sample. Development needs none of them; production needs\n\
         # POSTGRES_URL, ADMIN_SECRET_KEY and the three of Cloudinary. `eggypro check-env` checks what is set.\n"
        .to_owned();
    for Group { title, variables } in GROUPS {
        let _ = writeln!(text, "\n## {title}");
        for variable in *variables {
            let [name, aliases @ ..] = variable.names else {
                continue;
            };
            let meaning = variable.meaning.replace('`', "");
            let default = variable.default.replace(['`', '*'], "");
            let _ = writeln!(text, "\n# {meaning}.\n# Default: {default}.");
            if !aliases.is_empty() {
                let _ = writeln!(text, "# Also read as {}.", aliases.join(" or "));
            }
            let _ = writeln!(text, "#{name}={}", variable.sample);
        }
    }
    text
}

#[cfg(test)]
mod tests;
