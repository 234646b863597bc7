//! What a search looks for, and how well each product has it.

use eggypro_domain::products::SearchText;

use crate::analysis::{self, Asked};
use crate::columns::{Columns, Row};
use crate::highlight::Marks;
use crate::synonyms::Synonyms;
use crate::words::{Stems, Vocabulary, Words, Zone, nearer};

/// How freely a text is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reading {
    /// As it was typed.
    Typed,
    /// Or as it may have been meant.
    Meant,
    /// Any of its words will do.
    Any,
}

/// One thing that is asked for, in all ways in which products may have it.
#[derive(Debug, Default)]
struct Part {
    ways: Vec<Way>,
    /// What may still be typed.
    beginning: Option<String>,
    /// Whether that is a word already, which is hardly the beginning of one that only stands in a text.
    is_word: bool,
    /// What may have been mistyped.
    typed: Option<String>,
}

/// Words which together are one way to have a part.
#[derive(Debug)]
struct Way {
    words: Vec<String>,
    /// How good it is, in hundredths.
    quality: u32,
}

/// What a search looks for.
#[derive(Debug)]
pub(crate) struct Query {
    parts: Vec<Part>,
    pub(crate) marks: Marks,
}

/// All that a query is read with.
pub(crate) struct Lexicon<'a> {
    pub(crate) words: &'a Words,
    pub(crate) vocabulary: &'a Vocabulary,
    pub(crate) synonyms: &'a Synonyms,
    pub(crate) columns: &'a Columns,
}

/// What a word is worth where it stands: in the name, a category, the ingredients, the texts.
const IN_NAME: u32 = 200;
const IN_CATEGORY: u32 = 120;
const IN_ZONES: [(Zone, u32); 3] = [(Zone::Name, IN_NAME), (Zone::Keys, 100), (Zone::Text, 50)];

/// What another form of a word is worth beside the word, in hundredths.
const SAME: u32 = 100;
const JOINED: u32 = 95;
const OTHER_FORM: u32 = 90;
const PARTS: u32 = 85;
const BEGUN: u32 = 80;
const SYNONYM: u32 = 70;

/// What a word that may have been meant is worth, by how many slips lead to it: less in a name than a word as it was typed in
/// any text.
const MISTYPED: [u32; 3] = [100, 16, 12];

/// How many things are looked for at most; nobody asks for more.
const MOST_PARTS: usize = 24;

/// How many words may have been mistyped at most.
const MOST_MISTYPED: usize = 8;

/// The longest word that may have been mistyped, in characters.
const LONGEST_MISTYPED: usize = 40;

/// Words that say nothing where there are others.
const PARTICLES: &[&str] = &[
    "a", "an", "and", "are", "at", "by", "for", "from", "in", "is", "it", "of", "on", "or", "our",
    "that", "the", "this", "to", "with", "your", // contractions
    "cant", "doesnt", "dont", "isnt", "its", "theyre", "were", "wont", "youre",
];

