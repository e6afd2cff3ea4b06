//! Help calls in numbers: as lines of comma-separated values (RFC 4180), and how long a bar is.

use lotgenoot_messages::{OutcomeCode, QuarterView};

/// Everything as text, a line for each number: year, quarter, service, what, up to how many seconds, how many. What is left
/// out because it is few is empty.
#[must_use]
pub fn csv(quarters: &[QuarterView]) -> String {
    let mut text = "year,quarter,service,figure,up_to_seconds,count\r\n".to_owned();
    for it in quarters {
        let mut line = |figure: &str, up_to: Option<u64>, count: Option<u64>| {
            let number = |number: Option<u64>| number.map_or_else(String::new, |it| it.to_string());
            let cells = [&it.year.to_string(), &it.quarter.to_string(), &quoted(&it.service), figure];
            text += &format!("{},{},{}\r\n", cells.join(","), number(up_to), number(count));
        };
        line("raised", None, it.raised);
        line("unstaffed", None, it.unstaffed);
        line("still_waiting", None, it.still_waiting);
        it.taken.iter().for_each(|(up_to, count)| line("taken", *up_to, *count));
        it.spoke.iter().for_each(|(up_to, count)| line("spoke", *up_to, *count));
        line("lead_lost", None, it.lead_lost);
        let hops = ["closed_after_0_hand_overs", "closed_after_1", "closed_after_2", "closed_after_more"];
        hops.iter().zip(&it.hops).for_each(|(figure, count)| line(figure, None, *count));
        line("rested", None, it.rested);
        let with_her = ["ended_spoken_with", "ended_not_spoken_with"];
        with_her.iter().zip(&it.with_her).for_each(|(figure, count)| line(figure, None, *count));
        it.outcomes.iter().for_each(|(code, count)| line(name_of(*code), None, *count));
        let kept = ["agreed_not_done", "agreed_partly_done", "agreed_done"];
        kept.iter().zip(&it.kept).for_each(|(figure, count)| line(figure, None, *count));
    }
    text
}

/// How many percent of the longest bar; what is left out has none.
#[must_use]
pub fn share(count: Option<u64>, most: u64) -> u64 {
    count.unwrap_or(0).saturating_mul(100).checked_div(most).unwrap_or(0)
}

fn name_of(code: OutcomeCode) -> &'static str {
    match code {
        OutcomeCode::Information => "outcome_information",
        OutcomeCode::SafetyPlan => "outcome_safety_plan",
        OutcomeCode::Emergency => "outcome_emergency",
        OutcomeCode::RestrainingOrder => "outcome_restraining_order",
        OutcomeCode::Shelter => "outcome_shelter",
        OutcomeCode::NoShelter => "outcome_no_shelter",
        OutcomeCode::Advice => "outcome_advice",
        OutcomeCode::ReportAgreed => "outcome_report_agreed",
        OutcomeCode::ReportNotAgreed => "outcome_report_not_agreed",
        OutcomeCode::Police => "outcome_police",
        OutcomeCode::LegalAid => "outcome_legal_aid",
        OutcomeCode::VictimSupport => "outcome_victim_support",
        OutcomeCode::SexualViolence => "outcome_sexual_violence",
        OutcomeCode::Care => "outcome_care",
        OutcomeCode::Children => "outcome_children",
        OutcomeCode::Housing => "outcome_housing",
        OutcomeCode::ContactPerson => "outcome_contact_person",
        OutcomeCode::HandedOver => "outcome_handed_over",
        OutcomeCode::SheLeft => "outcome_she_left",
        OutcomeCode::NotReached => "outcome_not_reached",
        OutcomeCode::NoNeed => "outcome_no_need",
        OutcomeCode::Misuse => "outcome_misuse",
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_a_line_and_what_is_few_is_empty() {
        let quarter = QuarterView {
            year: 2026,
            quarter: 4,
            service: "wijk, \"team\"".to_owned(),
            raised: Some(31),
            unstaffed: None,
            still_waiting: Some(0),
            taken: vec![(Some(1), Some(20)), (None, None)],
            spoke: vec![(Some(1), Some(12))],
            lead_lost: Some(0),
            hops: vec![Some(20), None, None, Some(0)],
            rested: Some(0),
            with_her: vec![Some(12), None],
            outcomes: vec![(OutcomeCode::NoShelter, Some(10))],
            kept: Vec::new(),
        };
        let text = csv(&[quarter]);
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(lines[0], "year,quarter,service,figure,up_to_seconds,count");
        assert_eq!(lines[1], "2026,4,\"wijk, \"\"team\"\"\",raised,,31");
        assert_eq!(lines[2], "2026,4,\"wijk, \"\"team\"\"\",unstaffed,,");
        assert_eq!(lines[4], "2026,4,\"wijk, \"\"team\"\"\",taken,1,20");
        assert_eq!(lines[5], "2026,4,\"wijk, \"\"team\"\"\",taken,,");
        assert_eq!(lines[13], "2026,4,\"wijk, \"\"team\"\"\",ended_spoken_with,,12");
        assert_eq!(lines[15], "2026,4,\"wijk, \"\"team\"\"\",outcome_no_shelter,,10");
        assert_eq!((lines.len(), lines[16]), (17, ""), "and it ends with a line's end");
        assert_eq!([share(Some(5), 20), share(None, 20), share(Some(0), 0)], [25, 0, 0]);
    }
}
