//! Whether an RSA key is strong enough to believe (P24).

/// 2048 to 8192 bits and an exponent that every issuer of today uses or exceeds (NIST SP 800-56B §6.2.1).
pub(super) fn strong(n: &[u8], e: &[u8]) -> Result<(), String> {
    let bits = match n.first() {
        Some(0) | None => {
            return Err("holds an RSA key whose modulus is not in shortest form".to_owned());
        }
        Some(first) => n.len() * 8 - first.leading_zeros() as usize,
    };
    if bits < 2048 {
        return Err("holds an RSA key of less than 2048 bits".to_owned());
    }
    if bits > 8192 {
        return Err("holds an RSA key of more than 8192 bits".to_owned());
    }
    let exponent = match e {
        [0, ..] | [] | [_, _, _, _, _, ..] => 0,
        digits => digits
            .iter()
            .fold(0_u64, |sum, digit| (sum << 8) | u64::from(*digit)),
    };
    if exponent < 65_537
        || exponent.is_multiple_of(2)
        || n.last().is_none_or(|last| last.is_multiple_of(2))
    {
        return Err(
            "holds an RSA key with an unusable modulus or exponent (65537 is the usual exponent)"
                .to_owned(),
        );
    }
    if is_roca(n) {
        return Err(
            "holds an RSA key whose factors can be found (ROCA, CVE-2017-15361); make a new one"
                .to_owned(),
        );
    }
    Ok(())
}

/// The primes of the products that the flawed generator worked with, as far as a modulus of 2048 bits shows them.
const PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/// Primes of that generator are powers of 65537 modulo each of [`PRIMES`], and so is their product (Nemec et al., "The
/// Return of Coppersmith's Attack", 2017, §3). A sound modulus is one by chance once in more than 2^100.
fn is_roca(n: &[u8]) -> bool {
    PRIMES.iter().all(|prime| {
        let rest = n
            .iter()
            .fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % prime);
        let generator = 65_537 % prime;
        let mut power = 1;
        loop {
            if power == rest {
                return true;
            }
            power = power * generator % prime;
            // The powers have come round.
            if power == 1 {
                return false;
            }
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// 65537 to the power of `exponent`, big-endian.
    fn power(exponent: usize) -> Vec<u8> {
        let mut digits = vec![1_u8];
        for _ in 0..exponent {
            // Times 2^16, plus itself: little-endian.
            let mut sum = Vec::new();
            let mut carry = 0_u16;
            for at in 0..digits.len() + 2 {
                let digit = |at: Option<usize>| {
                    at.and_then(|at| digits.get(at))
                        .copied()
                        .map_or(0, u16::from)
                };
                carry += digit(Some(at)) + digit(at.checked_sub(2));
                let [low, high] = carry.to_le_bytes();
                sum.push(low);
                carry = u16::from(high);
            }
            if carry > 0 {
                sum.push(1);
            }
            digits = sum;
        }
        while digits.last() == Some(&0) {
            digits.pop();
        }
        digits.reverse();
        digits
    }

    #[test]
    fn a_modulus_with_the_mark_of_roca_is_refused() {
        let marked = power(128);
        assert!(is_roca(&marked));
        assert!(strong(&marked, &[1, 0, 1]).unwrap_err().contains("ROCA"));
        let mut other = marked;
        if let Some(last) = other.last_mut() {
            *last ^= 2;
        }
        assert!(!is_roca(&other));
        assert_eq!(strong(&other, &[1, 0, 1]), Ok(()));
    }
}
