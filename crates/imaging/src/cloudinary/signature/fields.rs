/// The version of the format of the text that is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// Fields are not escaped. Used in responses.
    First,
    /// Ampersands are escaped. Used in calls.
    Second,
}

/// The fields of a call, sorted by name. Fields with an empty value are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(&'static str, String)>);

impl Fields {
    /// Adds a field, unless its value is empty.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.0.push((name, value));
            self.0.sort();
        }
        self
    }

    /// Adds a flag as `1` or `0`.
    #[must_use]
    pub fn with_flag(self, name: &'static str, is_set: bool) -> Self {
        self.with(name, if is_set { "1" } else { "0" })
    }

    /// The text to sign. The second version escapes an ampersand in a value as `%26`, so that a value can't inject
    /// another field (CVE-2025-12613).
    pub fn to_sign(&self, version: Version) -> String {
        let pair = |(name, value): (&str, &str)| {
            let pair = format!("{name}={value}");
            match version {
                Version::First => pair,
                Version::Second => pair.replace('&', "%26"),
            }
        };
        self.iter().map(pair).collect::<Vec<_>>().join("&")
    }

    /// Iterates over names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }
}
