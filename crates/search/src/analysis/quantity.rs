//! Words that have a meaning together: quantities, and "free of something".

mod free;
mod unit;

use self::free::{free, free_from};
use self::unit::{base_unit, in_base_unit, split};
use super::runs::Run;

/// Consecutive words with a common meaning.
#[derive(Debug)]
pub(super) struct Group {
    /// Equivalent words for the group.
    pub(super) words: Vec<String>,
    /// The number of runs.
    pub(super) length: usize,
    /// The end in the folded text.
    pub(super) end: usize,
}

/// The groups that begin at a run, longest last.
pub(super) fn group_at(runs: &[Run<'_>], start: usize) -> Vec<Group> {
    let runs = &runs[start..];
    if !may_begin_group(runs) {
        return vec![];
    }
    let groups = [
        part_of_product(runs),
        quantity(runs),
        product(runs),
        free(runs),
        free_from(runs),
    ];
    groups.into_iter().flatten().collect()
}

/// Whether any group can begin at the first run. Rules out most words quickly.
fn may_begin_group(runs: &[Run<'_>]) -> bool {
    let [first, rest @ ..] = runs else {
        return false;
    };
    first
        .text
        .starts_with(|character: char| character.is_ascii_digit())
        || matches!(first.text, "free" | "without")
        || rest.first().is_some_and(|next| next.text == "free")
}

fn group(runs: &[Run<'_>], length: usize, words: Vec<String>) -> Option<Group> {
    let end = runs.get(length - 1)?.range().end;
    Some(Group { words, length, end })
}

/// `1kg`, `1 kg`.
fn quantity(runs: &[Run<'_>]) -> Option<Group> {
    let first = runs.first()?;
    let (number, unit) = split(first.text)?;
    if !unit.is_empty() {
        let mut words = vec![in_base_unit(number, unit)?];
        if first.text != words[0] {
            words.push(first.text.to_owned());
        }
        return group(runs, 1, words);
    }
    let second = runs.get(1).filter(|run| run.is_after_space)?;
    group(runs, 2, vec![in_base_unit(number, second.text)?])
}

/// The `500ml` of `6x500ml`.
fn part_of_product(runs: &[Run<'_>]) -> Option<Group> {
    let (count, each) = runs.first()?.text.split_once('x')?;
    let (number, unit) = split(each)?;
    if unit.is_empty() || !is_number(count) {
        return None;
    }
    let whole = runs.first()?.text.to_owned();
    let without_unit = format!("{count}x{number}");
    group(
        runs,
        1,
        vec![whole, in_base_unit(number, unit)?, without_unit],
    )
}

/// `8 x 20`, `6 x 500ml`, `6 x 500 ml`.
fn product(runs: &[Run<'_>]) -> Option<Group> {
    let [count, times, each, ..] = runs else {
        return None;
    };
    let is_spaced = times.is_after_space && each.is_after_space;
    if !is_spaced || times.text != "x" || !is_number(count.text) {
        return None;
    }
    let (_, unit) = split(each.text)?;
    let next = runs
        .get(3)
        .filter(|run| run.is_after_space && unit.is_empty());
    let next = next.filter(|run| base_unit(run.text).is_some());
    let mut words = vec![format!("{}x{}", count.text, each.text)];
    if let Some(unit) = next {
        words.insert(0, format!("{}{}", words[0], unit.text));
    }
    group(runs, 3 + usize::from(next.is_some()), words)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
