use std::collections::BTreeSet;
use std::{env, fs};

use super::*;

/// The reference in `docs/configuration.md`: a heading and a table for each topic.
fn reference() -> String {
    let mut text = String::new();
    for Group { title, variables } in GROUPS {
        let _ = writeln!(
            text,
            "### {title}\n\n| Name | Default | Meaning |\n| --- | --- | --- |"
        );
        for variable in *variables {
            let names = variable.names.iter().map(|name| format!("`{name}`"));
            let names = names.collect::<Vec<_>>().join(", ");
            let Variable {
                default, meaning, ..
            } = variable;
            let _ = writeln!(text, "| {names} | {default} | {meaning} |");
        }
        text.push('\n');
    }
    text
}

/// A file of the repository.
fn path(name: &str) -> String {
    format!("{}/../../{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Compares a file with what it should be; with `UPDATE_DOCS` set, writes it.
fn assert_generated(name: &str, generated: &str) {
    let path = path(name);
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, generated).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap();
    assert_eq!(
        found, generated,
        "run this test with UPDATE_DOCS=1 to write {name}"
    );
}

#[test]
fn the_sample_environment_is_generated() {
    assert_generated(".env.example", &example());
}

#[test]
fn the_reference_is_generated() {
    const NAME: &str = "docs/configuration.md";
    const BEGIN: &str = "<!-- variables -->\n\n";
    const END: &str = "<!-- end of variables -->\n";
    let found = fs::read_to_string(path(NAME)).unwrap();
    let (before, rest) = found.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let generated = format!("{before}{BEGIN}{}{END}{after}", reference());
    assert_generated(NAME, &generated);
}

#[test]
fn it_has_every_variable_that_is_read() {
    let sources = [
        include_str!("../../environment.rs"),
        include_str!("../database.rs"),
        include_str!("../http.rs"),
        include_str!("../reader.rs"),
        include_str!("../services.rs"),
    ];
    let quoted = sources.iter().flat_map(|text| text.split('"'));
    let is_name =
        |text: &&str| text.len() > 3 && text.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'_'));
    let read: BTreeSet<&str> = quoted.filter(is_name).collect();
    let variables = GROUPS.iter().flat_map(|group| group.variables);
    let described = variables.flat_map(|variable| variable.names);
    assert_eq!(read, described.copied().collect());
}
