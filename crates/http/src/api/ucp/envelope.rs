//! What every answer of the protocol has: its version, its capabilities and messages.

use std::collections::BTreeMap;

use serde::Serialize;

/// The version of the protocol, a date.
pub(super) const VERSION: &str = "2026-04-08";

/// A capability that this server has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Capability {
    /// Searches and lists.
    Search,
    /// Reads by id, of many products or of one.
    Lookup,
}

impl Capability {
    /// All capabilities.
    pub(super) const ALL: [Self; 2] = [Self::Search, Self::Lookup];

    /// The name in the protocol.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Search => "dev.ucp.shopping.catalog.search",
            Self::Lookup => "dev.ucp.shopping.catalog.lookup",
        }
    }
}

/// The member `ucp` of an answer.
#[derive(Debug, Serialize)]
pub(super) struct Envelope {
    version: &'static str,
    /// Absent means `success`.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    capabilities: BTreeMap<&'static str, [CapabilityVersion; 1]>,
}

#[derive(Debug, Serialize)]
struct CapabilityVersion {
    version: &'static str,
}

impl Envelope {
    /// The envelope of an answer of this capability.
    pub(super) fn of(capability: Capability) -> Self {
        let version = CapabilityVersion { version: VERSION };
        Self {
            version: VERSION,
            status: None,
            capabilities: BTreeMap::from([(capability.name(), [version])]),
        }
    }

    /// The envelope of an answer that has only messages.
    pub(super) fn of_error(capability: Capability) -> Self {
        Self {
            status: Some("error"),
            ..Self::of(capability)
        }
    }

    /// The envelope of a request that was refused before a capability read it.
    pub(super) fn of_refusal() -> Self {
        Self {
            version: VERSION,
            status: Some("error"),
            capabilities: BTreeMap::new(),
        }
    }
}

/// A message to the agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Message {
    /// What failed.
    Error {
        code: &'static str,
        content: String,
        severity: Severity,
    },
    /// What the buyer must know.
    Warning { code: &'static str, content: String },
    /// What the agent may want to know.
    Info { code: &'static str, content: String },
}

/// What the agent can do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Severity {
    /// Change the request and send it again.
    Recoverable,
    /// Nothing.
    Unrecoverable,
}
