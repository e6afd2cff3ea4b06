//! Keeps SPEC.md honest: its tables hold every number of the source, its structures every field, its example real bytes.
//!
//! The source is read as text: simple, and it sees what a compiled constant cannot show, its name.

use std::collections::BTreeMap;

use lotgenoot_protocol::codec::{Received, decode_client, decode_server, encode_client, encode_server};
use lotgenoot_protocol::frame::{Answer, Challenge, Hello, Push, Request, ServerFrame};
use lotgenoot_protocol::mls::private_header;
use lotgenoot_protocol::outcome::Code;
use lotgenoot_protocol::register::RegisterHead;
use lotgenoot_protocol::role::Trust;
use lotgenoot_protocol::sign::{Purpose, verify};
use lotgenoot_protocol::{RootKey, Seq};
use minicbor::Decoder;
use minicbor::data::Type;

const SPEC: &str = include_str!("../SPEC.md");
const FRAME: &str = include_str!("../src/frame.rs");
const CALL: &str = include_str!("../src/call.rs");
const VAULT: &str = include_str!("../src/vault.rs");
const REFUSAL: &str = include_str!("../src/refusal.rs");
const POLICY: &str = include_str!("../src/policy.rs");
const LIMITS: &str = include_str!("../src/limits.rs");
const SESSION: &str = include_str!("../src/session.rs");
const FLOOR: &str = include_str!("../src/floor.rs");
const SIGN: &str = include_str!("../src/sign.rs");

#[test]
fn every_frame_stands_in_the_frame_tables_and_no_other() {
    for name in ["Request", "Answer", "Push"] {
        assert_eq!(table("type", name), frames(name), "the table of {name}");
    }
}

#[test]
fn every_number_of_an_enumeration_stands_in_its_table_and_no_other() {
    for (source, name) in [
        (POLICY, "Rule"),
        (REFUSAL, "Refused"),
        (CALL, "Urgency"),
        (CALL, "CallNotice"),
        (CALL, "Part"),
        (CALL, "Reason"),
        (CALL, "Ended"),
        (CALL, "Step"),
        (CALL, "Why"),
        (CALL, "Alarm"),
        (SESSION, "SessionNotice"),
        (FLOOR, "Measure"),
        (FRAME, "EntryKind"),
        (FRAME, "Notice"),
    ] {
        assert_eq!(table("number", name), variants(source, name), "the table of {name}");
    }
}

#[test]
fn every_outcome_stands_in_its_table_by_its_bit() {
    let codes = Code::ALL.iter().enumerate();
    let codes = codes.map(|(at, code)| (at as u32, format!("{code:?}"))).collect::<BTreeMap<_, _>>();
    assert_eq!(table("number", "Code"), codes);
}

#[test]
fn every_limit_stands_in_the_table_with_its_value_and_no_other() {
    let written = rows("limit", "value");
    let written: BTreeMap<String, u64> = written
        .iter()
        .map(|row| (row[0].trim_matches('`').to_owned(), row[1].parse().expect("a value in plain digits")))
        .collect();
    let limits: BTreeMap<String, u64> = LIMITS.lines().filter_map(limit).collect();
    assert!(limits.len() > 30, "limits.rs is read");
    assert_eq!(written, limits);
}

#[test]
fn every_structure_stands_in_the_cddl_with_its_fields_in_order() {
    for (source, least) in [(FRAME, 25), (CALL, 5), (VAULT, 10)] {
        let structures = structures(source);
        assert!(structures.len() >= least, "the source is read");
        for (name, fields) in structures {
            assert_eq!(production(&name), fields, "the CDDL of {name}");
        }
    }
}

