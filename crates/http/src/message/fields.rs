mod given;
mod members;
mod nested;

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Display;
use std::str::FromStr;

use actix_web::http::StatusCode;
use eggypro_domain::{Price, Slug, Unvalidated, Valid, Validate, nfc};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

pub(crate) use self::given::Given;
pub(crate) use self::members::Members;
use crate::message::problem::{FieldError, Problem};

/// The members of a JSON object, read one by one. Collects all missing, unknown, mistyped and invalid fields into one
/// report; serde stops at the first error.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    members: Vec<(Cow<'a, str>, &'a RawValue)>,
    known: Vec<&'static str>,
    errors: Vec<FieldError>,
}

impl<'a> Fields<'a> {
    /// Reads the JSON object of a body.
    ///
    /// # Errors
    /// 400 if the body is not JSON, 422 if it is not an object.
    pub(crate) fn of(body: &'a [u8]) -> Result<Self, Problem> {
        let json: &RawValue = serde_json::from_slice(body).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let detail = format!("The body is not JSON: line {line}, column {column}.");
            Problem::new(StatusCode::BAD_REQUEST, "not-json", detail)
        })?;
        let members: Members<'a> = serde_json::from_str(json.get()).map_err(|_| {
            let detail = "The body must be a JSON object.";
            Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "validation-failed",
                detail,
            )
        })?;
        Ok(Self::with(members))
    }

    fn with(members: Members<'a>) -> Self {
        let mut seen = HashSet::new();
        let twice = members
            .0
            .iter()
            .filter(|(name, _)| !seen.insert(name.as_ref()));
        let errors = twice
            .map(|(name, _)| error(name, format!("{} is given twice", label(name))))
            .collect();
        Self {
            members: members.0,
            known: vec![],
            errors,
        }
    }

    /// A text in Unicode normalization form NFC, as all texts are stored.
    pub(crate) fn text(&mut self, name: &'static str) -> Given<String> {
        self.take(name, "a text").map(in_form)
    }

    /// A time (RFC 3339) in UTC, to the microsecond.
    pub(crate) fn time(&mut self, name: &'static str) -> Given<OffsetDateTime> {
        self.text(name).then(|text| {
            let time = OffsetDateTime::parse(&text, &Rfc3339).ok();
            let time = time.and_then(|time| {
                let time = time.checked_to_offset(UtcOffset::UTC)?;
                time.replace_nanosecond(time.microsecond() * 1_000).ok()
            });
            if time.is_none() {
                let expected = "must be a time as RFC 3339 writes it, such as 2027-01-05T10:00:00Z";
                self.refuse(name, format!("{} {expected}", label(name)));
            }
            time.map_or(Given::Broken, Given::Value)
        })
    }

    pub(crate) fn boolean(&mut self, name: &'static str) -> Given<bool> {
        self.take(name, "true or false")
    }

    pub(crate) fn integer(&mut self, name: &'static str) -> Given<i64> {
        self.take(name, "an integer")
    }

    /// An integer of a type with a range.
    pub(crate) fn whole<T: TryFrom<i64, Error: Display>>(
        &mut self,
        name: &'static str,
    ) -> Given<T> {
        self.integer(name).then(|number| match T::try_from(number) {
            Ok(value) => Given::Value(value),
            Err(rule) => {
                self.refuse(name, rule);
                Given::Broken
            }
        })
    }

    /// A list of at most `max` objects. The fields of each are reported by its position, such as `lines[2].slug`.
    pub(crate) fn objects<T>(
        &mut self,
        name: &'static str,
        max: usize,
        read: impl Fn(&mut Fields<'_>) -> T,
    ) -> Given<Vec<T>> {
        if self.member(name).is_some_and(|value| value.get() == "null") {
            return Given::Null;
        }
        let objects = match self.list(name) {
            Given::Value(objects) => objects,
            Given::Absent | Given::Null => return Given::Absent,
            Given::Broken => return Given::Broken,
        };
        if objects.len() > max {
            self.refuse(name, format!("At most {max} {name} are allowed"));
            return Given::Broken;
        }
        let mut values = vec![];
        for (index, object) in objects.into_iter().enumerate() {
            let Ok(members) = serde_json::from_str::<Members<'_>>(object.get()) else {
                self.refuse(&format!("{name}[{index}]"), "This must be an object");
                continue;
            };
            let mut fields = Fields::with(members);
            values.push(read(&mut fields));
            fields.refuse_unknown();
            let errors = fields.errors.into_iter();
            self.errors.extend(errors.map(|error| FieldError {
                field: format!("{name}[{index}].{}", error.field),
                ..error
            }));
        }
        match self
            .errors
            .iter()
            .any(|error| error.field.starts_with(name))
        {
            true => Given::Broken,
            false => Given::Value(values),
        }
    }

    /// A list of any values, to be read one by one.
    pub(crate) fn list(&mut self, name: &'static str) -> Given<Vec<&'a RawValue>> {
        let Some(value) = self.raw(name) else {
            return Given::Absent;
        };
        serde_json::from_str(value.get()).map_or_else(
            |_| {
                self.refuse(name, format!("{} must be a list", label(name)));
                Given::Broken
            },
            Given::Value,
        )
    }

    /// Any value but null.
    pub(crate) fn raw(&mut self, name: &'static str) -> Option<&'a RawValue> {
        self.member(name).filter(|value| value.get() != "null")
    }

    pub(crate) fn integers(&mut self, name: &'static str) -> Given<Vec<i64>> {
        self.take(name, "a list of integers")
    }

    /// A value of a closed set, by its name.
    pub(crate) fn one_of<T: Copy>(
        &mut self,
        name: &'static str,
        all: &[T],
        as_str: fn(T) -> &'static str,
    ) -> Given<T> {
        let names = || all.iter().map(|value| as_str(*value)).collect::<Vec<_>>();
        self.text(name).then(
            |text| match all.iter().find(|value| as_str(**value) == text) {
                Some(value) => Given::Value(*value),
                None => {
                    let expected = format!("must be one of {}", names().join(", "));
                    self.refuse(name, format!("{} {expected}", label(name)));
                    Given::Broken
                }
            },
        )
    }

    /// Records an error of a field.
    pub(crate) fn refuse(&mut self, name: &str, message: impl Display) {
        self.errors.push(error(name, message));
    }

    pub(crate) fn texts(&mut self, name: &'static str) -> Given<Vec<String>> {
        let texts = self.take::<Vec<String>>(name, "a list of texts");
        texts.map(|texts| texts.into_iter().map(in_form).collect())
    }

    pub(crate) fn lists_of_texts(&mut self, name: &'static str) -> Given<Vec<Vec<String>>> {
        let lists = self.take::<Vec<Vec<String>>>(name, "a list of lists of texts");
        let in_form = |list: Vec<String>| list.into_iter().map(in_form).collect();
        lists.map(|lists| lists.into_iter().map(in_form).collect())
    }

    /// A price. It is read from the digits of the body, never through a float.
    pub(crate) fn price(&mut self, name: &'static str) -> Given<Price> {
        match self.member(name) {
            None => Given::Absent,
            Some(value) if value.get() == "null" => Given::Null,
            // The raw JSON of a string keeps its quotes, so "12" is refused.
            Some(value) => self.parsed(name, value.get()),
        }
    }

    pub(crate) fn slug(&mut self, name: &'static str) -> Given<Slug> {
        self.text(name).then(|text| self.parsed(name, &text))
    }

    /// Slugs of categories. A text that is not a slug is reported as an unknown category.
    pub(crate) fn categories(&mut self, name: &'static str) -> Given<Vec<Slug>> {
        self.texts(name).then(|texts| {
            let (mut slugs, mut broken) = (vec![], vec![]);
            for text in texts {
                match text.parse() {
                    Ok(slug) => slugs.push(slug),
                    Err(_) => broken.push(FieldError::unknown_category(text)),
                }
            }
            let is_broken = !broken.is_empty();
            self.errors.append(&mut broken);
            match is_broken {
                true => Given::Broken,
                false => Given::Value(slugs),
            }
        })
    }

    /// Records an error if a field without a default is absent or null.
    pub(crate) fn require<T>(&mut self, name: &'static str, given: Given<T>) -> Given<T> {
        match given {
            Given::Absent | Given::Null => {
                self.errors
                    .push(error(name, format!("{} is required", label(name))));
                Given::Broken
            }
            other => other,
        }
    }

    /// Like [`require`](Self::require), but an absent field stays unchanged.
    pub(crate) fn require_unless_absent<T>(
        &mut self,
        name: &'static str,
        given: Given<T>,
    ) -> Option<T> {
        match given {
            Given::Absent => None,
            other => self.require(name, other).value(),
        }
    }

    /// Ends the reading: validates the value that was built from the fields, and refuses unknown fields.
    ///
    /// # Errors
    /// 422 that names every invalid field.
    pub(crate) fn validate<T: Validate<Context = ()>>(
        mut self,
        value: T,
    ) -> Result<Valid<T>, Problem> {
        self.refuse_unknown();
        let result = Unvalidated::new(value).validate();
        if let Err(report) = &result {
            // The default of an unreadable field may be invalid as well. That field already has an error.
            let field = |path: &str| path.split('[').next().unwrap_or_default().to_owned();
            let reported: HashSet<String> = self
                .errors
                .iter()
                .map(|error| field(&error.field))
                .collect();
            let broken = report
                .iter()
                .map(|(path, rule)| error(&in_body(&path.to_string()), rule));
            let unreported = broken.filter(|error| !reported.contains(&field(&error.field)));
            self.errors.extend(unreported);
        }
        match result {
            Ok(valid) if self.errors.is_empty() => Ok(valid),
            _ => Err(Problem::invalid_body(self.errors)),
        }
    }

    /// Ends the reading of a body without validation rules.
    ///
    /// # Errors
    /// 422 that names every invalid field.
    pub(crate) fn finish(&mut self) -> Result<(), Problem> {
        self.refuse_unknown();
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Problem::invalid_body(std::mem::take(&mut self.errors)))
        }
    }

    fn refuse_unknown(&mut self) {
        let unknown = self
            .members
            .iter()
            .filter(|(name, _)| !self.known.contains(&name.as_ref()));
        let known = self.known.join(", ");
        let unknown: Vec<_> = unknown
            .map(|(name, _)| error(name, format!("Unknown field: {name}. Known here: {known}.")))
            .collect();
        self.errors.extend(unknown);
    }

    fn take<T: DeserializeOwned>(&mut self, name: &'static str, expected: &str) -> Given<T> {
        let Some(value) = self.member(name) else {
            return Given::Absent;
        };
        match serde_json::from_str::<Option<T>>(value.get()) {
            Ok(Some(value)) => Given::Value(value),
            Ok(None) => Given::Null,
            Err(_) => {
                self.errors
                    .push(error(name, format!("{} must be {expected}", label(name))));
                Given::Broken
            }
        }
    }

    fn member(&mut self, name: &'static str) -> Option<&'a RawValue> {
        if !self.known.contains(&name) {
            self.known.push(name);
        }
        self.members
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| *value)
    }

    fn parsed<T: FromStr<Err: Display>>(&mut self, name: &'static str, text: &str) -> Given<T> {
        match text.parse() {
            Ok(value) => Given::Value(value),
            Err(rule) => {
                self.errors.push(error(name, rule));
                Given::Broken
            }
        }
    }
}

/// The path in a body of what the domain names otherwise.
fn in_body(path: &str) -> String {
    match path.strip_prefix("alt_texts") {
        Some("") => "media".to_owned(),
        Some(index) => format!("media{index}.alt_text"),
        None => path.to_owned(),
    }
}

fn in_form(text: String) -> String {
    match nfc(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(text) => text,
    }
}

fn error(field: &str, message: impl Display) -> FieldError {
    FieldError {
        field: field.to_owned(),
        message: message.to_string(),
    }
}

/// The name of a field for people: `stock_quantity` becomes `Stock quantity`.
fn label(field: &str) -> String {
    let mut label = field.replace('_', " ");
    if let Some(first) = label.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    label
}
