/// The value of a field in a body.
#[derive(Debug)]
pub(crate) enum Given<T> {
    Absent,
    Null,
    Value(T),
    /// A value that is no `T`. The error is already recorded.
    Broken,
}

impl<T> Given<T> {
    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Given<U> {
        match self {
            Self::Absent => Given::Absent,
            Self::Null => Given::Null,
            Self::Value(value) => Given::Value(change(value)),
            Self::Broken => Given::Broken,
        }
    }

    /// Reads the value further, which may break it.
    pub(super) fn then<U>(self, read: impl FnOnce(T) -> Given<U>) -> Given<U> {
        match self {
            Self::Absent => Given::Absent,
            Self::Null => Given::Null,
            Self::Value(value) => read(value),
            Self::Broken => Given::Broken,
        }
    }

    /// The value, or `default` without one.
    pub(crate) fn or(self, default: T) -> T {
        match self {
            Self::Value(value) => value,
            Self::Absent | Self::Null | Self::Broken => default,
        }
    }

    /// The value, or the empty one, which validation then checks.
    pub(crate) fn or_default(self) -> T
    where
        T: Default,
    {
        self.or(T::default())
    }

    /// The value, if there is one.
    pub(crate) fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null | Self::Broken => None,
        }
    }

    /// The new value in a merge patch (RFC 7396): none if the field is absent, `default` if it is null.
    pub(crate) fn or_reset_to(self, default: T) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Null => Some(default),
            Self::Absent | Self::Broken => None,
        }
    }
}

impl<T> Given<T> {
    /// Like [`or_reset_to`](Self::or_reset_to), with the empty value.
    pub(crate) fn or_reset_to_default(self) -> Option<T>
    where
        T: Default,
    {
        self.or_reset_to(T::default())
    }

    /// The new value of a nullable field in a merge patch: none if the field is absent.
    pub(crate) fn or_null(self) -> Option<Option<T>> {
        self.map(Some).or_reset_to(None)
    }
}
