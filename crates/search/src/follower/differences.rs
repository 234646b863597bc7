use eggypro_domain::products::{ProductId, RowVersion};
use itertools::{EitherOrBoth, Itertools};

/// The products that differ between an index and its source.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Differences {
    pub(super) changed: Vec<ProductId>,
    pub(super) gone: Vec<ProductId>,
}

impl Differences {
    /// Compares two lists that are sorted by id.
    pub(super) fn between(
        known: &[(ProductId, RowVersion)],
        current: &[(ProductId, RowVersion)],
    ) -> Self {
        let mut differences = Self::default();
        for pair in known.iter().merge_join_by(current, |a, b| a.0.cmp(&b.0)) {
            match pair {
                EitherOrBoth::Left((id, _)) => differences.gone.push(*id),
                EitherOrBoth::Right((id, _)) => differences.changed.push(*id),
                EitherOrBoth::Both((id, before), (_, after)) if before != after => {
                    differences.changed.push(*id);
                }
                EitherOrBoth::Both(..) => {}
            }
        }
        differences
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eggypro_domain::time::OffsetDateTime;

    #[test]
    fn differences_are_found() {
        let versions = |of: &[(i32, i32)]| -> Vec<(ProductId, RowVersion)> {
            let version = |number| RowVersion::new(number, OffsetDateTime::UNIX_EPOCH);
            of.iter()
                .map(|(id, number)| (ProductId(*id), version(*number)))
                .collect()
        };
        let ids = |of: &[i32]| of.iter().copied().map(ProductId).collect::<Vec<_>>();
        for (known, now, changed, gone) in [
            (&[][..], &[(1, 1)][..], &[1][..], &[][..]),
            (&[(1, 1)], &[], &[], &[1]),
            (
                &[(1, 1), (2, 1), (4, 2)],
                &[(1, 1), (3, 1), (4, 1)],
                &[3, 4],
                &[2],
            ),
        ] {
            let expected = Differences {
                changed: ids(changed),
                gone: ids(gone),
            };
            assert_eq!(
                Differences::between(&versions(known), &versions(now)),
                expected
            );
        }
    }
}
