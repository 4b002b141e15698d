//! The common run of a text, many bytes at a time: what needs no escape and no second look.

const ONES: u64 = u64::from_le_bytes([1; 8]);
const HIGH: u64 = ONES << 7;

/// How many bytes at the start are printable ASCII, and neither quote nor backslash; some more may follow, which whoever
/// asks looks at one by one.
pub(super) fn run(bytes: &[u8]) -> usize {
    let (words, _) = bytes.as_chunks::<8>();
    let mut passed = 0;
    for word in words {
        let out = out(u64::from_le_bytes(*word));
        if out != 0 {
            return passed + (out.trailing_zeros() / 8) as usize;
        }
        passed += 8;
    }
    passed
}

/// Whether all bytes are so. Where there are sixteen, the compiler looks at them with one instruction; the last are looked
/// at together with some before them.
pub(super) fn all(bytes: &[u8]) -> bool {
    if let Some(last) = bytes.last_chunk::<16>() {
        let (blocks, _) = bytes.as_chunks::<16>();
        return blocks.iter().chain([last]).all(block);
    }
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => {
            (out(u64::from_le_bytes(*first)) | out(u64::from_le_bytes(*last))) == 0
        }
        _ => !bytes.iter().any(stands_out),
    }
}

fn block(bytes: &[u8; 16]) -> bool {
    !bytes.iter().fold(false, |out, byte| out | stands_out(byte))
}

fn stands_out(byte: &u8) -> bool {
    !matches!(byte, b' '..=b'~') | (*byte == b'"') | (*byte == b'\\')
}

/// In the high bit of a byte: whether it is below `least`, if no byte under it is.
const fn below(word: u64, least: u64) -> u64 {
    word.wrapping_sub(ONES * least) & !word
}

/// The high bit of each byte that stands out. Above the first there may be false ones, by what the subtraction borrowed.
const fn out(word: u64) -> u64 {
    (word
        | below(word, 0x20)
        | below(word ^ (ONES * b'"' as u64), 1)
        | below(word ^ (ONES * b'\\' as u64), 1)
        | below(word ^ (ONES * 0x7f), 1))
        & HIGH
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::{all, run};

    #[test]
    fn the_first_byte_that_stands_out_ends_the_run_wherever_it_is() {
        for byte in 0..=u8::MAX {
            for at in 0..24 {
                // What follows stands out too, or does not.
                for filling in [b"a", b"\x80", b"\"", b" ", b"\0", b"~"] {
                    let mut text = [b'x'; 24];
                    text[at..].fill(filling[0]);
                    text[at] = byte;
                    let first = text
                        .iter()
                        .position(|b| !matches!(b, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~'))
                        .unwrap_or(24);
                    assert_eq!(run(&text), first, "{byte:#x} at {at}");
                }
            }
        }
        assert_eq!(run(b"0123456\""), 7);
        // Less than eight are left to the caller.
        assert_eq!(run(b"0123456"), 0);
    }

    #[test]
    fn one_byte_that_stands_out_is_found_wherever_it_is() {
        for length in 0..40 {
            let mut text = vec![b'x'; length];
            assert!(all(&text));
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    text[at] = byte;
                    let plain = matches!(byte, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~');
                    assert_eq!(all(&text), plain, "{byte:#x} at {at} of {length}");
                }
                text[at] = b'x';
            }
        }
    }
}
