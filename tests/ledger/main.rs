//! What every ledger must keep, told once and run on each backend; then what only the one on a disk can get wrong:
//! crashes, damaged files, waiting readers, and the thread that writes.

#![allow(clippy::unwrap_used, reason = "in a test a panic is how one says no")]

mod checkpoints;
mod clearing;
mod crashes;
mod damage;
mod disk;
mod inboxes;
mod ledgers;
mod letters;
mod logs;
mod office;
mod ops;
mod packages;
mod readers;
mod rooms;
mod same_as_model;
mod script;
mod sweeping;
mod vaults;
mod view;
mod writer;

/// Runs each sentence on each backend, as a test of its own.
macro_rules! conformance {
    ($backends:tt $($file:ident { $($sentence:ident,)+ })+) => {
        $(conformance!(@sentences $backends $file { $($sentence)+ });)+
    };
    (@sentences { $($backend:ident: $make:expr,)+ } $file:ident $sentences:tt) => {
        mod $file { $(conformance!(@backend $backend $make, $file $sentences);)+ }
    };
    (@backend $backend:ident $make:expr, $file:ident { $($sentence:ident)+ }) => {
        mod $backend {
            $(#[test]
            fn $sentence() {
                crate::$file::$sentence(&mut $make);
            })+
        }
    };
}

mod conformance {
    conformance! {
        {
            redb: crate::ledgers::RedbFile::new(),
            model: crate::ledgers::Model::default(),
        }
        logs {
            entries_come_back_in_order_page_by_page,
            an_entry_that_would_leave_a_hole_breaks_the_commit_and_nothing_else,
            a_broken_commit_takes_all_its_batches_with_it,
            trimmed_entries_are_gone_and_reading_starts_after_them,
            reading_from_before_what_was_trimmed_never_returns_a_hole,
            trimming_more_than_there_is_trims_all_and_the_log_goes_on,
            trimming_a_room_nobody_knows_changes_nothing,
            entries_may_be_added_and_trimmed_in_one_batch,
        }
        letters {
            the_key_of_a_reader_is_the_one_she_put_last,
            a_letter_waits_for_each_of_its_readers_until_she_has_put_it_away,
            who_lets_letters_lie_gets_no_other_and_the_rest_do,
        }
        rooms {
            a_room_is_created_once_and_the_second_batch_is_refused_alone,
            a_refused_batch_leaves_nothing_behind,
            a_batch_that_creates_a_room_twice_is_refused,
            a_room_comes_back_with_its_record_head_and_moved_cursors,
            a_room_nobody_created_is_not_there,
            a_room_that_is_over_is_gone_and_nobody_opens_one_by_its_id_again,
            rooms_are_named_in_order_page_by_page,
            a_call_that_is_forgotten_is_not_there,
            request_ids_of_trimmed_entries_are_still_known,
            request_ids_older_than_a_day_are_forgotten,
        }
        inboxes {
            an_inbox_rises_and_never_starts_again,
            notices_come_in_order_page_by_page,
            of_each_matter_the_newest_word_waits_however_often_it_is_said,
            of_too_much_what_is_over_is_forgotten_the_oldest_first_and_nothing_that_wants_her,
            an_account_is_woken_by_each_notice,
            a_notice_to_a_key_package_reaches_its_publisher_and_otherwise_nobody,
            the_record_of_a_call_is_the_last_one_put,
        }
        office {
            the_staff_is_what_was_put_last_and_only_onto_what_was_there,
            the_calendar_is_what_was_put_last_and_each_is_the_next,
            the_plan_of_duty_is_what_was_put_last_and_each_is_the_next,
            who_has_said_that_she_is_there_is_what_was_put_last,
            what_is_said_of_sessions_is_counted_by_month,
            what_happens_to_calls_is_counted_by_quarter_and_service,
        }
        vaults {
            a_slot_holds_what_its_owner_wrote_last_and_nobody_else_replaces_or_forgets_it,
            a_vault_changes_whole_or_not_at_all,
            the_same_change_again_changes_nothing_and_is_accepted,
            a_change_built_on_another_version_is_refused,
            whoever_opened_a_vault_earlier_is_fenced,
            a_batch_behind_an_old_fence_is_refused_whole_and_alone,
            opening_or_reading_what_is_not_there_makes_nothing,
            nobody_but_its_reader_opens_changes_or_forgets_a_vault,
            a_vault_never_grows_beyond_its_limit_and_shrinks_when_parts_go,
            a_forgotten_vault_leaves_no_part_behind,
            what_nobody_touched_expires_and_what_was_touched_meanwhile_does_not,
        }
        packages {
            each_one_time_key_package_is_claimed_once_then_the_last_resort_again_and_again,
            an_account_without_key_packages_gives_none,
            a_claim_that_may_take_no_one_time_key_package_takes_the_last_resort_and_leaves_the_others,
            a_claim_takes_none_whose_time_is_over,
            publishing_replaces_everything_at_once,
            what_was_handed_out_is_not_put_back_by_publishing_it_again,
            two_claims_of_one_commit_never_get_the_same_one_time_key_package,
        }
        checkpoints {
            many_rooms_keep_their_ends_over_the_checkpoints,
            an_entry_right_after_a_checkpoint_is_found_again,
        }
        sweeping {
            a_room_whose_last_entry_is_a_day_old_still_knows_where_it_ends,
            a_swept_log_never_leads_into_another_room,
            old_request_ids_go_and_young_ones_stay,
        }
        readers {
            readers_never_see_a_hole_nor_less_than_was_committed,
        }
        same_as_model {
            any_sequence_of_batches_leaves_what_the_model_has,
        }
    }
}
