//! Words that have a meaning together: quantities, and "free of something".

use eggypro_domain::Decimal;

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

/// `nut free`, `gluten-free`.
fn free(runs: &[Run<'_>]) -> Option<Group> {
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
fn free_from(runs: &[Run<'_>]) -> Option<Group> {
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

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Splits a text into its leading number and the rest.
fn split(text: &str) -> Option<(&str, &str)> {
    let is_part = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',');
    let end = text
        .bytes()
        .position(|byte| !is_part(byte))
        .unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// A quantity in grams or millilitres, as one word.
fn in_base_unit(number: &str, unit: &str) -> Option<String> {
    let (base, factor) = base_unit(unit)?;
    let number = match number.split_once(',') {
        Some((thousands, rest)) if rest.len() == 3 && thousands != "0" => {
            format!("{thousands}{rest}")
        }
        _ => number.replace(',', "."),
    };
    let amount = number.parse::<Decimal>().ok()?.checked_mul(factor)?;
    Some(format!("{}{base}", amount.normalize()))
}

fn base_unit(unit: &str) -> Option<(&'static str, Decimal)> {
    Some(match unit {
        "mg" => ("g", Decimal::new(1, 3)),
        "g" | "gr" | "gram" | "grams" | "gramm" | "gramme" | "grammes" => ("g", Decimal::ONE),
        "kg" | "kilo" | "kilos" | "kilogram" | "kilograms" => ("g", Decimal::ONE_THOUSAND),
        "ml" | "millilitre" | "millilitres" | "milliliter" | "milliliters" => ("ml", Decimal::ONE),
        "cl" => ("ml", Decimal::TEN),
        "l" | "lt" | "ltr" | "litre" | "litres" | "liter" | "liters" => {
            ("ml", Decimal::ONE_THOUSAND)
        }
        _ => return None,
    })
}
