use serde::{Serialize, Serializer};

/// A field of a merge patch (RFC 7396): what a PATCH does to it.
///
/// ```
/// use eggypro_client::{Field, products::ProductPatch};
///
/// let patch = ProductPatch {
///     title: "EggyPro Vanilla 1 kg".to_owned().into(),
///     list_price: Field::Clear,
///     ..ProductPatch::default()
/// };
/// assert_eq!(patch.brand, Field::Keep);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// The field stays as it is.
    #[default]
    Keep,
    /// The field becomes null, or takes its default.
    Clear,
    /// The field gets this value.
    Set(T),
}

impl<T> Field<T> {
    /// Whether the field stays as it is.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

impl<T: Serialize> Serialize for Field<T> {
    /// [`Keep`](Self::Keep) has no form in JSON: structs skip it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep | Self::Clear => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}
