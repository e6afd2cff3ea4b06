//! Padding: how long a message is says little about what it says.
//!
//! Buckets of 256 B, 1 KiB and 4 KiB, then Padmé (Nikitin et al., PETS 2019), applied before MLS.
//! Layout: the text's length as four big-endian bytes, the text, zeroes up to the bucket.

const BUCKETS: [usize; 3] = [256, 1024, 4096];
const PREFIX: usize = 4;

/// `text` in the smallest bucket that holds it.
pub fn pad(text: &[u8]) -> Vec<u8> {
    let mut padded = Vec::with_capacity(padded_length(text.len() + PREFIX));
    padded.extend_from_slice(&(text.len() as u32).to_be_bytes());
    padded.extend_from_slice(text);
    padded.resize(padded_length(padded.len()), 0);
    padded
}

/// The text inside `padded`, or `None` if it was not made by [`pad`].
pub fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let (length, rest) = padded.split_first_chunk::<PREFIX>()?;
    let length = u32::from_be_bytes(*length) as usize;
    let (text, zeroes) = rest.split_at_checked(length)?;
    let canonical = padded.len() == padded_length(length + PREFIX) && zeroes.iter().all(|&byte| byte == 0);
    canonical.then_some(text)
}

fn padded_length(length: usize) -> usize {
    BUCKETS.into_iter().find(|&bucket| length <= bucket).unwrap_or_else(|| padme(length))
}

// Padmé keeps the length's exponent and as many leading bits as the exponent has digits: at most 12 % more.
fn padme(length: usize) -> usize {
    let exponent = usize::BITS - 1 - length.leading_zeros();
    let digits = usize::BITS - exponent.leading_zeros();
    let mask = (1usize << (exponent - digits.min(exponent))) - 1;
    (length + mask) & !mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_yes_and_a_no_have_the_same_length() {
        assert_eq!(pad(b"ja").len(), pad(b"nee, nu even niet").len());
    }

    #[test]
    fn every_length_comes_back_and_grows_by_little() {
        for length in (0..70_000).step_by(331) {
            let text = vec![b'x'; length];
            let padded = pad(&text);
            assert_eq!(unpad(&padded), Some(text.as_slice()));
            assert!(length <= 4092 || padded.len() <= (length + PREFIX) + (length + PREFIX) / 8);
        }
    }

    #[test]
    fn foreign_padding_is_refused() {
        let mut padded = pad(b"tekst");
        padded.push(0);
        assert_eq!(unpad(&padded), None);
        let mut hidden = pad(b"tekst");
        *hidden.last_mut().unwrap() = 1;
        assert_eq!(unpad(&hidden), None);
        assert_eq!(unpad(&[0, 0]), None);
    }
}
