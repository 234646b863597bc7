//! Who changes something, and why.

use std::cell::RefCell;
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::str::FromStr;
use std::sync::Arc;

/// Where a write comes from. A store notes it beside what the write changes.
///
/// It is not passed from hand to hand: work that is done within a [`scope`](Self::scope) is of its origin, so that no
/// service and no store can forget it.
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
    /// Who does it.
    pub actor: Actor,
    /// By which request.
    pub request_id: Option<String>,
    /// Why, where that is known.
    pub reason: Option<String>,
}

thread_local! {
    /// Where the work comes from that this thread does now.
    static CURRENT: RefCell<Option<Arc<Origin>>> = const { RefCell::new(None) };
}

impl Origin {
    /// A write of this actor, outside of any request.
    pub fn of(actor: Actor) -> Self {
        Self {
            actor,
            request_id: None,
            reason: None,
        }
    }

    /// Work that the server does by itself, for this reason.
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

    /// Where the work comes from that is done now: from the server itself, outside of every scope.
    pub fn current() -> Arc<Self> {
        let current = CURRENT.with_borrow(Clone::clone);
        current.unwrap_or_else(|| {
            Arc::new(Self {
                reason: None,
                ..Self::system("")
            })
        })
    }

    /// Does work of this origin. What it spawns is not within the scope.
    pub async fn scope<T>(self: Arc<Self>, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        poll_fn(move |context| {
            let _entered = Entered::enter(Arc::clone(&self));
            work.as_mut().poll(context)
        })
        .await
    }
}

/// Puts back what was current before.
struct Entered(Option<Arc<Origin>>);

impl Entered {
    fn enter(origin: Arc<Origin>) -> Self {
        Self(CURRENT.replace(Some(origin)))
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}

/// Who changes something.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Actor {
    /// What they are.
    pub kind: ActorKind,
    /// Which one: of a key its id, of the database the role that was logged in.
    pub id: Option<String>,
    /// What people call them.
    pub name: Option<String>,
}

impl Actor {
    /// This one, who has no name.
    pub fn new(kind: ActorKind, id: impl Into<String>) -> Self {
        Self {
            kind,
            id: Some(id.into()),
            name: None,
        }
    }

    /// A customer, of whom nothing is known.
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

/// What somebody is who changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum ActorKind {
    /// Who holds the admin secret, or a session of it.
    Admin,
    /// Who holds an API key, or a session of it.
    Key,
    /// Somebody of the public.
    Customer,
    /// The server itself.
    System,
    /// A statement that no server of ours made.
    Database,
}

/// A text is no [`ActorKind`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a kind of actor")]
pub struct UnknownActorKind;

impl ActorKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Admin,
        Self::Key,
        Self::Customer,
        Self::System,
        Self::Database,
    ];

    /// The name on the wire.
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
    use std::task::{Context, Poll, Waker};

    #[test]
    fn work_is_of_its_scope_and_of_no_other() {
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
    fn actors_are_named_once() {
        assert_eq!(Actor::new(ActorKind::Admin, "admin").to_string(), "admin");
        assert_eq!(Actor::new(ActorKind::Key, "k1").to_string(), "key k1");
        assert_eq!(Actor::customer().to_string(), "customer");
    }
}
