//! A JSON object whose members are read one by one, so that all errors of a line are found.

use std::borrow::Cow;
use std::fmt::{self, Display};
use std::str::FromStr;

use eggypro_domain::time::OffsetDateTime;
use eggypro_domain::time::format_description::well_known::Rfc3339;
use eggypro_domain::{Decimal, Price, nfc, parse_amount};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::cells;
use crate::record::repeated;

/// An error of a member: its path, its JSON, and a message for people.
#[derive(Debug)]
pub(super) struct MemberError {
    pub(super) path: String,
    pub(super) value: String,
    pub(super) message: String,
}

/// Maximum number of members, and of entries of a list. No product has nearly as many.
const MAX_MEMBERS: usize = 200;

/// Maximum number of errors of a line. The others come when these are mended.
const MAX_ERRORS: usize = 50;

/// What a member says: `None` if it is absent or wrong, `Some(None)` for null.
pub(super) type Given<T> = Option<Option<T>>;

/// An object with the errors of its members.
pub(super) struct Object<'a> {
    members: Vec<(Cow<'a, str>, &'a RawValue)>,
    /// What the paths of its members begin with.
    prefix: String,
    pub(super) errors: Vec<MemberError>,
}

impl<'a> Object<'a> {
    /// Reads a JSON object.
    ///
    /// # Errors
    /// If it is not JSON or not an object.
    pub(super) fn of(json: &'a str) -> serde_json::Result<Self> {
        Self::within(json, String::new())
    }

    fn within(json: &'a str, prefix: String) -> serde_json::Result<Self> {
        let Members(members) = serde_json::from_str(json)?;
        let mut object = Self {
            members: vec![],
            prefix,
            errors: vec![],
        };
        for (name, value) in members {
            if object.json(&name).is_some() {
                object.refuse(&name, value.get(), "This member is given twice");
            } else {
                object.members.push((name, value));
            }
        }
        Ok(object)
    }

