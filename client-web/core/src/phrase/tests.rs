use std::collections::BTreeSet;

use proptest::prelude::*;

use lotgenoot_protocol::role::OrganisationId;

use super::*;

fn phrase(seed: u64) -> Phrase {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    Phrase::draw(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        [(state >> 56) as u8, (state >> 48) as u8]
    })
}

#[test]
fn the_list_has_a_word_for_every_throw_of_five_dice() {
    let words: Vec<&str> = list().collect();
    assert_eq!(words.len(), LIST);
    assert!(words.is_sorted_by(|one, next| one < next), "sorted, and none twice");
    for word in words {
        assert!((4..=10).contains(&word.len()), "{word} is too short or too long");
        assert!(word.bytes().all(|it| it.is_ascii_lowercase()), "{word} cannot be typed everywhere");
    }
}

// Two words one slip apart lose a letter each to the same rest, or have changed one letter or two.
#[test]
fn no_two_words_are_one_slip_of_the_finger_apart() {
    let mut rests: std::collections::BTreeMap<String, Vec<&str>> = std::collections::BTreeMap::new();
    for word in list() {
        let without = |at: usize| format!("{}{}", &word[..at], &word[at + 1..]);
        let own: BTreeSet<String> = (0..word.len()).map(without).chain([word.to_owned()]).collect();
        for rest in own {
            rests.entry(rest).or_default().push(word);
        }
    }
    for alike in rests.values() {
        for (at, one) in alike.iter().enumerate() {
            for other in &alike[..at] {
                assert!(strsim::osa_distance(one, other) > 1, "{one} and {other} are one slip apart");
            }
        }
    }
}

#[test]
fn no_two_words_sound_the_same() {
    let mut heard = std::collections::BTreeMap::new();
    for word in list() {
        let same = [
            ("ei", "ij"),
            ("au", "ou"),
            ("ch", "g"),
            ("c", "k"),
            ("ph", "f"),
            ("y", "ij"),
            ("v", "f"),
            ("z", "s"),
        ];
        let mut sound = word.to_owned();
        for (one, other) in same {
            sound = sound.replace(one, other);
        }
        if let Some(rest) = sound.strip_suffix('d') {
            sound = format!("{rest}t");
        }
        if let Some(other) = heard.insert(sound, word) {
            panic!("{word} and {other} sound the same");
        }
    }
}

#[test]
fn what_was_typed_carelessly_is_read_all_the_same() {
    let phrase = phrase(1);
    let [one, two, three, four, five, six] = phrase.words();
    let typed = format!("  {}, {two}-{three}\n{four}.  {five} {six}!", one.to_uppercase());
    assert_eq!(Phrase::read(&typed), Ok(phrase));
}

#[test]
fn a_slip_in_a_word_is_seen_and_the_word_that_was_meant_is_named() {
    let mut named = 0;
    for seed in 0..40 {
        let phrase = phrase(seed);
        let meant = phrase.words()[2];
        let slip = format!("{}{}", &meant[..1], &meant[2..]);
        let mut words = phrase.words();
        words[2] = &slip;
        let typed = words.join(" ");
        let Err(NotAPhrase::Words(told)) = Phrase::read(&typed) else {
            panic!("{slip} was taken for a word")
        };
        assert_ne!(told[2], Typed::Known);
        assert_eq!(told[1], Typed::Known);
        named += usize::from(matches!(&told[2], Typed::Meant(words) if words.contains(&meant)));
    }
    assert!(named >= 38, "only {named} of 40 words were named");
}

#[test]
fn too_few_words_are_counted() {
    assert_eq!(Phrase::read("appel"), Err(NotAPhrase::Count(1)));
    assert_eq!(Phrase::read(""), Err(NotAPhrase::Count(0)));
}

#[test]
fn the_digits_are_three_phone_numbers() {
    for number in phrase(7).digits() {
        assert_eq!(number.len(), "06 12345678".len());
        assert!(number.starts_with("06 "));
    }
}

#[test]
fn every_word_is_as_likely_as_any_other() {
    // The two bytes that would favour the first words are drawn again.
    let mut drawn = [[0xff, 0xff], [0xf3, 0x00], [0, 0], [0, 1], [0, 2], [0, 3], [0, 4], [0, 5]].into_iter();
    let phrase = Phrase::draw(|| drawn.next().expect("no more than these are drawn"));
    assert_eq!(phrase.0, [0, 1, 2, 3, 4, 5]);
}

#[test]
fn the_same_phrase_gives_other_keys_elsewhere_and_the_same_here() {
    let keys = |organisation| {
        let mut stretch = Stretch::begin(&phrase(3), organisation);
        loop {
            if let Some(keys) = stretch.round() {
                return keys;
            }
            assert!(stretch.progress() < 1000);
        }
    };
    let (here, again) = (keys(OrganisationId([1; 16])), keys(OrganisationId([1; 16])));
    let there = keys(OrganisationId([2; 16]));
    assert_eq!((here.slot, here.owner_key()), (again.slot, again.owner_key()));
    assert_ne!(here.slot, there.slot);
    assert_ne!(here.owner_key(), there.owner_key());
}

proptest! {
    #[test]
    fn words_and_digits_say_the_same(places in prop::array::uniform6(0u16..LIST as u16)) {
        let phrase = Phrase(places);
        let same = Ok(phrase.clone());
        prop_assert_eq!(&Phrase::read(&phrase.words().join(" ")), &same);
        prop_assert_eq!(&Phrase::read(&phrase.digits().join("\n")), &same);
        let abroad = phrase.digits().map(|number| number.replacen("06 ", "+31 6 ", 1)).join(", ");
        prop_assert_eq!(&Phrase::read(&abroad), &same);
    }

    #[test]
    fn nothing_typed_makes_it_fall_over(typed in ".{0,80}") {
        let _either = Phrase::read(&typed);
        let _hints = look_at(&typed);
    }
}
