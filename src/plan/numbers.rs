//! Numbers with or without a fraction: bounds and steps, exactly, from the text of the document.

use super::codes;
use super::{Limit, Real};
use crate::decimal::Decimal;
use crate::openapi::{Bound, Schema, Spanned, formats};
use crate::policy::gaps;
use crate::policy::report::Report;

/// So many digits of a step are reckoned with.
const STEP_DIGITS: usize = 18;

/// The rule of a number, with its format's bounds filled in (ruling 37).
pub(super) fn read(schema: &Schema, report: &mut Report) -> Option<Real> {
    let (mut min, mut max) = (None, None);
    if let Some(format) = &schema.format {
        let Some(range) = formats::numbers(&format.value) else {
            report.gap(&gaps::FORMAT, format.place);
            return None;
        };
        if let Some(most) = range.and_then(Decimal::parse) {
            min = Some(Limit::closed(most.negated()));
            max = Some(Limit::closed(most));
        }
    }
    if let Some(low) = &schema.minimum {
        let declared = limit(low, report)?;
        let stricter = min.as_ref().is_none_or(|min| declared.is_above(min));
        min = if stricter { Some(declared) } else { min };
    }
    if let Some(high) = &schema.maximum {
        let declared = limit(high, report)?;
        let stricter = max.as_ref().is_none_or(|max| declared.is_below(max));
        max = if stricter { Some(declared) } else { max };
    }
    if let (Some(least), Some(most)) = (&min, &max)
        && (least.at > most.at || least.at == most.at && (least.exclusive || most.exclusive))
    {
        let both = schema.minimum.is_some() && schema.maximum.is_some();
        // Two bounds that contradict each other were told by the reader already.
        if !both || report.is_clean() {
            let help = "correct the bounds or the format";
            let message = "no number is within these bounds";
            report.error(codes::UNSATISFIABLE, schema.place, message, help);
        }
        return None;
    }
    let multiple_of = match &schema.multiple_of {
        None => None,
        Some(text) => Some(step(text, report)?),
    };
    Some(Real {
        min,
        max,
        multiple_of,
    })
}

/// Beyond what is read, a bound could be met or missed by nothing that is compared with it.
fn limit(bound: &Bound, report: &mut Report) -> Option<Limit> {
    let at = Decimal::parse(&bound.lexeme).filter(Decimal::is_readable);
    if at.is_none() {
        report.gap(&gaps::NUMBER_BOUND, bound.place);
    }
    Some(Limit {
        at: at?,
        exclusive: bound.exclusive,
    })
}

fn step(text: &Spanned<String>, report: &mut Report) -> Option<Decimal> {
    let Some(step) = Decimal::parse(&text.value).filter(Decimal::is_readable) else {
        report.gap(&gaps::NUMBER_BOUND, text.place);
        return None;
    };
    // The reader refuses what is not positive; this is the second lock.
    if !step.is_positive() || step.significant() > STEP_DIGITS {
        report.gap(&gaps::NUMBER_STEP, text.place);
        return None;
    }
    Some(step)
}
