//! Media types: exact, since what is nearly JSON is read by somebody else's rules (P65, P66, P68; ruling 36).

use http::header::{GetAll, HeaderValue};

use crate::multipart;
use crate::octets;
use crate::spec::Media;

/// Whether no coding was applied to the body.
pub(super) fn is_plain(encodings: GetAll<'_, HeaderValue>) -> bool {
    encodings.iter().all(|encoding| {
        encoding
            .as_bytes()
            .trim_ascii()
            .eq_ignore_ascii_case(b"identity")
    })
}

/// Which of `taken` the one Content-Type is, in UTF-8 if it says anything of it.
pub(super) fn of(
    mut types: impl Iterator<Item = impl AsRef<[u8]>>,
    taken: &[Media],
) -> Option<Media> {
    let (Some(given), None) = (types.next(), types.next()) else {
        return None;
    };
    let given = std::str::from_utf8(given.as_ref()).ok()?;
    let mut taken = taken.iter().copied();
    taken.find(|media| match media {
        Media::Multipart => multipart::boundary(given).is_some(),
        Media::Octets => octets::are_said(given),
        media => matches(given, media.name()),
    })
}

/// `type/subtype` with no parameter but one `charset=utf-8`.
pub(crate) fn matches(given: &str, wanted: &str) -> bool {
    let mut parts = given.split(';').map(str::trim);
    let exact = parts
        .next()
        .is_some_and(|essence| essence.eq_ignore_ascii_case(wanted));
    exact && parts.next().is_none_or(is_utf8) && parts.next().is_none()
}

fn is_utf8(parameter: &str) -> bool {
    parameter.split_once('=').is_some_and(|(name, value)| {
        let value = value
            .strip_prefix('"')
            .and_then(|value| value.strip_suffix('"'))
            .unwrap_or(value);
        name.eq_ignore_ascii_case("charset") && value.eq_ignore_ascii_case("utf-8")
    })
}

/// Whether the caller takes one of `produces`. Who says nothing takes anything; an operation without content has nothing
/// to be refused.
pub(super) fn accepts(accept: GetAll<'_, HeaderValue>, produces: &[&str]) -> bool {
    let mut lines = accept.iter().peekable();
    if produces.is_empty() || lines.peek().is_none() {
        return true;
    }
    // What nearly everybody sends.
    let (mut first, whole) = (accept.iter(), |line: &HeaderValue| {
        produces.iter().any(|media_type| line == media_type)
    });
    if let (Some(only), None) = (first.next(), first.next())
        && whole(only)
    {
        return true;
    }
    let Some(lines) = lines
        .map(|line| line.to_str().ok())
        .collect::<Option<Vec<_>>>()
    else {
        return false;
    };
    let mut ranges = lines
        .iter()
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .filter(|range| !range.is_empty())
        .peekable();
    if ranges.peek().is_none() {
        return true;
    }
    let ranges: Vec<&str> = ranges.collect();
    produces
        .iter()
        .any(|media_type| quality(&ranges, media_type) > 0)
}

/// Of the most specific range that holds `media_type`, in thousandths (RFC 9110 §12.5.1); 0 where there is none.
fn quality(ranges: &[&str], media_type: &str) -> u16 {
    let main = media_type
        .split_once('/')
        .map_or(media_type, |(main, _)| main);
    let mut best = (0, 0);
    for range in ranges {
        let mut parts = range.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default();
        let mut weight = 1000;
        let mut foreign = false;
        for parameter in parts {
            match parameter.split_once('=') {
                Some((name, value)) if name.trim().eq_ignore_ascii_case("q") => {
                    weight = thousandths(value.trim())
                }
                _ => foreign |= !is_utf8(parameter),
            }
        }
        let specific = if foreign {
            0
        } else if essence.eq_ignore_ascii_case(media_type) {
            3
        } else if essence
            .strip_suffix("/*")
            .is_some_and(|given| given.eq_ignore_ascii_case(main))
        {
            2
        } else if essence == "*/*" {
            1
        } else {
            0
        };
        if specific > best.0 || (specific == best.0 && specific > 0 && weight > best.1) {
            best = (specific, weight);
        }
    }
    best.1
}

/// `0`, `1`, `0.xyz`; what is none of it weighs nothing.
fn thousandths(text: &str) -> u16 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return 0;
    }
    match whole {
        "0" => format!("{fraction:0<3}").parse().unwrap_or(0),
        "1" if fraction.bytes().all(|digit| digit == b'0') => 1000,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use http::HeaderMap;
    use http::header::ACCEPT;

    #[test]
    fn content_types() {
        let is = |types: &[&str]| of(types.iter(), &[Media::Json]).is_some();
        for good in [
            "application/json",
            "Application/JSON",
            "application/json;charset=utf-8",
            "application/json ; charset=\"UTF-8\"",
        ] {
            assert!(is(&[good]), "{good}");
        }
        for bad in [
            "",
            "text/json",
            "application/jsonx",
            "application/vnd.x+json",
            "application/json;charset=latin1",
            "application/json;x=1",
            "application/json;charset=utf-8;x=1",
            "application/json;",
            "application/json,text/plain",
        ] {
            assert!(!is(&[bad]), "{bad}");
        }
        assert!(!is(&["application/json", "application/json"]));
        assert!(!is(&[]));
    }

    #[test]
    fn one_of_several_and_no_other() {
        const FORM: &str = "application/x-www-form-urlencoded";
        let both = [Media::Json, Media::Form];
        assert_eq!(of([FORM].iter(), &both), Some(Media::Form));
        assert_eq!(of(["application/json"].iter(), &both), Some(Media::Json));
        assert_eq!(of([FORM].iter(), &both[..1]), None);
        assert_eq!(of(["application/json"].iter(), &both[1..]), None);
        assert_eq!(of([FORM, "application/json"].iter(), &both), None);
    }

    #[test]
    fn accept() {
        let takes = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(ACCEPT, line.parse().unwrap());
            }
            accepts(headers.get_all(ACCEPT), &["application/json"])
        };
        let good: [&[&str]; 8] = [
            &[],
            &[""],
            &["*/*"],
            &["application/*;q=0.001"],
            &["application/problem+json, application/json;q=0.1"],
            &["text/html", "APPLICATION/JSON"],
            &["*/*;q=0, application/json"],
            &["application/json; charset=utf-8"],
        ];
        for lines in good {
            assert!(takes(lines), "{lines:?}");
        }
        let bad: [&[&str]; 7] = [
            &["text/html"],
            &["application/problem+json"],
            &["application/json;q=0"],
            &["*/*, application/json;q=0.000"],
            &["application/json;q=abc"],
            &["application/json;version=2"],
            &["*/*;q=0"],
        ];
        for lines in bad {
            assert!(!takes(lines), "{lines:?}");
        }
    }
}
