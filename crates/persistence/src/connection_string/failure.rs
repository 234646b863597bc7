use diesel::ConnectionError;

/// Why a connection failed. The texts are our own, since libpq's messages hold the host, the user and other parts of an
/// address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConnectFailure {
    /// No name server knows the host.
    #[error("its host is not known")]
    UnknownHost,
    /// Nothing listens there.
    #[error("nothing listens at its host and port")]
    NotListening,
    /// The host does not answer.
    #[error("its host does not answer in time")]
    Silent,
    /// The server starts, stops or recovers.
    #[error("it is starting or stopping")]
    Starting,
    /// All of its connections are taken.
    #[error("all of its connections are taken")]
    Full,
    /// The server ended the connection, or refused it with an unknown message.
    #[error("the connection is refused or ended while it is made")]
    Ended,
    /// The user or the password is wrong.
    #[error("it refuses the user or password")]
    Credentials,
    /// There is no such database, role or account.
    #[error("it has no such database or role")]
    Missing,
    /// The server's rules refuse this machine or role.
    #[error("its rules let this user or machine not in, or not without TLS")]
    NotAllowed,
    /// TLS or the certificate does not match the address's settings.
    #[error("its TLS or certificate is not what sslmode and sslrootcert ask for")]
    Tls,
    /// libpq can't use the address.
    #[error("its address can't be used")]
    Address,
}

impl ConnectFailure {
    /// Parts of messages of libpq, which are always in English, and of servers in English. The first match counts.
    const SAID: [(&str, ConnectFailure); 30] = [
        ("could not translate host name", Self::UnknownHost),
        ("certificate", Self::Tls),
        ("authentication failed", Self::Credentials),
        ("no password supplied", Self::Credentials),
        ("authentication method requirement", Self::Credentials),
        ("channel binding", Self::Credentials),
        ("does not exist", Self::Missing),
        ("no such database", Self::Missing),
        ("Tenant or user not found", Self::Missing),
        ("no pg_hba.conf entry", Self::NotAllowed),
        ("pg_hba.conf rejects", Self::NotAllowed),
        ("not permitted to log in", Self::NotAllowed),
        ("permission denied", Self::NotAllowed),
        ("Permission denied", Self::NotAllowed),
        // PgBouncer's messages about a parameter and about TLS, and one of Neon's proxy.
        ("unsupported startup parameter", Self::NotAllowed),
        ("SSL required", Self::Tls),
        ("connection is insecure", Self::Tls),
        ("does not support SSL", Self::Tls),
        ("does not match host name", Self::Tls),
        ("SSL error", Self::Tls),
        ("Connection refused", Self::NotListening),
        ("No such file or directory", Self::NotListening),
        ("timeout expired", Self::Silent),
        ("timed out", Self::Silent),
        ("No route to host", Self::Silent),
        ("unreachable", Self::Silent),
        ("the database system is", Self::Starting),
        ("too many", Self::Full),
        ("remaining connection slots", Self::Full),
        // libpq reached the server, which refused with an unknown message.
        ("connection to server", Self::Ended),
    ];

    pub(crate) fn of(error: &ConnectionError) -> Self {
        match error {
            ConnectionError::BadConnection(said) => {
                let said = said.as_str();
                let known = Self::SAID.iter().find(|(words, _)| said.contains(words));
                known.map_or(Self::Address, |(_, failure)| *failure)
            }
            // The connection broke during its setup.
            ConnectionError::CouldntSetupConfiguration(_) => Self::Ended,
            _ => Self::Address,
        }
    }

    /// Whether waiting may help. A refusal with an unknown message counts as transient.
    pub fn is_transient(self) -> bool {
        match self {
            Self::UnknownHost
            | Self::NotListening
            | Self::Silent
            | Self::Starting
            | Self::Full
            | Self::Ended => true,
            Self::Credentials | Self::Missing | Self::NotAllowed | Self::Tls | Self::Address => {
                false
            }
        }
    }
}

/// Whether two messages differ only in a name: `of_name`, which is about `name`, and `said`, which is about another.
pub(super) fn is_same(said: &str, of_name: &str, name: &str) -> bool {
    let mut parts: Vec<&str> = of_name.split(name).collect();
    let last = parts.pop().unwrap_or_default();
    let mut parts = parts.into_iter();
    let rest = parts.next().and_then(|first| said.strip_prefix(first));
    let rest = parts.fold(rest, |rest, part| Some(rest?.split_once(part)?.1));
    rest.is_some_and(|rest| rest.ends_with(last))
}

#[cfg(test)]
mod tests;
