//! Moments and durations: RFC 3339 as CEL takes it, and `1h30m`. Both as nanoseconds.

const SECOND: i128 = 1_000_000_000;
/// 0001-01-01T00:00:00Z, and the last nanosecond of 9999.
const CALENDAR: std::ops::RangeInclusive<i128> =
    -62_135_596_800 * SECOND..=253_402_300_800 * SECOND - 1;
/// About ten thousand years.
const LONGEST: i128 = 315_576_000_000 * SECOND;

/// A moment that the calendar has.
pub(super) fn moment(nanos: i128) -> Option<i128> {
    CALENDAR.contains(&nanos).then_some(nanos)
}

/// A duration that is not too long.
pub(super) fn span(nanos: i128) -> Option<i128> {
    (-LONGEST..=LONGEST).contains(&nanos).then_some(nanos)
}

/// `2026-03-01T12:00:00.5+01:00`.
pub fn timestamp(text: &str) -> Option<i128> {
    let (date, rest) = text.split_at_checked(10)?;
    let rest = rest.strip_prefix(['T', 't'])?;
    let (clock, rest) = rest.split_at_checked(8)?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let (fraction, zone) = match rest.strip_prefix('.') {
        None => (0, rest),
        Some(rest) => {
            let end = rest.find(|each: char| !each.is_ascii_digit())?;
            let (digits, zone) = rest.split_at(end);
            let scale = 9_usize.checked_sub(digits.len())?;
            let digits = number(digits)?;
            (digits * 10_i128.pow(u32::try_from(scale).ok()?), zone)
        }
    };
    let offset = match zone {
        "Z" | "z" => 0,
        _ => {
            let sign = match zone.get(..1)? {
                "+" => 1,
                "-" => -1,
                _ => return None,
            };
            let [hours, minutes] = numbers(zone.get(1..)?, ':', [2, 2])?;
            (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60)?
        }
    };
    let fits = (1..=12).contains(&month)
        && (1..=days(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    let seconds = || day_number(year, month, day) * 86_400 + (hour * 60 + minute) * 60 + second;
    moment(fits.then(seconds)?.checked_sub(offset)? * SECOND + fraction)
}

/// `1h30m`, `-1.5s`.
pub(super) fn duration(text: &str) -> Option<i128> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut all = 0_i128;
    let mut parts = 0;
    while !rest.is_empty() {
        let end = rest.find(|each: char| !each.is_ascii_digit() && each != '.')?;
        let (amount, after) = rest.split_at(end);
        let end = after
            .find(|each: char| !each.is_ascii_alphabetic() && each != 'µ')
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let unit = match unit {
            "h" => 3_600 * SECOND,
            "m" => 60 * SECOND,
            "s" => SECOND,
            "ms" => 1_000_000,
            "us" | "µs" => 1_000,
            "ns" => 1,
            _ => return None,
        };
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
        let digits = u32::try_from(fraction.len()).ok()?;
        let parted = number(&format!("{whole}{fraction}"))?.checked_mul(unit)?;
        all = all.checked_add(parted / 10_i128.checked_pow(digits)?)?;
        parts += 1;
        rest = after;
    }
    span(sign * all).filter(|_| parts > 0)
}

fn number(digits: &str) -> Option<i128> {
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok())?
}

/// Numbers of so many digits each.
fn numbers<const N: usize>(text: &str, between: char, digits: [usize; N]) -> Option<[i128; N]> {
    let mut parts = text.split(between);
    let mut all = [0; N];
    for (slot, digits) in all.iter_mut().zip(digits) {
        let part = parts.next().filter(|part| part.len() == digits)?;
        *slot = number(part)?;
    }
    parts.next().is_none().then_some(all)
}

fn days(year: i128, month: i128) -> i128 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01: those of the years, of the months of this one, and of this month.
fn day_number(year: i128, month: i128, day: i128) -> i128 {
    let before = year - 1;
    let leaps = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    let years = before * 365 + leaps - 719_162;
    let months: i128 = (1..month).map(|month| days(year, month)).sum();
    years + months + day - 1
}
