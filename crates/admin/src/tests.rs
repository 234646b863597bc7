use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets")
}

/// The paths of all files of a folder and its folders.
fn paths(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let entries = entries.map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                paths(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// The modules with their texts.
fn modules() -> impl Iterator<Item = (&'static str, &'static str)> {
    let modules = FILES.iter().filter(|(path, _)| path.ends_with(".js"));
    modules.map(|(path, bytes)| (*path, str::from_utf8(bytes).unwrap()))
}

/// What stands in single quotes after each `start` of a text.
fn quoted_after<'a>(text: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    let parts = text.split(start).skip(1);
    parts.filter_map(|part| part.split('\'').next())
}

/// The path that a relative import of a module means.
fn resolved(module: &str, import: &str) -> String {
    let mut parts: Vec<&str> = module.split('/').collect();
    parts.pop();
    for part in import.split('/') {
        match part {
            "." => {}
            ".." => assert!(
                parts.pop().is_some(),
                "{import} of {module} leaves the folder"
            ),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[test]
fn every_file_is_in_the_table() {
    let folder = folder();
    let found = paths(&folder).into_iter().map(|path| {
        let path = path.strip_prefix(&folder).unwrap();
        path.to_str().unwrap().replace('\\', "/")
    });
    let found: BTreeSet<String> = found.filter(|path| path != "index.html").collect();
    let table: BTreeSet<String> = FILES.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(found, table);
}

#[test]
fn every_import_resolves() {
    for (module, text) in modules() {
        let imports = quoted_after(text, " from '").chain(quoted_after(text, "import('"));
        for import in imports {
            assert!(
                import.starts_with('.'),
                "{import} of {module} is not relative"
            );
            let path = resolved(module, import);
            assert!(
                ASSETS.contains_key(path.as_str()),
                "{module} imports {path}"
            );
        }
    }
}

#[test]
fn every_module_is_imported() {
    let imported: BTreeSet<String> = modules()
        .flat_map(|(module, text)| {
            let imports = quoted_after(text, " from '").chain(quoted_after(text, "import('"));
            imports.map(move |import| resolved(module, import))
        })
        .collect();
    for (module, _) in modules().filter(|(module, _)| *module != "main.js") {
        assert!(imported.contains(module), "nothing imports {module}");
    }
}

#[test]
fn the_page_names_files_of_its_version() {
    let page = str::from_utf8(asset("").unwrap().bytes).unwrap();
    let mut count = 0;
    for part in page.split("\"/admin/").skip(1) {
        let path = part.split('"').next().unwrap();
        assert!(asset(path).unwrap().is_immutable, "{path}");
        count += 1;
    }
    assert!(count > 5, "{page}");
}

#[test]
fn only_files_of_this_version_are_immutable() {
    let immutable = asset(&format!("{}/core/dom.js", version())).unwrap();
    let other = asset("000000000000/core/dom.js").unwrap();
    let plain = asset("core/dom.js").unwrap();
    assert!(immutable.is_immutable);
    assert!(!other.is_immutable && !plain.is_immutable);
    assert_eq!(immutable.bytes, plain.bytes);
    assert_eq!(immutable.etag, other.etag);
    assert_eq!(plain.content_type, "text/javascript; charset=utf-8");
}

#[test]
fn other_paths_are_not_found() {
    for path in [
        "x",
        "index.htm",
        "../Cargo.toml",
        "a/b/main.js",
        "core",
        "core/",
        "/main.js/",
    ] {
        assert_eq!(asset(path), None, "{path}");
    }
}

/// What would break the Content-Security-Policy, show data as HTML, or keep something beyond the page.
#[test]
fn no_file_does_what_is_forbidden() {
    let forbidden = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "createContextualFragment",
        "eval(",
        "new Function",
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "document.cookie",
        "setAttribute('style'",
        "https://cdn",
    ];
    for (module, text) in modules() {
        for word in forbidden {
            assert!(!text.contains(word), "{module} has {word}");
        }
    }
    let page = str::from_utf8(page::PAGE.bytes).unwrap();
    for word in [
        " style=",
        " onclick=",
        " onload=",
        "<style",
        "<script>",
        "http:",
        "https:",
    ] {
        assert!(!page.contains(word), "the page has {word}");
    }
}

#[test]
fn files_are_short() {
    let written = FILES.iter().filter(|(path, _)| !path.ends_with(".json"));
    for (path, bytes) in written {
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
        assert!(lines <= 400, "{path} has {lines} lines");
    }
}

#[test]
fn the_page_is_small() {
    // The demonstration is loaded only on demand.
    let pages = FILES.iter().filter(|(path, _)| !path.ends_with(".json"));
    let pages = pages.map(|(_, bytes)| *bytes);
    let compressed = pages.chain([page::PAGE.bytes]).map(|bytes| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap().len()
    });
    let size: usize = compressed.sum();
    assert!(size <= 150 * 1024, "{size} bytes");
}
