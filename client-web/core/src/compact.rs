//! What the MLS library stores, made small: it writes JSON, in which a key of 32 bytes is a list of numbers.
//!
//! The same values in CBOR (RFC 8949), with lists of bytes as byte strings: a third of the size, and short enough
//! for a compressor to see that three epochs of one room name the same members.

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};
use serde_json::{Map, Number, Value};

// What the first byte says of the rest.
const AS_IT_WAS: u8 = 0;
const COMPACT: u8 = 1;
// The library nests a dozen deep; a vault that says otherwise was not written by us.
const DEPTH_MAX: usize = 64;

/// A stored value, smaller. What is no JSON, or holds anything that JSON of ours does not, stays as it was.
pub(crate) fn compact(stored: &[u8]) -> Vec<u8> {
    let mut bytes = vec![COMPACT];
    let made = serde_json::from_slice::<Value>(stored).ok().and_then(|value| {
        let mut encoder = Encoder::new(&mut bytes);
        write(&mut encoder, &value)
    });
    match made {
        // Written again it must be what it was, but for spaces and the order of names.
        Some(()) => bytes,
        None => [&[AS_IT_WAS], stored].concat(),
    }
}

/// The value as the library wrote it; `None` if it was not made by [`compact`].
pub(crate) fn expand(bytes: &[u8]) -> Option<Vec<u8>> {
    match bytes.split_first()? {
        (&AS_IT_WAS, stored) => Some(stored.to_vec()),
        (&COMPACT, rest) => {
            let mut decoder = Decoder::new(rest);
            let value = read(&mut decoder, DEPTH_MAX)?;
            (decoder.position() == rest.len()).then(|| serde_json::to_vec(&value).ok()).flatten()
        }
        _ => None,
    }
}

fn write(encoder: &mut Encoder<&mut Vec<u8>>, value: &Value) -> Option<()> {
    match value {
        Value::Null => drop(encoder.null().ok()?),
        Value::Bool(it) => drop(encoder.bool(*it).ok()?),
        Value::Number(number) => drop(encoder.u64(number.as_u64()?).ok()?),
        Value::String(text) => drop(encoder.str(text).ok()?),
        Value::Array(items) => {
            let byte = |item: &Value| item.as_u64().and_then(|number| u8::try_from(number).ok());
            match items.iter().map(byte).collect::<Option<Vec<u8>>>() {
                Some(bytes) => drop(encoder.bytes(&bytes).ok()?),
                None => {
                    encoder.array(items.len() as u64).ok()?;
                    items.iter().try_for_each(|item| write(encoder, item))?;
                }
            }
        }
        Value::Object(fields) => {
            encoder.map(fields.len() as u64).ok()?;
            for (name, value) in fields {
                encoder.str(name).ok()?;
                write(encoder, value)?;
            }
        }
    }
    Some(())
}

fn read(decoder: &mut Decoder<'_>, depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    Some(match decoder.datatype().ok()? {
        Type::Null => {
            decoder.null().ok()?;
            Value::Null
        }
        Type::Bool => Value::Bool(decoder.bool().ok()?),
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => Value::Number(Number::from(decoder.u64().ok()?)),
        Type::String => Value::String(decoder.str().ok()?.to_owned()),
        Type::Bytes => Value::Array(decoder.bytes().ok()?.iter().map(|byte| Value::from(*byte)).collect()),
        Type::Array => {
            let count = decoder.array().ok()??;
            let mut items = Vec::new();
            for _ in 0..count {
                items.push(read(decoder, depth)?);
            }
            Value::Array(items)
        }
        Type::Map => {
            let count = decoder.map().ok()??;
            let mut fields = Map::new();
            for _ in 0..count {
                let name = decoder.str().ok()?.to_owned();
                fields.insert(name, read(decoder, depth)?);
            }
            Value::Object(fields)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(stored: &str) {
        let back = expand(&compact(stored.as_bytes())).expect("it was made here");
        let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).expect("JSON");
        assert_eq!(read(&back), read(stored.as_bytes()), "{stored}");
    }

    #[test]
    fn what_was_stored_comes_back() {
        for stored in [
            "null",
            "true",
            "[]",
            "[[],[1,2,255],[1,2,256]]",
            r#"{"a":[0,17],"b":{"c":null,"d":[{"e":"é"},7]},"n":18446744073709551615}"#,
        ] {
            same(stored);
        }
        // What it does not know, it leaves alone.
        for stored in ["no json", "1.5", "[-1]", ""] {
            assert_eq!(expand(&compact(stored.as_bytes())).as_deref(), Some(stored.as_bytes()));
        }
    }

    #[test]
    fn a_key_weighs_what_it_is() {
        let key: Vec<u8> = (0..=255).rev().take(200).collect();
        let stored = serde_json::to_vec(&key).expect("JSON");
        assert!(stored.len() > 700);
        assert!(compact(&stored).len() < 205);
    }

    #[test]
    fn what_was_not_made_here_is_refused() {
        let deep = [vec![COMPACT], vec![0x81; 5_000]].concat();
        for bytes in
            [vec![], vec![7, 1], vec![COMPACT], vec![COMPACT, 0xf6, 0xf6], vec![COMPACT, 0x9b, 0xff], deep]
        {
            assert_eq!(expand(&bytes), None);
        }
    }
}