impl Query {
    /// Reads a text.
    pub(crate) fn read(text: &SearchText, lexicon: &Lexicon<'_>) -> tantivy::Result<Self> {
        let mut asked = vec![];
        for of in analysis::asked(text.as_str()) {
            match of {
                // What nothing is called as a whole is several words.
                Asked::Whole(whole, parts) if !is_begun(&whole, lexicon)? => {
                    asked.extend(parts.into_iter().map(Asked::Word));
                }
                of => asked.push(of),
            }
        }
        let is_particle = |of: &Asked| match of {
            Asked::Word(word) => PARTICLES.contains(&word.as_str()),
            Asked::Exactly(forms) => forms.iter().any(|form| PARTICLES.contains(&form.as_str())),
            _ => false,
        };
        if !asked.iter().all(is_particle) {
            asked.retain(|of| !is_particle(of));
        }
        asked.dedup();
        asked.truncate(MOST_PARTS);
        let mut query = Self {
            parts: vec![],
            marks: Marks::default(),
        };
        let mut stems = Stems::default();
        let last = asked.len().saturating_sub(1);
        for (index, of) in asked.iter().enumerate() {
            let part = Part::read(of, index == last, lexicon, &mut stems)?;
            query.parts.push(part);
        }
        for (index, pair) in asked.windows(2).enumerate() {
            if let [Asked::Word(one), Asked::Word(other)] = pair {
                let joined = format!("{one}{other}");
                let forms = forms(&joined, lexicon, &mut stems);
                for part in query.parts.iter_mut().skip(index).take(2) {
                    part.ways.extend(forms.iter().map(|form| Way {
                        words: vec![form.clone()],
                        quality: JOINED,
                    }));
                }
            }
        }
        for part in &query.parts {
            query
                .marks
                .learn(part.ways.iter().flat_map(|way| &way.words));
            query
                .marks
                .learn_beginning(part.beginning.as_deref(), part.is_word);
        }
        Ok(query)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The least score of what has so many things in its name.
    pub(crate) fn least_in_name(asked: usize) -> u16 {
        let each = u16::from(share(IN_NAME, BEGUN));
        each.saturating_mul(asked.try_into().unwrap_or(u16::MAX))
    }

    /// How many things are asked for.
    pub(crate) fn len(&self) -> usize {
        self.parts.len()
    }

    /// Takes the text more freely: each word may have been mistyped.
    pub(crate) fn forgive(&mut self, lexicon: &Lexicon<'_>) -> tantivy::Result<()> {
        let mut stems = Stems::default();
        let mistyped = self.parts.iter_mut().filter(|part| part.typed.is_some());
        for part in mistyped.take(MOST_MISTYPED) {
            let Some(typed) = &part.typed else { continue };
            let (slips, similar) = similar(typed, lexicon)?;
            for word in similar {
                let quality = MISTYPED[slips.min(2)];
                for form in forms(&word, lexicon, &mut stems) {
                    self.marks.learn([&form]);
                    part.ways.push(Way {
                        words: vec![form],
                        quality,
                    });
                }
            }
        }
        Ok(())
    }

    /// How well each row has what is asked for; 0 where it has not all of it, or, if any will do, nothing.
    pub(crate) fn scores(
        &self,
        lexicon: &Lexicon<'_>,
        reading: Reading,
    ) -> tantivy::Result<Vec<u16>> {
        let height = lexicon.columns.height();
        let mut total = vec![0_u16; height];
        for (index, part) in self.parts.iter().enumerate() {
            let of_part = part.scores(lexicon, height)?;
            let rows = total.iter_mut().zip(of_part);
            match reading {
                // The more things a product has, the better.
                Reading::Any => rows.for_each(|(total, of)| {
                    let had = if of > 0 { 1_000 + u16::from(of) } else { 0 };
                    *total = total.saturating_add(had);
                }),
                _ if index == 0 => rows.for_each(|(total, of)| *total = of.into()),
                _ => rows.for_each(|(total, of)| {
                    let has_all = *total > 0 && of > 0;
                    *total = if has_all {
                        total.saturating_add(of.into())
                    } else {
                        0
                    };
                }),
            }
        }
        Ok(total)
    }

    /// The rows whose name has all that is asked for, be it begun.
    pub(crate) fn names(&self, lexicon: &Lexicon<'_>) -> tantivy::Result<Vec<bool>> {
        let height = lexicon.columns.height();
        let mut all = vec![true; height];
        for part in &self.parts {
            let of_part = part.scores_of_names(lexicon, height)?;
            all.iter_mut()
                .zip(of_part)
                .for_each(|(all, of)| *all &= of > 0);
        }
        Ok(all)
    }
}

impl Part {
    fn read(
        asked: &Asked,
        is_last: bool,
        lexicon: &Lexicon<'_>,
        stems: &mut Stems,
    ) -> tantivy::Result<Self> {
        let mut part = Self::default();
        match asked {
            Asked::Word(word) => part.read_word(word, is_last, lexicon, stems)?,
            Asked::Exactly(forms) => {
                for form in forms {
                    part.add(SAME, [form.clone()]);
                }
                part.beginning = forms.last().filter(|_| is_last).cloned();
            }
            Asked::Whole(whole, parts) => {
                part.read_word(whole, is_last, lexicon, stems)?;
                part.typed = None;
                part.add(PARTS, parts.iter().cloned());
            }
            Asked::Signs(signs) => part.add(SAME, signs.iter().take(MOST_PARTS).cloned()),
        }
        Ok(part)
    }

