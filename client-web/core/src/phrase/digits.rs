//! A phrase as digits: the number it is, times four, plus two bits that catch most slips; as three phone numbers.

use sha2::{Digest, Sha256};

use super::{LIST, NotAPhrase, WORDS};

const NUMBERS: usize = 3;
const DIGITS: usize = 8;
const CHECKS: u128 = 4;

/// Three numbers of the form `06 12345678`.
pub(super) fn write(places: &[u16; WORDS]) -> [String; NUMBERS] {
    let number = places.iter().fold(0u128, |number, place| number * LIST as u128 + u128::from(*place));
    let all = format!("{:0width$}", number * CHECKS + check(number), width = NUMBERS * DIGITS);
    std::array::from_fn(|at| format!("06 {}", &all[at * DIGITS..][..DIGITS]))
}

/// Reads them back; `06`, `+31 6` and `0031 6` may be there or not, and signs between digits do not matter.
pub(super) fn read(typed: &str) -> Result<[u16; WORDS], NotAPhrase> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let prefixes = ["06", "316", "00316", ""];
    let strip = |prefix: &str| {
        let mut rest = digits.as_str();
        let mut kept = String::new();
        for _ in 0..NUMBERS {
            rest = rest.strip_prefix(prefix)?;
            kept.push_str(rest.get(..DIGITS)?);
            rest = &rest[DIGITS..];
        }
        rest.is_empty().then_some(kept)
    };
    let kept = prefixes.iter().find_map(|prefix| strip(prefix)).ok_or(NotAPhrase::Count(digits.len()))?;
    let all: u128 = kept.parse().map_err(|_| NotAPhrase::Digits)?;
    let (mut number, said) = (all / CHECKS, all % CHECKS);
    if number >= (LIST as u128).pow(WORDS as u32) || said != check(number) {
        return Err(NotAPhrase::Digits);
    }
    let mut places = [0; WORDS];
    for place in places.iter_mut().rev() {
        *place = (number % LIST as u128) as u16;
        number /= LIST as u128;
    }
    Ok(places)
}

fn check(number: u128) -> u128 {
    u128::from(Sha256::digest(number.to_be_bytes())[0]) % CHECKS
}