    /// The JSON of a member.
    pub(super) fn json(&self, name: &str) -> Option<&'a str> {
        let mut members = self.members.iter();
        let (_, value) = members.find(|(given, _)| given == name)?;
        Some(value.get())
    }

    /// Records an error of a member.
    pub(super) fn refuse(&mut self, name: &str, value: &str, message: impl Display) {
        if self.errors.len() >= MAX_ERRORS {
            return;
        }
        self.errors.push(MemberError {
            path: repeated(&format!("{}{name}", self.prefix)),
            value: repeated(value),
            message: message.to_string(),
        });
    }

    /// The value of a member by its JSON.
    fn read<T, E: Display>(
        &mut self,
        name: &str,
        read: impl FnOnce(&'a str) -> Result<T, E>,
    ) -> Given<T> {
        let json = self.json(name)?;
        if json == "null" {
            return Some(None);
        }
        match read(json) {
            Ok(value) => Some(Some(value)),
            Err(message) => {
                self.refuse(name, json, message);
                None
            }
        }
    }

    fn typed<T: DeserializeOwned>(&mut self, name: &str, expected: &str) -> Given<T> {
        self.read(name, |json| {
            let value = serde_json::from_str(json);
            value.map_err(|_| format!("This must be {expected}"))
        })
    }

    pub(super) fn boolean(&mut self, name: &str) -> Given<bool> {
        self.typed(name, "true or false")
    }

    pub(super) fn integer(&mut self, name: &str) -> Given<i64> {
        self.typed(name, "an integer")
    }

    /// A text, in Unicode's normalization form C.
    pub(super) fn text(&mut self, name: &str) -> Given<String> {
        let text = self.typed::<String>(name, "a text")?;
        Some(text.map(|text| nfc(&text).into_owned()))
    }

    /// A text that is parsed to a type with rules.
    pub(super) fn parsed<T: FromStr<Err: Display>>(&mut self, name: &str) -> Given<T> {
        self.read(name, |json| match serde_json::from_str::<String>(json) {
            Ok(text) => text.parse().map_err(|error: T::Err| error.to_string()),
            Err(_) => Err("This must be a text".to_owned()),
        })
    }

    pub(super) fn texts(&mut self, name: &str) -> Given<Vec<String>> {
        // The list first, whose length is bounded.
        let list = self.list(name)?;
        if list.is_none() {
            return Some(None);
        }
        let texts = self.typed::<Vec<String>>(name, "a list of texts")?;
        let in_form =
            |texts: Vec<String>| texts.iter().map(|text| nfc(text).into_owned()).collect();
        Some(texts.map(in_form))
    }

    /// A list of texts that are parsed to a type with rules.
    pub(super) fn parsed_texts<T: FromStr<Err: Display>, L: FromIterator<T>>(
        &mut self,
        name: &str,
    ) -> Given<L> {
        self.read(name, |json| {
            let texts = serde_json::from_str::<Vec<String>>(json);
            let texts = texts.map_err(|_| "This must be a list of texts".to_owned())?;
            let parsed = texts.iter().map(|text| text.parse::<T>());
            parsed
                .collect::<Result<_, _>>()
                .map_err(|error| error.to_string())
        })
    }

    /// A time, in UTC, to the microsecond.
    pub(super) fn time(&mut self, name: &str) -> Given<OffsetDateTime> {
        self.read(name, |json| {
            let text = serde_json::from_str::<Cow<'_, str>>(json).ok();
            let time = text.and_then(|text| OffsetDateTime::parse(&text, &Rfc3339).ok());
            time.and_then(cells::in_utc)
                .ok_or("This must be a time such as 2027-01-05T10:00:00Z")
        })
    }

    /// A price, read from the digits. Its rules begin with the name of the field.
    pub(super) fn price(&mut self, name: &str, label: &str) -> Given<Price> {
        self.read(name, |json| {
            json.parse::<Price>().map_err(|rule| {
                let rule = rule.to_string();
                format!("{label}{}", rule.strip_prefix("Price").unwrap_or(&rule))
            })
        })
    }

    /// A number of 0 or more, read from the digits.
    pub(super) fn decimal(&mut self, name: &str) -> Given<Decimal> {
        self.read(name, |json| {
            parse_amount(json).ok_or("This must be a number of 0 or more")
        })
    }

    /// An object.
    pub(super) fn object<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Object<'a>) -> Option<T>,
    ) -> Given<T> {
        let json = self.json(name)?;
        if json == "null" {
            return Some(None);
        }
        let prefix = format!("{}{name}.", self.prefix);
        let Ok(mut object) = Object::within(json, prefix) else {
            self.refuse(name, json, "This must be an object");
            return None;
        };
        let value = read(&mut object);
        self.errors.append(&mut object.errors);
        value.map(Some)
    }

    /// A list of any values, with what the paths of their members begin with.
    pub(super) fn list(&mut self, name: &str) -> Given<Vec<&'a RawValue>> {
        self.read(name, |json| {
            let list = serde_json::from_str::<Vec<&RawValue>>(json);
            let list = list.map_err(|_| "This must be a list".to_owned())?;
            match list.len() {
                0..=MAX_MEMBERS => Ok(list),
                _ => Err(format!("This list has more than {MAX_MEMBERS} entries")),
            }
        })
    }

    /// The members, in their order.
    pub(super) fn members(&self) -> impl Iterator<Item = (String, &'a str)> {
        let members = self.members.iter();
        members.map(|(name, value)| (name.clone().into_owned(), value.get()))
    }

    /// The value of a required member.
    pub(super) fn require<T>(&mut self, name: &str, label: &str, given: Given<T>) -> Option<T> {
        if let Some(None) = given {
            self.refuse(name, "null", format!("{label} is required"));
        }
        given.flatten()
    }
}

/// The members of an object, in their order.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = vec![];
                while let Some(member) = map.next_entry::<Cow<'de, str>, &'de RawValue>()? {
                    if members.len() == MAX_MEMBERS {
                        return Err(A::Error::custom("too many members"));
                    }
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}