    fn add(&mut self, quality: u32, words: impl IntoIterator<Item = String>) {
        let words = words.into_iter().collect();
        self.ways.push(Way { words, quality });
    }

    fn read_word(
        &mut self,
        word: &str,
        is_last: bool,
        lexicon: &Lexicon<'_>,
        stems: &mut Stems,
    ) -> tantivy::Result<()> {
        self.add(SAME, [word.to_owned()]);
        let stem = stems.stem(word);
        for form in lexicon.vocabulary.of_stem(&stem) {
            if **form != *word {
                self.add(OTHER_FORM, [form.to_string()]);
            }
        }
        for phrase in lexicon.synonyms.of(word, &stem) {
            for form in phrase_forms(phrase, lexicon, stems) {
                self.add(SYNONYM, form);
            }
        }
        let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        let is_there = is_known(word, lexicon)?;
        // A part number that is there is meant, and no longer one.
        if is_last && !(has_digit && !is_number && is_there) {
            self.beginning = Some(word.to_owned());
            self.is_word = is_there;
        }
        if !has_digit {
            self.typed = Some(word.to_owned());
            if !is_there {
                for (one, other) in splits(word, lexicon) {
                    self.add(PARTS, [one, other]);
                }
            }
        }
        Ok(())
    }

    fn scores(&self, lexicon: &Lexicon<'_>, height: usize) -> tantivy::Result<Vec<u8>> {
        let mut best = vec![0_u8; height];
        for way in &self.ways {
            way.score(lexicon, &mut best)?;
        }
        if let Some(beginning) = &self.beginning {
            self.score_beginning(beginning, lexicon, &mut best)?;
        }
        Ok(best)
    }

    fn score_beginning(
        &self,
        beginning: &str,
        lexicon: &Lexicon<'_>,
        best: &mut [u8],
    ) -> tantivy::Result<()> {
        for (zone, worth) in IN_ZONES {
            if zone == Zone::Text && self.is_word {
                continue;
            }
            let worth = share(worth, BEGUN);
            lexicon
                .words
                .each_beginning(beginning, zone, |row| raise(best, row, worth))?;
        }
        let begins = |word: &str| word.starts_with(beginning);
        raise_categories(lexicon.columns, begins, share(IN_CATEGORY, BEGUN), best);
        Ok(())
    }

    fn scores_of_names(&self, lexicon: &Lexicon<'_>, height: usize) -> tantivy::Result<Vec<u8>> {
        let mut best = vec![0_u8; height];
        for way in &self.ways {
            let worth = share(IN_NAME, way.quality);
            let names = |word: &String, best: &mut [u8]| {
                let words = lexicon.words;
                words.each_with(word, Zone::Name, |row| raise(best, row, worth))
            };
            way.score_by(&mut best, names)?;
        }
        if let Some(begun) = self.beginning.as_ref().or(self.typed.as_ref()) {
            let worth = share(IN_NAME, BEGUN);
            lexicon
                .words
                .each_beginning(begun, Zone::Name, |row| raise(&mut best, row, worth))?;
        }
        Ok(best)
    }
}

impl Way {
    /// Raises the scores of those who have all of its words.
    fn score(&self, lexicon: &Lexicon<'_>, best: &mut [u8]) -> tantivy::Result<()> {
        self.score_by(best, |word, best| {
            score_word(word, self.quality, lexicon, best)
        })
    }