#[test]
fn every_signature_label_stands_in_the_table() {
    let labels: Vec<&str> = SIGN.split("b\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let labels: Vec<&str> = labels.into_iter().filter(|label| label.starts_with("Lotgenoot ")).collect();
    assert_eq!(labels.len(), rows("label", "signer").len());
    for label in labels {
        assert!(SPEC.contains(&format!("| `{label}` |")), "{label}");
    }
}

#[test]
fn the_example_is_made_of_real_frames_and_shown_as_they_are() {
    let example = example();
    assert!(example.len() >= 12, "the appendix is read");
    let first_screen: String = SPEC.split("## Conventions").next().expect("a beginning").to_owned();
    for (name, to_relay, bytes) in &example {
        let (known, again) = if *to_relay {
            let Ok(Received::Known(frame)) = decode_client(bytes) else { panic!("{name} does not decode") };
            (variant(&frame.request), encode_client(&frame))
        } else {
            let Ok(Some(frame)) = decode_server(bytes) else { panic!("{name} does not decode") };
            let known = match &frame {
                ServerFrame::Reply(_, answer) => variant(answer),
                ServerFrame::Push(push) => variant(push),
            };
            (known, encode_server(&frame))
        };
        assert_eq!(known, *name);
        assert_eq!(again, *bytes, "{name} is not what the codec writes");
        let arrow = if *to_relay { '→' } else { '←' };
        let line = format!("{arrow} {name:<11} {}", diagnostic(&mut Decoder::new(bytes)));
        assert!(first_screen.contains(&line), "the first screen lacks: {line}");
    }
    let shown = first_screen.lines().filter(|line| line.starts_with(['←', '→'])).count();
    assert_eq!(shown, example.len());
}

#[test]
fn the_examples_signatures_hold_for_its_host_and_root() {
    let host = quoted("The host is `");
    let root = unhex(&quoted("The root key is `"));
    let trust = Trust::new(RootKey::from_slice(&root).expect("a root key"));
    let example = example();
    let mut nonce = Vec::new();
    let mut verified = Vec::new();
    for (name, to_relay, bytes) in &example {
        match (to_relay, name.as_str()) {
            (true, _) => {
                let Ok(Received::Known(frame)) = decode_client(bytes) else { continue };
                match frame.request {
                    Request::Hello(Hello { account, signature, .. }) => {
                        assert!(verify(&account.0, Purpose::Hello, &[&nonce, host.as_bytes()], &signature));
                    }
                    Request::Attach(it) => {
                        let parts: [&[u8]; 3] = [&nonce, host.as_bytes(), &it.room.0];
                        assert!(verify(&it.leaf.0, Purpose::Attach, &parts, &it.signature));
                    }
                    Request::Send(it) => {
                        assert_eq!(private_header(&it.message).map(|header| header.room), Some(it.room));
                    }
                    Request::Ack(it) => assert_eq!(it.seq, Seq(42)),
                    _ => continue,
                }
            }
            (false, _) => match decode_server(bytes) {
                Ok(Some(ServerFrame::Push(Push::Challenge(Challenge { nonce: it, .. })))) => nonce = it.0,
                Ok(Some(ServerFrame::Reply(_, Answer::Welcomed(it)))) => {
                    let head = RegisterHead::from_bytes(&it.register_head).expect("a register head");
                    assert_eq!(head.verify(&trust), Ok(()));
                }
                _ => continue,
            },
        }
        verified.push(name.as_str());
    }
    assert_eq!(verified, ["Challenge", "Hello", "Welcomed", "Attach", "Send", "Ack"]);
}

// ---- SPEC.md

/// The rows of the one table whose header begins with these two cells.
fn rows(first: &str, second: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let mut tables = SPEC.split("\n\n").filter(|part| {
        let header = cells(part.trim_start().lines().next().unwrap_or_default());
        header.len() > 1 && header[0] == first && header[1] == second
    });
    let found = tables.next().unwrap_or_else(|| panic!("SPEC.md has a table | {first} | {second} |"));
    assert!(tables.next().is_none(), "two tables | {first} | {second} |");
    found.trim().lines().skip(2).map(cells).collect()
}

/// Number and name of each row.
fn table(first: &str, second: &str) -> BTreeMap<u32, String> {
    let rows = rows(first, second);
    let count = rows.len();
    let table: BTreeMap<u32, String> =
        rows.into_iter().map(|row| (row[0].parse().expect("a number"), row[1].clone())).collect();
    assert_eq!(table.len(), count, "a number of {second} stands there twice");
    table
}

/// The field names of the production `name` of the CDDL.
fn production(name: &str) -> Vec<String> {
    let begin = format!("\n{name} = [");
    let rest = SPEC.split(&begin).nth(1).unwrap_or_else(|| panic!("SPEC.md has no CDDL for {name}"));
    // Up to the end of the production: the next one begins at the margin.
    let body: String =
        rest.split("\n").take_while(|line| !line.is_empty()).fold(String::new(), |body, line| {
            let at_margin = !body.is_empty() && !line.starts_with(' ');
            if at_margin || body.ends_with('\0') { body + "\0" } else { body + line }
        });
    body.split([',', '[', '\0'])
        .filter_map(|part| part.split_once(':'))
        .map(|(field, _)| field.trim().trim_start_matches("? ").to_owned())
        .collect()
}

/// Each frame of the appendix: its name, whether it goes to the relay, its bytes.
fn example() -> Vec<(String, bool, Vec<u8>)> {
    let block = SPEC.split("```hex\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an appendix");
    let mut frames: Vec<(String, bool, String)> = Vec::new();
    for line in block.lines() {
        match (line.strip_prefix("→ "), line.strip_prefix("← ")) {
            (Some(name), _) => frames.push((name.to_owned(), true, String::new())),
            (_, Some(name)) => frames.push((name.to_owned(), false, String::new())),
            _ => frames.last_mut().expect("a name before the bytes").2.push_str(line),
        }
    }
    frames.into_iter().map(|(name, to_relay, hex)| (name, to_relay, unhex(&hex))).collect()
}

fn quoted(before: &str) -> String {
    let rest = SPEC.split(before).nth(1).unwrap_or_else(|| panic!("SPEC.md says: {before}"));
    rest.split('`').next().unwrap_or_default().to_owned()
}

// ---- the source

/// The frames of one `frames!` block.
fn frames(name: &str) -> BTreeMap<u32, String> {
    let block = FRAME.split(&format!("\n    {name} {{\n")).nth(1).expect("a frames! block");
    let block = block.split("\n    }\n").next().unwrap_or_default();
    let frame = |line: &str| {
        let (code, rest) = line.trim().split_once(' ')?;
        Some((code.parse().ok()?, rest.split('(').next()?.to_owned()))
    };
    let frames: BTreeMap<u32, String> = block.lines().filter_map(frame).collect();
    assert!(!frames.is_empty(), "the frames of {name} are read");
    frames
}

/// The numbered variants of an enumeration.
fn variants(source: &str, name: &str) -> BTreeMap<u32, String> {
    let body = source.split(&format!("\npub enum {name} {{\n")).nth(1).expect("an enumeration");
    let lines: Vec<&str> = body.split("\n}\n").next().unwrap_or_default().lines().collect();
    let variant = |pair: &[&str]| {
        let number = pair[0].strip_prefix("    #[n(")?.strip_suffix(")]")?.parse().ok()?;
        let name: String = pair[1].trim().chars().take_while(char::is_ascii_alphanumeric).collect();
        Some((number, name))
    };
    let variants: BTreeMap<u32, String> = lines.windows(2).filter_map(variant).collect();
    assert!(!variants.is_empty(), "the variants of {name} are read");
    variants
}

/// Every encoded structure, as the CDDL names it, with its fields.
fn structures(source: &str) -> Vec<(String, Vec<String>)> {
    let mut structures = Vec::new();
    for part in source.split("\n#[derive(").skip(1) {
        let Some((derives, rest)) = part.split_once(")]\n") else { continue };
        let Some(rest) = rest.strip_prefix("pub struct ").filter(|_| derives.contains("Encode")) else {
            continue;
        };
        let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        let body = rest.split("\n}\n").next().unwrap_or_default();
        let fields = if rest[name.len()..].starts_with(" {}") { "" } else { body };
        let field = |line: &str| {
            let (field, _) = line.strip_prefix("    pub ")?.split_once(':')?;
            Some(field.replace('_', "-"))
        };
        structures.push((kebab(&name), fields.lines().filter_map(field).collect()));
    }
    structures
}

/// `pub const NAME: type = 64 * 1024;`
fn limit(line: &str) -> Option<(String, u64)> {
    let (name, rest) = line.strip_prefix("pub const ")?.split_once(": ")?;
    let (_, product) = rest.strip_suffix(';')?.split_once(" = ")?;
    let factors = product.split(" * ").map(|factor| factor.replace('_', "").parse::<u64>());
    let value =
        factors.map(|factor| factor.unwrap_or_else(|_| panic!("a product of numbers: {line}"))).product();
    Some((name.to_owned(), value))
}

fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}

// ---- bytes

/// Diagnostic notation (RFC 8949 §8), with long byte strings cut short as on the first screen.
fn diagnostic(decoder: &mut Decoder<'_>) -> String {
    match decoder.datatype().expect("a value") {
        Type::Array => {
            let length = decoder.array().expect("an array").expect("of known length");
            let values: Vec<String> = (0..length).map(|_| diagnostic(decoder)).collect();
            format!("[{}]", values.join(", "))
        }
        Type::Bytes => {
            let bytes = decoder.bytes().expect("bytes");
            let hex: String = bytes.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            format!("h'{hex}…'")
        }
        Type::String => format!("{:?}", decoder.str().expect("text")),
        Type::Null => {
            decoder.null().expect("null");
            "null".to_owned()
        }
        _ => decoder.u64().expect("a number").to_string(),
    }
}

/// The name of the variant a value is.
fn variant(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}").chars().take_while(char::is_ascii_alphanumeric).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2) && text.is_ascii(), "hexadecimal digits in pairs");
    let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal digits");
    (0..text.len()).step_by(2).map(byte).collect()
}
