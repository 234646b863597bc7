//! The origin of a change: who makes it, and why.

use std::cell::RefCell;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::scope;

/// The origin of a write. The store records it together with the change.
///
/// It is not passed as an argument. All work inside a [`scope`](Self::scope) has its origin, so no service or store can
/// forget to pass it on.
///
/// ```
/// use std::sync::Arc;
/// use eggypro_domain::changes::{Actor, ActorKind, Origin};
///
/// # async fn example() {
/// let origin = Arc::new(Origin::of(Actor::new(ActorKind::Admin, "admin")));
/// let within = origin.scope(async { Origin::current() }).await;
/// assert_eq!(within.actor.kind, ActorKind::Admin);
/// assert_eq!(Origin::current().actor.kind, ActorKind::System);
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origin {
    /// Who makes the change.
    pub actor: Actor,
    /// The id of the request.
    pub request_id: Option<String>,
    /// The reason, if one is known.
    pub reason: Option<String>,
}

thread_local! {
    /// The origin of the work that this thread is doing.
    static CURRENT: scope::Current<Origin> = const { RefCell::new(None) };
}

impl Origin {
    /// The origin of a write by this actor outside of any request.
    pub fn of(actor: Actor) -> Self {
        Self {
            actor,
            request_id: None,
            reason: None,
        }
    }

    /// The origin of work that the server does by itself, for this reason.
    pub fn system(reason: &str) -> Self {
        let actor = Actor {
            kind: ActorKind::System,
            id: None,
            name: None,
        };
        Self {
            reason: Some(reason.to_owned()),
            ..Self::of(actor)
        }
    }

    /// The origin of the current work. Outside of every scope, it is the server itself.
    pub fn current() -> Arc<Self> {
        let current = CURRENT.with_borrow(Clone::clone);
        current.unwrap_or_else(|| {
            Arc::new(Self {
                reason: None,
                ..Self::system("")
            })
        })
    }

    /// Runs work with this origin. Tasks that the work spawns are outside the scope.
    pub async fn scope<T>(self: Arc<Self>, work: impl Future<Output = T>) -> T {
        scope::within(&CURRENT, self, work).await
    }
}

/// A person or program that makes changes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Actor {
    /// The kind of actor.
    pub kind: ActorKind,
    /// The id: of an API key its key id, of a change by hand the database role.
    pub id: Option<String>,
    /// The display name.
    pub name: Option<String>,
}

impl Actor {
    /// An actor without a name.
    pub fn new(kind: ActorKind, id: impl Into<String>) -> Self {
        Self {
            kind,
            id: Some(id.into()),
            name: None,
        }
    }

    /// An anonymous customer.
    pub fn customer() -> Self {
        Self {
            kind: ActorKind::Customer,
            id: None,
            name: None,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.as_str())?;
        match &self.id {
            Some(id) if id != self.kind.as_str() => write!(f, " {id}"),
            _ => Ok(()),
        }
    }
}

/// The kind of an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum ActorKind {
    /// An administrator with the admin secret or a session that was opened with it.
    Admin,
    /// A caller with an API key or a session that was opened with one.
    Key,
    /// A customer.
    Customer,
    /// The server itself.
    System,
    /// A statement that no server of this shop issued, such as a change by hand.
    Database,
}

/// A text is not an [`ActorKind`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a kind of actor")]
pub struct UnknownActorKind;

impl ActorKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::Admin,
        Self::Key,
        Self::Customer,
        Self::System,
        Self::Database,
    ];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Key => "key",
            Self::Customer => "customer",
            Self::System => "system",
            Self::Database => "database",
        }
    }
}

impl FromStr for ActorKind {
    type Err = UnknownActorKind;

    fn from_str(name: &str) -> Result<Self, UnknownActorKind> {
        let mut all = Self::ALL.into_iter();
        all.find(|kind| kind.as_str() == name)
            .ok_or(UnknownActorKind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    #[test]
    fn scopes_do_not_leak() {
        let admin = Arc::new(Origin::of(Actor::new(ActorKind::Admin, "admin")));
        let mut polls = 0;
        let work = poll_fn(|_| {
            assert_eq!(Origin::current().actor.kind, ActorKind::Admin);
            polls += 1;
            if polls == 2 {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        });
        let mut scope = pin!(admin.scope(work));
        let mut context = Context::from_waker(Waker::noop());
        assert!(scope.as_mut().poll(&mut context).is_pending());
        assert_eq!(Origin::current().actor.kind, ActorKind::System);
        assert!(scope.as_mut().poll(&mut context).is_ready());
        assert_eq!(Origin::current().actor.kind, ActorKind::System);
    }

    #[test]
    fn only_work_of_the_server_that_has_one_has_a_reason() {
        assert_eq!(Origin::system("sweep").reason.as_deref(), Some("sweep"));
        assert_eq!(Origin::current().reason, None);
    }

    #[test]
    fn actors_are_named_once() {
        assert_eq!(Actor::new(ActorKind::Admin, "admin").to_string(), "admin");
        assert_eq!(Actor::new(ActorKind::Key, "k1").to_string(), "key k1");
        assert_eq!(Actor::customer().to_string(), "customer");
    }
}