    /// The same where `raise` raises the scores of those who have a word.
    fn score_by(
        &self,
        best: &mut [u8],
        raise: impl Fn(&String, &mut [u8]) -> tantivy::Result<()>,
    ) -> tantivy::Result<()> {
        if let [word] = self.words.as_slice() {
            return raise(word, best);
        }
        let mut all = vec![u8::MAX; best.len()];
        for word in &self.words {
            let mut scores = vec![0; best.len()];
            raise(word, &mut scores)?;
            let both = all.iter_mut().zip(scores);
            both.for_each(|(all, of)| *all = of.min(*all));
        }
        let rows = best.iter_mut().zip(all);
        rows.for_each(|(best, all)| *best = all.max(*best));
        Ok(())
    }
}

fn score_word(
    word: &str,
    quality: u32,
    lexicon: &Lexicon<'_>,
    best: &mut [u8],
) -> tantivy::Result<()> {
    for (zone, worth) in IN_ZONES {
        let worth = share(worth, quality);
        lexicon
            .words
            .each_with(word, zone, |row| raise(best, row, worth))?;
    }
    raise_categories(
        lexicon.columns,
        |of| of == word,
        share(IN_CATEGORY, quality),
        best,
    );
    Ok(())
}

fn share(worth: u32, quality: u32) -> u8 {
    u8::try_from(worth * quality / 100).unwrap_or(u8::MAX)
}

fn raise(scores: &mut [u8], row: Row, worth: u8) {
    if let Some(score) = scores.get_mut(row as usize) {
        *score = (*score).max(worth);
    }
}

fn raise_categories(
    columns: &Columns,
    is_meant: impl Fn(&str) -> bool,
    worth: u8,
    best: &mut [u8],
) {
    for category in columns.categories.values() {
        if category.words.iter().any(|word| is_meant(word)) {
            category
                .rows
                .ones()
                .for_each(|row| raise(best, row as Row, worth));
        }
    }
}

/// Whether a word stands anywhere as it is.
fn is_known(word: &str, lexicon: &Lexicon<'_>) -> tantivy::Result<bool> {
    for zone in Zone::ALL {
        if lexicon.words.has(word, zone)? {
            return Ok(true);
        }
    }
    let mut categories = lexicon.columns.categories.values();
    Ok(categories.any(|category| category.words.iter().any(|of| of == word)))
}

/// Whether a word stands anywhere, or a longer one that begins with it.
fn is_begun(word: &str, lexicon: &Lexicon<'_>) -> tantivy::Result<bool> {
    if is_known(word, lexicon)? {
        return Ok(true);
    }
    for zone in Zone::ALL {
        if lexicon.words.begins(word, zone)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The known forms of a word.
fn forms(word: &str, lexicon: &Lexicon<'_>, stems: &mut Stems) -> Vec<String> {
    let of_stem = lexicon.vocabulary.of_stem(&stems.stem(word));
    of_stem.iter().map(|form| form.to_string()).collect()
}

/// The ways to have all words of a phrase: of one word in each of its forms.
fn phrase_forms(phrase: &[String], lexicon: &Lexicon<'_>, stems: &mut Stems) -> Vec<Vec<String>> {
    match phrase {
        [word] => forms(word, lexicon, stems)
            .into_iter()
            .map(|form| vec![form])
            .collect(),
        words => vec![words.to_vec()],
    }
}

/// The shortest part of a word that was written together with another one.
const SHORTEST_PART: usize = 3;

/// Two known words that a word is made of.
fn splits(word: &str, lexicon: &Lexicon<'_>) -> Vec<(String, String)> {
    let known =
        |part: &str| part.chars().count() >= SHORTEST_PART && lexicon.vocabulary.knows(part);
    let splits = word.char_indices().map(|(at, _)| word.split_at(at));
    let splits = splits.filter(|(one, other)| known(one) && known(other));
    splits
        .map(|(one, other)| (one.to_owned(), other.to_owned()))
        .collect()
}

/// The words that may have been meant, and by how many slips: of names, ingredients and categories, and only where these
/// have none, of texts.
fn similar(word: &str, lexicon: &Lexicon<'_>) -> tantivy::Result<(usize, Vec<String>)> {
    let slips = match word.chars().count() {
        3..6 => 1,
        6..=LONGEST_MISTYPED => 2,
        _ => return Ok((0, vec![])),
    };
    let mut nearest = (usize::from(slips), vec![]);
    for zone in [Zone::Name, Zone::Keys] {
        let (_, words) = lexicon.words.similar(word, zone, slips)?;
        words
            .iter()
            .for_each(|other| nearer(&mut nearest, word, other));
    }
    for category in lexicon.columns.categories.values() {
        category
            .words
            .iter()
            .for_each(|other| nearer(&mut nearest, word, other));
    }
    if nearest.1.is_empty() {
        nearest = lexicon.words.similar(word, Zone::Text, slips)?;
    }
    Ok(nearest)
}
