use super::Bucket;

/// Response times in milliseconds that a share of requests does not exceed, accurate to 2 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percentiles {
    /// The median.
    pub p50: u32,
    /// The 95th percentile.
    pub p95: u32,
    /// The 99th percentile.
    pub p99: u32,
}

impl Percentiles {
    /// The percentiles of requests that are counted by range of response times, in the order of the ranges. `None` if
    /// there are no requests.
    pub fn of(counts: &[(Bucket, u64)]) -> Option<Self> {
        let total: u64 = counts.iter().map(|(_, requests)| *requests).sum();
        if total == 0 {
            return None;
        }
        let percentile = |percent: u64| {
            // The nearest-rank method: the smallest time that this share of requests does not exceed.
            let rank = (total * percent).div_ceil(100);
            let mut counted = 0_u64;
            let mut counts = counts.iter();
            let (bucket, _) = counts.find(|(_, requests)| {
                counted += *requests;
                counted >= rank
            })?;
            Some(bucket.milliseconds())
        };
        Some(Self {
            p50: percentile(50)?,
            p95: percentile(95)?,
            p99: percentile(99)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_the_nearest_ranks() {
        let of = |counts: &[(u32, u64)]| {
            let counts = counts.iter();
            let counts: Vec<_> = counts
                .map(|(milliseconds, requests)| (Bucket::of(*milliseconds), *requests))
                .collect();
            Percentiles::of(&counts).map(|of| (of.p50, of.p95, of.p99))
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[(3, 0)]), None);
        assert_eq!(of(&[(7, 1)]), Some((7, 7, 7)));
        assert_eq!(of(&[(3, 1), (10, 1)]), Some((3, 10, 10)));
        assert_eq!(of(&[(1, 50), (2, 45), (9, 4), (30, 1)]), Some((1, 2, 9)));
        assert_eq!(of(&[(1, 49), (2, 45), (9, 4), (30, 2)]), Some((2, 9, 30)));
    }
}
