//! Numbers with their unit, as the vocabulary writes them.

pub(super) fn seconds(seconds: u64) -> String {
    millis(seconds.saturating_mul(1_000))
}

/// In the largest unit that says it exactly.
pub(super) fn millis(millis: u64) -> String {
    const UNITS: [(u64, &str); 4] = [
        (86_400_000, "d"),
        (3_600_000, "h"),
        (60_000, "m"),
        (1_000, "s"),
    ];
    if millis == 0 {
        return "0s".to_owned();
    }
    let unit = UNITS.iter().find(|(unit, _)| millis.is_multiple_of(*unit));
    match unit {
        Some((unit, name)) => format!("{}{name}", millis / unit),
        None => format!("{millis}ms"),
    }
}

pub(super) fn bytes(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let unit = UNITS.iter().find(|(unit, _)| bytes.is_multiple_of(*unit));
    match unit {
        Some((unit, name)) => format!("{}{name}", bytes / unit),
        None => format!("{bytes}B"),
    }
}
