//! Times and durations as CEL writes them, in nanoseconds.

const SECOND: i128 = 1_000_000_000;

/// `2026-01-31T23:59:59.5Z` (RFC 3339), since 1970.
pub fn timestamp(text: &str) -> Option<i128> {
    let (date, rest) = text.split_at_checked(10)?;
    let rest = rest.strip_prefix(['T', 't'])?;
    let (clock, rest) = rest.split_at_checked(8)?;
    let [year, month, day] = split(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = split(clock, ':', [2, 2, 2])?;
    if !(1..=12).contains(&month)
        || day < 1
        || day > days(year, month)
        || hour > 23
        || minute > 59
        || second > 59
        || year < 1
    {
        return None;
    }
    let (nanos, zone) = match rest.strip_prefix('.') {
        None => (0, rest),
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit())?;
            (fraction(rest.get(..end)?)?, rest.get(end..)?)
        }
    };
    let offset = match zone {
        "Z" | "z" => 0,
        _ => {
            let sign = match zone.chars().next()? {
                '+' => 1,
                '-' => -1,
                _ => return None,
            };
            let [hours, minutes] = split(zone.get(1..)?, ':', [2, 2])?;
            if hours > 23 || minutes > 59 {
                return None;
            }
            sign * (hours * 3600 + minutes * 60)
        }
    };
    let seconds = since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    Some((seconds - offset) * SECOND + nanos)
}

/// `1h30m`, `-1.5s`, `100ms`.
pub(super) fn duration(text: &str) -> Option<i128> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest.is_empty() {
        return None;
    }
    let mut sum = 0_i128;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let whole: i128 = rest.get(..end)?.parse().ok()?;
        rest = rest.get(end..)?;
        let mut part = 0;
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(|c: char| !c.is_ascii_digit())?;
            part = fraction(after.get(..end)?)?;
            rest = after.get(end..)?;
        }
        // The longest first: `m` begins `ms`.
        let units = [
            ("ns", 1),
            ("us", 1_000),
            ("ms", 1_000_000),
            ("h", 3600 * SECOND),
            ("m", 60 * SECOND),
            ("s", SECOND),
        ];
        let (name, unit) = units.into_iter().find(|(name, _)| rest.starts_with(name))?;
        rest = rest.strip_prefix(name)?;
        let amount = whole
            .checked_mul(unit)?
            .checked_add(part.checked_mul(unit)?.checked_div(SECOND)?)?;
        sum = sum.checked_add(amount)?;
    }
    // What the specification of CEL allows: about 10 000 years.
    (sum <= 315_576_000_000 * SECOND).then_some(if negative { -sum } else { sum })
}

/// Numbers of a fixed number of digits between separators.
fn split<const N: usize>(text: &str, by: char, digits: [usize; N]) -> Option<[i128; N]> {
    let mut parts = text.split(by);
    let mut numbers = [0; N];
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part = parts.next()?;
        if part.len() != digits || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

/// The digits behind a point, in nanoseconds; at most nine of them.
fn fraction(digits: &str) -> Option<i128> {
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    format!("{digits:0<9}").parse().ok()
}

fn days(year: i128, month: i128) -> i128 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01, by counting from a first of March, so that the day that comes every four years is the last.
fn since_1970(year: i128, month: i128, day: i128) -> i128 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let before = year * 365 + year / 4 - year / 100 + year / 400;
    before + (month * 306 + 5) / 10 + day - 1 - 719_468
}
