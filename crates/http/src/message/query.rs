use std::borrow::Cow;
use std::fmt::Display;

use actix_web::HttpRequest;
use eggypro_domain::products::{InvalidSearchText, SearchText};
use percent_encoding::percent_decode_str;

use crate::message::problem::{FieldError, Problem};

/// The parameters of a query string. All unknown, duplicate and unreadable parameters are reported together. An empty
/// one counts as absent.
#[derive(Debug)]
pub(crate) struct Query<'a> {
    parameters: Vec<(&'static str, Cow<'a, str>)>,
    errors: Vec<FieldError>,
}

impl<'a> Query<'a> {
    /// Reads the query string of a request. `known` names the parameters that the call accepts.
    ///
    /// # Errors
    /// 400 that names the unknown parameters and the known ones; 422 if a value contains NUL.
    pub(crate) fn of(request: &'a HttpRequest, known: &[&'static str]) -> Result<Self, Problem> {
        Self::parse(request.query_string(), known)
    }

    /// Like [`of`](Self::of), for the text of a query string.
    ///
    /// # Errors
    /// As for [`of`](Self::of).
    pub(crate) fn parse(text: &'a str, known: &[&'static str]) -> Result<Self, Problem> {
        let mut parameters: Vec<(&'static str, Cow<'a, str>)> = vec![];
        let mut errors = vec![];
        let mut unknown = vec![];
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let known_name =
                decoded(name).and_then(|name| known.iter().find(|known| **known == name));
            let Some(&name) = known_name else {
                unknown.push(name);
                continue;
            };
            match decoded(value) {
                None => errors.push(error(name, "must be percent-encoded UTF-8")),
                // Forms send empty values for inputs that are not filled in.
                Some(value) if value.is_empty() => {}
                Some(value) => parameters.push((name, value)),
            }
        }
        if let Some((name, _)) = parameters.iter().find(|(_, value)| value.contains('\0')) {
            return Err(Problem::nul_in_query(error(
                name,
                "must not contain NUL characters",
            )));
        }
        if unknown.is_empty() {
            return Ok(Self { parameters, errors });
        }
        let known = if known.is_empty() {
            "none".to_owned()
        } else {
            known.join(", ")
        };
        let detail = format!(
            "Unknown query parameter: {}. Known here: {known}.",
            unknown.join(", ")
        );
        errors.extend(unknown.into_iter().map(|name| error(name, "is unknown")));
        Err(Problem::invalid_query(detail, errors))
    }

    /// Reads the value of a parameter with `read`. Returns `None` without a valid value; records an invalid one.
    pub(crate) fn read<T, E: Display>(
        &mut self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let mut values = self.parameters.iter().filter(|(given, _)| *given == name);
        let (_, value) = values.next()?;
        let value = match values.next() {
            None => read(value).map_err(|message| error(name, message)),
            Some(_) => Err(error(name, "is given twice")),
        };
        value.map_err(|error| self.errors.push(error)).ok()
    }

    /// The distinct values of a parameter, which may be repeated or hold values separated by commas. Records an error
    /// if a value is invalid or there are more than `most`.
    pub(crate) fn list<T: PartialEq, E: Display>(
        &mut self,
        name: &str,
        most: usize,
        read: impl Fn(&str) -> Result<T, E>,
    ) -> Vec<T> {
        let given = self.parameters.iter().filter(|(given, _)| *given == name);
        let values = given.flat_map(|(_, value)| value.split(','));
        let (mut list, mut broken) = (vec![], None);
        for value in values.map(str::trim).filter(|value| !value.is_empty()) {
            match read(value) {
                Ok(value) if !list.contains(&value) => list.push(value),
                Ok(_) => {}
                Err(message) => broken = Some(message.to_string()),
            }
        }
        if list.len() > most {
            broken = Some(format!("must be at most {most}"));
        }
        self.errors
            .extend(broken.map(|message| error(name, message)));
        list
    }

    /// A value of a closed set, by its name on the wire.
    pub(crate) fn one_of<T: Copy>(
        &mut self,
        name: &str,
        all: &[T],
        as_str: fn(T) -> &'static str,
    ) -> Option<T> {
        self.read(name, |text| {
            let names = || {
                all.iter()
                    .map(|value| as_str(*value))
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            let found = all.iter().copied().find(|value| as_str(*value) == text);
            found.ok_or_else(|| format!("must be one of {}", names()))
        })
    }

    pub(crate) fn boolean(&mut self, name: &str) -> Option<bool> {
        self.read(name, |text| match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err("must be true or false"),
        })
    }

    /// A text to search for; one that is empty after trimming counts as absent unless `is_required`.
    pub(crate) fn search_text(&mut self, name: &str, is_required: bool) -> Option<SearchText> {
        let text = self.read(name, |text| match text.parse::<SearchText>() {
            Err(InvalidSearchText::Empty) if !is_required => Ok(None),
            other => other.map(Some),
        });
        if is_required && !self.is_given(name) {
            self.refuse(name, "is required");
        }
        text.flatten()
    }

    pub(crate) fn is_given(&self, name: &str) -> bool {
        self.parameters.iter().any(|(given, _)| *given == name)
    }

    pub(crate) fn refuse(&mut self, name: &str, message: impl Display) {
        self.errors.push(error(name, message));
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// 400 that names every invalid parameter.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(invalid(self.errors))
        }
    }

    /// 400 for a parameter that is well-formed but can't be used.
    pub(crate) fn refused(name: &str, message: impl Display) -> Problem {
        invalid(vec![error(name, message)])
    }
}

fn invalid(errors: Vec<FieldError>) -> Problem {
    let detail = "The query parameters named under `errors` can't be used.";
    Problem::invalid_query(detail, errors)
}

fn error(field: &str, message: impl Display) -> FieldError {
    FieldError {
        field: field.to_owned(),
        message: format!("{field} {message}"),
    }
}

/// Decodes as HTML forms encode: `+` is a space.
fn decoded(text: &str) -> Option<Cow<'_, str>> {
    if text.contains('+') {
        let spaced = text.replace('+', " ");
        let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
        return Some(decoded.into_owned().into());
    }
    percent_decode_str(text).decode_utf8().ok()
}
