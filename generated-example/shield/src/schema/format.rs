//! Formats of strings, by the standards that define them (P60).

use super::Format;
use super::address;

/// Whether the text has the format.
pub(super) fn admits(format: Format, text: &str) -> bool {
    match format {
        Format::Email => email(text),
        Format::Uuid => uuid(text),
        Format::Date => date(text.as_bytes()).is_some(),
        Format::DateTime => date_time(text.as_bytes()).is_some(),
        Format::Uri => address::uri(text),
        Format::Ipv4 => address::ipv4(text),
        Format::Ipv6 => address::ipv6(text),
    }
}

/// Whether the text is an RFC 3339 date and time.
pub(crate) fn is_date_time(text: &str) -> bool {
    admits(Format::DateTime, text)
}

/// An address that a mail server takes without quoting: a dot-atom of RFC 5322 of at most 64 bytes, `@`, and a host name
/// of RFC 1123; 254 bytes in total (RFC 5321 §4.5.3.1, its path without the angle brackets).
fn email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    text.len() <= 254
        && local.len() <= 64
        && local.split('.').all(atom)
        && domain.split('.').all(label)
}

fn atom(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
}

/// Letters, digits and hyphens, no hyphen at either end, at most 63.
fn label(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 63
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// RFC 9562 §4: 8-4-4-4-12 hexadecimal digits, in either case.
pub(crate) fn uuid(text: &str) -> bool {
    let Ok(mut digits) = <[u8; 36]>::try_from(text.as_bytes()) else {
        return false;
    };
    for at in [8, 13, 18, 23] {
        match digits.get_mut(at) {
            Some(hyphen @ b'-') => *hyphen = b'0',
            _ => return false,
        }
    }
    // None is left out, so that the compiler looks at many with one instruction.
    digits
        .iter()
        .fold(true, |all, digit| all & digit.is_ascii_hexdigit())
}

/// A day of the proleptic Gregorian calendar.
struct Day {
    year: u32,
    month: u32,
    day: u32,
}

/// RFC 3339 `full-date`, of a day that exists.
fn date(text: &[u8]) -> Option<Day> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else {
        return None;
    };
    let year = digits(&[y1, y2, y3, y4])?;
    let month = digits(&[m1, m2])?;
    let day = digits(&[d1, d2])?;
    ((1..=12).contains(&month) && day >= 1 && day <= days(year, month)).then_some(Day {
        year,
        month,
        day,
    })
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

/// RFC 3339 `date-time`; `T` and `Z` in either case (§5.6), no blank for `T`.
fn date_time(text: &[u8]) -> Option<()> {
    let day = date(text.get(..10)?)?;
    let (&[b'T' | b't', h1, h2, b':', m1, m2, b':', s1, s2], rest) =
        text.get(10..)?.split_first_chunk::<9>()?
    else {
        return None;
    };
    let hour = digits(&[h1, h2]).filter(|hour| *hour <= 23)?;
    let minute = digits(&[m1, m2]).filter(|minute| *minute <= 59)?;
    let second = digits(&[s1, s2]).filter(|second| *second <= 60)?;
    let offset = offset(fraction(rest)?)?;
    (second < 60 || leap(&day, hour * 60 + minute, offset)).then_some(())
}

/// The moment a `date-time` names, in nanoseconds since 1970; digits beyond the ninth behind the point are cut off.
pub(crate) fn nanos(text: &str) -> Option<i128> {
    let bytes = text.as_bytes();
    date_time(bytes)?;
    let day = date(bytes.get(..10)?)?;
    let part = |from: usize| digits(bytes.get(from..from + 2)?).map(i128::from);
    let (hour, minute, second) = (part(11)?, part(14)?, part(17)?);
    let behind = bytes.get(19..)?;
    let zone = fraction(behind)?;
    let written = behind
        .get(1..behind.len().checked_sub(zone.len())?)
        .unwrap_or_default();
    let fraction = (0..9).fold(0, |sum: i128, at| {
        let digit = written.get(at).map_or(0, |byte| i128::from(byte - b'0'));
        sum * 10 + digit
    });
    let minutes = hour * 60 + minute - i128::from(offset(zone)?);
    let seconds = since_1970(&day) * 86_400 + minutes * 60 + second;
    let nanos = seconds * 1_000_000_000 + fraction;
    crate::decide::moment(Some(nanos)).ok()
}

/// Days. Counted from a first of March, so that the day that comes every four years is the last of its year.
fn since_1970(day: &Day) -> i128 {
    let (year, month) = (i128::from(day.year), i128::from(day.month));
    let year = if month <= 2 { year - 1 } else { year };
    let before = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    before + ((month + 9) % 12 * 306 + 5) / 10 + i128::from(day.day) - 1 - 719_468
}

/// What follows the fraction of a second, if there is one.
fn fraction(text: &[u8]) -> Option<&[u8]> {
    let Some(behind) = text.strip_prefix(b".") else {
        return Some(text);
    };
    let count = behind
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if count == 0 {
        None
    } else {
        behind.get(count..)
    }
}

/// Minutes east of UTC, up to 23:59 either way.
fn offset(text: &[u8]) -> Option<i64> {
    let (sign, hours, minutes) = match *text {
        [b'Z' | b'z'] => return Some(0),
        [b'+', h1, h2, b':', m1, m2] => (1, digits(&[h1, h2])?, digits(&[m1, m2])?),
        [b'-', h1, h2, b':', m1, m2] => (-1, digits(&[h1, h2])?, digits(&[m1, m2])?),
        _ => return None,
    };
    (hours <= 23 && minutes <= 59).then(|| sign * i64::from(hours * 60 + minutes))
}

/// Whether second 60 may stand at this minute: in UTC it must be 23:59 of the last day of a month (RFC 3339 §5.7 and
/// ITU-R TF.460). Which months had one is announced as they come, so no table of them would stay right.
fn leap(day: &Day, minute: u32, offset: i64) -> bool {
    const LAST: i64 = 23 * 60 + 59;
    match i64::from(minute) - offset {
        LAST => day.day == days(day.year, day.month),
        // East of Greenwich the next day may have begun. West of it no offset reaches back a whole day.
        before if before == LAST - 1440 => day.day == 1,
        _ => false,
    }
}

fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |sum, byte| {
        byte.is_ascii_digit()
            .then(|| sum * 10 + u32::from(byte - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(format: Format, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(admits(format, text), "{format:?} {text}");
        }
        for text in bad {
            assert!(!admits(format, text), "{format:?} {text}");
        }
    }

    // requirement: P60
    #[test]
    fn emails() {
        let long_local = format!("{}@example.com", "a".repeat(64));
        let label = "b".repeat(63);
        // 4 + 63 + 1 + 63 + 1 + 63 + 1 + 58 = 254.
        let longest = format!("aaa@{label}.{label}.{label}.{}", "c".repeat(58));
        check(
            Format::Email,
            &[
                "joe.bloggs@example.com",
                "te~st@example.com",
                "a+tag@example.co.uk",
                "!#$%&'*+-/=?^_`{|}~@x",
                "a@localhost",
                "a@1.2.3.4",
                "a@xn--bcher-kva.example",
                "A@EXAMPLE.COM",
                &long_local,
                &longest,
            ],
            &[
                "",
                "@",
                "2962",
                "a@",
                "@example.com",
                ".test@example.com",
                "test.@example.com",
                "te..st@example.com",
                "a@b@example.com",
                "a b@example.com",
                "\"joe bloggs\"@example.com",
                "joe@[127.0.0.1]",
                "a@-example.com",
                "a@example-.com",
                "a@example..com",
                "a@example.com.",
                "a@.example.com",
                "a@exa_mple.com",
                "a@bücher.example",
                "ü@example.com",
                "a@example.com\n",
                "a@example.com\r\nBcc: b@example.com",
                "Joe <joe@example.com>",
                &format!("a{long_local}"),
                &format!("a@{label}b.com"),
                &format!("a{longest}"),
            ],
        );
        assert_eq!(longest.len(), 254);
    }

    // requirement: P60
    #[test]
    fn uuids() {
        check(
            Format::Uuid,
            &[
                "2EB8AA08-AA98-11EA-B4AA-73B441D16380",
                "2eb8aa08-aa98-11ea-b4aa-73b441d16380",
                "2eb8aa08-AA98-11ea-B4Aa-73B441D16380",
                "00000000-0000-0000-0000-000000000000",
                "98d80576-482e-427f-8434-7f86890ab222",
                "99c17cbb-656f-f64a-940f-1a4568f03487",
            ],
            &[
                "",
                "2eb8aa08-aa98-11ea-b4aa-73b441d1638",
                "2eb8aa08-aa98-11ea-73b441d16380",
                "2eb8aa08-aa98-11ea-b4ga-73b441d16380",
                "2eb8aa08aa9811eab4aa73b441d16380",
                "2eb8aa08aa98-11ea-b4aa73b441d16380",
                "2eb8-aa08-aa98-11ea-b4aa73b44-1d16380",
                "{2eb8aa08-aa98-11ea-b4aa-73b441d16380}",
                "urn:uuid:2eb8aa08-aa98-11ea-b4aa-73b441d16380",
                "2eb8aa08-aa98-11ea-b4aa-73b441d16380\n",
                "2eb8aa08_aa98_11ea_b4aa_73b441d16380",
                "২eb8aa08-aa98-11ea-b4aa-73b441d1638",
            ],
        );
    }

    // requirement: P60
    #[test]
    fn dates() {
        check(
            Format::Date,
            &[
                "1963-06-19",
                "2020-01-31",
                "2021-02-28",
                "2020-02-29",
                "2000-02-29",
                "2020-04-30",
                "0000-02-29",
                "9999-12-31",
            ],
            &[
                "",
                "2021-02-29",
                "1900-02-29",
                "2020-02-30",
                "2020-01-32",
                "2020-04-31",
                "2020-06-31",
                "2020-09-31",
                "2020-11-31",
                "2020-00-01",
                "2020-13-01",
                "2020-01-00",
                "06/19/1963",
                "2013-350",
                "1998-1-20",
                "1998-01-1",
                "19980120",
                "2023-W01",
                "+2020-01-01",
                "-2020-01-01",
                "12020-01-01",
                "1963-06-1৪",
                "2020-01-01T00:00:00Z",
                "2020-01-01 ",
                " 2020-01-01",
                "2020-01-01\n",
                "+020-01-01",
            ],
        );
    }

    // requirement: P60
    #[test]
    fn moments() {
        check(
            Format::DateTime,
            &[
                "1985-04-12T23:20:50.52Z",
                "1996-12-19T16:39:57-08:00",
                "1990-12-31T23:59:60Z",
                "1990-12-31T15:59:60-08:00",
                "1937-01-01T12:00:27.87+00:20",
                "1963-06-19T08:30:06.283185Z",
                "1963-06-19T08:30:06Z",
                "1963-06-19t08:30:06.283185z",
                "2016-06-30T23:59:60.5Z",
                // The next day has begun where the clock is ahead.
                "2017-01-01T08:59:60+09:00",
                "2015-07-01T01:59:60+02:00",
                "2020-01-01T00:00:00+23:59",
                "2020-01-01T00:00:00-23:59",
                "2020-01-01T00:00:00-00:00",
                "2020-01-01T00:00:00.123456789012345678901234567890Z",
            ],
            &[
                "",
                "1990-02-31T15:59:59.123-08:00",
                "2021-02-29T00:00:00Z",
                "1990-12-31T24:00:00Z",
                "1990-12-31T23:60:00Z",
                "1990-12-31T23:59:61Z",
                // Second 60 where UTC has none: another minute, another hour, another day.
                "1998-12-31T23:58:60Z",
                "1998-12-31T22:59:60Z",
                "1998-12-30T23:59:60Z",
                "1998-12-31T23:59:60+01:00",
                "1998-12-31T15:59:60-07:00",
                "2017-01-02T08:59:60+09:00",
                "1990-12-31T15:59:59-24:00",
                "1990-12-31T15:59:59+23:60",
                "1990-12-31T15:59:59",
                "1990-12-31T15:59:59+0100",
                "1990-12-31T15:59:59+01",
                "1990-12-31T15:59Z",
                "1990-12-31T15:59:59.Z",
                "1990-12-31T15:59:59,5Z",
                "1990-12-31 15:59:59Z",
                "1990-12-31T15:59:59Z ",
                "1990-12-31T15:59:59ZZ",
                "1990-12-31T5:59:59Z",
                "1990-12-31",
                "06/19/1963 08:30:06 PST",
                "2013-350T01:01:01",
                "1963-06-1৪T00:00:00Z",
                "1963-06-11T0৪:00:00Z",
                "1963-06-19T08:30:06.28123+01:00Z",
                "+11963-06-19T08:30:06.283185Z",
                "1990-12-31T+1:00:00Z",
            ],
        );
    }
}
