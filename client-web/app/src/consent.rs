//! What may leave her device with a call: only what she said yes to. Nothing follows from silence.

use lotgenoot_messages::{Consent, Intake, Safe};

/// The intake as it may be sent.
#[must_use]
pub fn as_consented(mut intake: Intake) -> Intake {
    if !intake.consents.contains(&Consent::Summary) {
        let Intake { nickname, language, consents, safe_ways, municipality, urgency, .. } = intake;
        intake =
            Intake { nickname, language, consents, safe_ways, municipality, urgency, ..Intake::default() };
    }
    if !intake.consents.contains(&Consent::Municipality) {
        intake.municipality.clear();
    }
    intake.nickname = intake.nickname.trim().to_owned();
    intake.flags.sort();
    intake.consents.sort();
    intake
}

/// She filled in something that will stay behind. She is told, so that nobody relies on what was never read.
#[must_use]
pub fn leaves_something_behind(intake: &Intake) -> bool {
    let sent = as_consented(intake.clone());
    let texts = |intake: &Intake| {
        let Intake { where_is_he, children, wants, tried, municipality, .. } = intake;
        [where_is_he, children, wants, tried, municipality].map(|text| !text.trim().is_empty())
    };
    let answers = |intake: &Intake| {
        let Intake { safe, read_along, minutes, flags, .. } = intake;
        (*safe != Safe::Unknown, *read_along != Safe::Unknown, *minutes, flags.len())
    };
    texts(intake) != texts(&sent) || answers(intake) != answers(&sent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotgenoot_messages::{Flag, Urgency};

    fn filled_in(consents: &[Consent]) -> Intake {
        Intake {
            nickname: " Klaproos ".to_owned(),
            safe: Safe::Yes,
            wants: "slapen".to_owned(),
            flags: vec![Flag::Fear, Flag::Threats],
            language: "Nederlands".to_owned(),
            consents: consents.to_vec(),
            safe_ways: "overdag".to_owned(),
            municipality: "Dordrecht".to_owned(),
            ..Intake::default()
        }
    }

    #[test]
    fn without_consent_to_read_it_nothing_she_wrote_leaves() {
        let intake = Intake { urgency: Urgency::Today, ..filled_in(&[Consent::Talk]) };
        assert!(leaves_something_behind(&intake));
        let sent = as_consented(intake);
        assert_eq!(
            sent.urgency,
            Urgency::Today,
            "how soon she wants somebody is no secret from whom she asks"
        );
        assert_eq!((sent.wants.as_str(), sent.safe, sent.flags.len()), ("", Safe::Unknown, 0));
        assert_eq!((sent.nickname.as_str(), sent.safe_ways.as_str()), ("Klaproos", "overdag"));
        assert_eq!(sent.municipality, "");
    }

    #[test]
    fn with_consent_all_of_it_leaves_in_the_order_of_the_card() {
        let intake = filled_in(&[Consent::Municipality, Consent::Talk, Consent::Summary]);
        assert!(!leaves_something_behind(&intake));
        let sent = as_consented(intake);
        assert_eq!((sent.wants.as_str(), sent.municipality.as_str()), ("slapen", "Dordrecht"));
        assert_eq!(sent.flags, [Flag::Threats, Flag::Fear]);
        assert_eq!(sent.consents, [Consent::Talk, Consent::Summary, Consent::Municipality]);
    }

    #[test]
    fn an_empty_card_leaves_nothing_behind() {
        assert!(!leaves_something_behind(&Intake::default()));
    }
}
