//! "Free of something".

use super::{Group, Run, group};

/// `nut free`, `gluten-free`.
pub(super) fn free(runs: &[Run<'_>]) -> Option<Group> {
    let [what, free, ..] = runs else { return None };
    let is_free = free.text == "free" && free.is_after_space && is_noun(what.text);
    // `free from` and `free-range` have another meaning.
    let goes_on = runs.get(2).is_some_and(|next| {
        next.is_joined || next.is_after_space && matches!(next.text, "from" | "of" | "range")
    });
    if !is_free || goes_on {
        return None;
    }
    group(runs, 2, vec![format!("{}free", singular(what.text))])
}

/// `free from milk, gluten and soya`, `without nuts`.
pub(super) fn free_from(runs: &[Run<'_>]) -> Option<Group> {
    let begin = match runs {
        [first, second, ..] if first.text == "free" && matches!(second.text, "from" | "of") => 2,
        [first, ..] if first.text == "without" => 1,
        _ => return None,
    };
    let (mut words, mut length) = (vec![], begin);
    for run in runs[begin..].iter().take(8) {
        if !run.is_listed {
            break;
        }
        let is_link = matches!(run.text, "and" | "or" | "added" | "any");
        if !is_link && !is_noun(run.text) {
            break;
        }
        length += 1;
        if !is_link {
            words.push(format!("{}free", singular(run.text)));
        }
    }
    (!words.is_empty()).then(|| group(runs, length, words))?
}

fn is_noun(text: &str) -> bool {
    text.len() > 2 && text.chars().all(char::is_alphabetic)
}

fn singular(text: &str) -> &str {
    let is_plural = text.len() > 3 && !text.ends_with("ss");
    text.strip_suffix('s').filter(|_| is_plural).unwrap_or(text)
}
