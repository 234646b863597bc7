//! Members that are objects themselves.

use std::fmt::Display;

use eggypro_domain::{Decimal, Price, parse_amount};

use super::{Fields, Given, Members, error, in_form, label};
use crate::message::problem::FieldError;

/// Maximum number of members of an object of texts: three that go and three that come.
const MAX_PAIRS: usize = 6;

impl Fields<'_> {
    /// An object. Its fields are reported by their paths, such as `food.nutrition.fat`. What could be read is returned
    /// even if some of it is broken, so that the rest is validated too.
    pub(crate) fn object<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> Given<T> {
        let Some(value) = self.member(name) else {
            return Given::Absent;
        };
        if value.get() == "null" {
            return Given::Null;
        }
        let Ok(members) = serde_json::from_str::<Members<'_>>(value.get()) else {
            self.refuse(name, format!("{} must be an object", label(name)));
            return Given::Broken;
        };
        let mut fields = Fields::with(members);
        let read = read(&mut fields);
        fields.refuse_unknown();
        self.errors
            .extend(fields.errors.into_iter().map(|error| FieldError {
                field: format!("{name}.{}", error.field),
                ..error
            }));
        Given::Value(read)
    }

    /// An object of texts with any names, in order. Null is a value too.
    pub(crate) fn pairs(&mut self, name: &'static str) -> Given<Vec<(String, Option<String>)>> {
        let Some(value) = self.member(name) else {
            return Given::Absent;
        };
        if value.get() == "null" {
            return Given::Null;
        }
        let Ok(members) = serde_json::from_str::<Members<'_>>(value.get()) else {
            self.refuse(name, format!("{} must be an object of texts", label(name)));
            return Given::Broken;
        };
        let mut pairs: Vec<(String, Option<String>)> = vec![];
        if members.0.len() > MAX_PAIRS {
            self.refuse(name, format!("{} has too many members", label(name)));
            return Given::Broken;
        }
        for (key, value) in members.0 {
            match serde_json::from_str::<Option<String>>(value.get()) {
                Ok(_) if pairs.iter().any(|(known, _)| *known == key) => {
                    self.refuse(&format!("{name}.{key}"), "This is given twice");
                }
                Ok(text) => pairs.push((in_form(key.into_owned()), text.map(in_form))),
                Err(_) => self.refuse(&format!("{name}.{key}"), "This must be a text"),
            }
        }
        Given::Value(pairs)
    }

    /// The price before a reduction.
    pub(crate) fn list_price(&mut self) -> Given<Price> {
        let name = "list_price";
        match self.member(name) {
            None => Given::Absent,
            Some(value) if value.get() == "null" => Given::Null,
            Some(value) => match value.get().parse::<Price>() {
                Ok(price) => Given::Value(price),
                Err(rule) => {
                    // The rules of prices begin with the name of their field.
                    let rule = rule.to_string();
                    let rule = rule.strip_prefix("Price").unwrap_or(&rule);
                    self.refuse(name, format!("{}{rule}", label(name)));
                    Given::Broken
                }
            },
        }
    }

    /// A number of 0 or more, read from the digits of the body, never through a float.
    pub(crate) fn decimal(&mut self, name: &'static str) -> Given<Decimal> {
        match self.member(name) {
            None => Given::Absent,
            Some(value) if value.get() == "null" => Given::Null,
            Some(value) => match parse_amount(value.get()) {
                Some(number) => Given::Value(number),
                None => {
                    let expected = "must be a number of 0 or more";
                    self.refuse(name, format!("{} {expected}", label(name)));
                    Given::Broken
                }
            },
        }
    }

    /// A text that is parsed to a type with rules.
    pub(crate) fn parsed_text<T: std::str::FromStr<Err: Display>>(
        &mut self,
        name: &'static str,
    ) -> Given<T> {
        self.text(name).then(|text| self.parsed(name, &text))
    }

    /// A list of texts that are parsed to a type with rules. The unreadable ones are reported by their positions.
    pub(crate) fn parsed_texts<T, L>(&mut self, name: &'static str) -> Given<L>
    where
        T: std::str::FromStr<Err: Display>,
        L: FromIterator<T>,
    {
        self.texts(name).map(|texts| {
            let parsed = texts.iter().enumerate().filter_map(|(at, text)| {
                let parsed = text.parse();
                let refused = |rule| self.errors.push(error(&format!("{name}[{at}]"), rule));
                parsed.map_err(refused).ok()
            });
            parsed.collect()
        })
    }
}
