//! Texts that nobody means well with end in an error, soon, and never in a panic or an overflow.

use super::*;
use std::time::{Duration, Instant};

#[test]
fn deep_and_long_texts_are_refused_in_time() {
    let many = 100_000;
    for text in [
        "(".repeat(many),
        format!("{}1{}", "(".repeat(65), ")".repeat(65)),
        "[".repeat(4_000),
        "!".repeat(8_000) + "true",
        "-".repeat(8_000) + "1",
        format!("this{}", ".a".repeat(4_000)),
        format!("this{}", "['a']".repeat(1_500)),
        "a?b:".repeat(2_000) + "c",
        "a?".repeat(2_000),
        "1+".repeat(4_000) + "1",
        "a.all(x,".repeat(1_000),
        "has(".repeat(2_000),
        format!("true{}", " && true".repeat(many)),
        "'".to_owned() + &"\\".repeat(8_000),
        "\u{202e}\u{0}😀".repeat(1_000),
        "'\u{202e}\u{0}😀".repeat(700),
        "//".repeat(4_000),
        "x".repeat(LONGEST + 1),
        "0".repeat(8_000) + "x",
        "this.lines.all(a, this.lines.all(b, this.lines.all(c, this.lines.all(d, true))))"
            .to_owned(),
    ] {
        let start = Instant::now();
        let start_of: String = text.chars().take(30).collect();
        assert!(checked(&text).is_err(), "{start_of}");
        assert!(
            start.elapsed() < Duration::from_secs(2),
            "{start_of}: {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn a_long_chain_is_not_deep() {
    let text = format!("true{}", " && true".repeat(900));
    assert!(checked(&text).is_ok());
    let text = format!("false{}", "||false".repeat(1_000));
    assert!(checked(&text).is_ok());
    let nested = format!("{}true{}", "(".repeat(60), ")".repeat(60));
    assert!(checked(&nested).is_ok());
}

#[test]
fn no_piece_of_text_panics() {
    let good =
        "this.lines.all(l, l.amount >= 0 ? has(principal.ward) : 'é\\n' in [r\"x\", '''y'''])";
    let ends: Vec<usize> = good.char_indices().map(|(at, _)| at).collect();
    for from in &ends {
        for to in ends.iter().filter(|to| *to >= from) {
            let _ = checked(&good[*from..*to]);
        }
        for piece in ["§", "\"", "\\", "\u{0}", "[", "é", "0x", "1e", "."] {
            let mut text = good.to_owned();
            text.insert_str(*from, piece);
            let _ = checked(&text);
        }
    }
}
