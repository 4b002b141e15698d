//! Of many measurements: the one in the middle, and between which two the middle half lies.

/// Median and quartiles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    pub low: f64,
    pub median: f64,
    pub high: f64,
}

impl Spread {
    /// `None`: there is nothing.
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        Some(Spread {
            low: at(&values, 0.25)?,
            median: at(&values, 0.5)?,
            high: at(&values, 0.75)?,
        })
    }
}

/// The value below which that share of all lies, between two where it falls between them.
fn at(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * (sorted.len().checked_sub(1)? as f64);
    let (below, above) = (
        sorted.get(place.floor() as usize)?,
        sorted.get(place.ceil() as usize)?,
    );
    Some(below + (above - below) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn quartiles() {
        let spread = |low, median, high| Some(Spread { low, median, high });
        assert_eq!(Spread::of(Vec::new()), None);
        assert_eq!(Spread::of(vec![7.0]), spread(7.0, 7.0, 7.0));
        assert_eq!(
            Spread::of(vec![5.0, 1.0, 3.0, 2.0, 4.0]),
            spread(2.0, 3.0, 4.0)
        );
        assert_eq!(
            Spread::of(vec![4.0, 1.0, 3.0, 2.0]),
            spread(1.75, 2.5, 3.25)
        );
    }
}
