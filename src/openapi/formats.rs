//! Formats of numbers, and what a number of each lies between.

/// The largest finite number of 32 bits (IEEE 754), written out.
const LARGEST_SINGLE: &str = "340282346638528859811704183484516925440";

/// The least and the greatest integer of a format of the OpenAPI format registry. `None`: no such format is registered,
/// or it names no integers.
///
/// `u-int32` and the like are what generators that write names with hyphens make of `uint32`; nothing else is meant by them.
pub fn integers(format: &str) -> Option<(i128, i128)> {
    Some(match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "int64" => (i64::MIN.into(), i64::MAX.into()),
        "uint8" | "u-int8" => (0, u8::MAX.into()),
        "uint16" | "u-int16" => (0, u16::MAX.into()),
        "uint32" | "u-int32" => (0, u32::MAX.into()),
        "uint64" | "u-int64" => (0, u64::MAX.into()),
        _ => return None,
    })
}

/// What the absolute value of a number of a format of the registry is at most; inner `None`: what is read at all, that of a
/// double. `None`: no such format is registered, or it names no numbers.
pub fn numbers(format: &str) -> Option<Option<&'static str>> {
    match format {
        "float" => Some(Some(LARGEST_SINGLE)),
        "double" => Some(None),
        _ => None,
    }
}
