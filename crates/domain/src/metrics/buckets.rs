/// A range of response times that are counted together. Up to 50 ms each millisecond has one of its own; beyond that the
/// ranges grow by 3 in 100, so that what stands for one is less than 2 % away from whatever is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bucket(i16);

impl Bucket {
    const EXACT: u32 = 50;
    const GROWTH: f64 = 1.03;

    /// The range of a response time in milliseconds.
    pub fn of(milliseconds: u32) -> Self {
        if milliseconds <= Self::EXACT {
            return Self(milliseconds as i16);
        }
        let ratio = f64::from(milliseconds) / f64::from(Self::EXACT);
        // At most 600, for the longest time that 32 bits hold.
        let steps = (ratio.ln() / Self::GROWTH.ln()).floor() as i16;
        Self(Self::EXACT as i16 + 1 + steps)
    }

    /// The range of this number.
    pub fn numbered(number: i16) -> Self {
        Self(number)
    }

    /// Its number, which grows with the times.
    pub fn number(self) -> i16 {
        self.0
    }

    /// What stands for all of its times, in milliseconds.
    pub fn milliseconds(self) -> u32 {
        let exact = Self::EXACT as i16;
        if self.0 <= exact {
            return self.0.max(0) as u32;
        }
        let steps = f64::from(self.0 - exact - 1) + 0.5;
        (f64::from(Self::EXACT) * Self::GROWTH.powf(steps)).round() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_a_time_is_near_it() {
        let mut last = Bucket::of(0);
        for milliseconds in (0..200_000).chain([1_000_000, 50_000_000, u32::MAX / 2]) {
            let bucket = Bucket::of(milliseconds);
            assert!(bucket >= last);
            last = bucket;
            let error = f64::from(bucket.milliseconds().abs_diff(milliseconds));
            assert!(
                error <= f64::from(milliseconds) * 0.02,
                "{milliseconds}: {bucket:?}"
            );
            assert_eq!(Bucket::numbered(bucket.number()), bucket);
        }
    }
}
