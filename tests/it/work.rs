//! What the relay asks of everybody before it stores anything, and what it never asks it for.

use lotgenoot_protocol::frame::{
    Answer, AskDuty, ClaimKeyPackages, OpenRoom, Opening, Prove, PublishKeyPackages, Raise, Request,
};
use lotgenoot_protocol::limits::{SLOT_BYTES, WORK_PUZZLES};
use lotgenoot_protocol::{Blob, CallId, Refused, RoomId, SlotId, VaultId, Version};
use lotgenoot_tests::organisation::{Organisation, SERVICE, now};
use lotgenoot_tests::relay::TestRelay;

use crate::vaults::{Client, key};

#[tokio::test]
async fn nothing_is_stored_for_who_has_not_done_the_work_and_a_call_for_help_never_waits_for_it() {
    let relay = TestRelay::start(&Organisation::new(now()).roster_file(&[], &[])).await;
    let mut client = Client::not_proven(relay.address(), &key(1)).await;
    let refused = Answer::Refused(Refused::Unproven);
    let slot = client.write_slot(SlotId([1; 16]), &key(2), Some(Blob(vec![9; SLOT_BYTES]))).await;
    assert_eq!(slot, refused);
    client.open_vault(VaultId([2; 16]), None).await;
    assert_eq!(client.put(Version([0; 16]), Version([1; 16]), []).await, refused);
    let opening = Opening { group_info: Blob(vec![1]), tree: Blob(vec![1]), bundle: None };
    let open = OpenRoom { room: RoomId([3; 16]), opening: opening.clone(), session: None };
    assert_eq!(client.ask(Request::OpenRoom(open.clone())).await, refused);
    let publish = PublishKeyPackages { packages: Vec::new(), last_resort: None };
    assert_eq!(client.ask(Request::PublishKeyPackages(publish)).await, refused);

    // A call, what it takes to make one, and the way back to a mailbox.
    let raise = Raise {
        call: CallId([4; 16]),
        service: SERVICE.to_owned(),
        urgency: lotgenoot_protocol::call::Urgency::Now,
        room: RoomId([5; 16]),
        opening,
        intake: Blob(vec![1]),
        first: Vec::new(),
    };
    let free = [
        Request::AskDuty(AskDuty { service: SERVICE.to_owned() }),
        Request::ClaimKeyPackages(ClaimKeyPackages { accounts: Vec::new() }),
        Request::Raise(raise),
    ];
    for request in free {
        let answer = client.ask(request.clone()).await;
        assert_ne!(answer, refused, "{request:?}");
    }
    assert!(matches!(client.read_slot(SlotId([1; 16]), &key(2)).await, Answer::Slot(_)));

    // Work that is none changes nothing.
    let wrong = client.ask(Request::Prove(Prove { counters: vec![0; WORK_PUZZLES] })).await;
    assert!(matches!(wrong, Answer::Refused(Refused::Invalid { .. })), "{wrong:?}");
    assert_eq!(client.ask(Request::OpenRoom(open)).await, refused);
}
