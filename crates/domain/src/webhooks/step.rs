use super::TypePattern;
use crate::changes::{EntriesAfter, EventType, Position};

/// A step of following the log. It is made once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The number of steps before it.
    pub revision: i64,
    /// The position in the log after it.
    pub position: Position,
}

/// The next entries of the log, whose events are to be [added](super::DeliveryQueue::enqueue).
#[derive(Debug, Clone, PartialEq)]
pub struct Followed {
    /// The step.
    pub step: Step,
    /// The entries. If there are none, there is nothing to add.
    pub entries: EntriesAfter,
    /// The patterns of all active webhooks. Other events need not be rendered.
    pub patterns: Vec<TypePattern>,
}

impl Followed {
    /// Whether a webhook receives events of this type.
    pub fn wants(&self, kind: EventType) -> bool {
        self.patterns.iter().any(|pattern| pattern.matches(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_wanted_if_a_pattern_matches() {
        let position = Position("1".into());
        let step = Step {
            revision: 0,
            position: position.clone(),
        };
        let entries = EntriesAfter {
            beginning: position.clone(),
            entries: vec![],
            position,
            is_full: false,
        };
        let patterns = ["review.*", "stock.moved"];
        let followed = Followed {
            step,
            entries,
            patterns: patterns.map(|pattern| pattern.parse().unwrap()).to_vec(),
        };
        for (kind, is_wanted) in [
            (EventType::StockMoved, true),
            (EventType::ReviewSubmitted, true),
            (EventType::ProductUpdated, false),
        ] {
            assert_eq!(followed.wants(kind), is_wanted, "{kind:?}");
        }
    }
}
