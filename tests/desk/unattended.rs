//! A session without a host pages whoever is on duty, until it has one again.

use lotgenoot_core::duty::HOSTS;
use lotgenoot_core::effect::Batch;
use lotgenoot_protocol::frame::Notice;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{AccountKey, RoomId, Timestamp};

use crate::cast::Organisation;
use crate::scene::{SERVICE, Scene};

const GROUP: RoomId = RoomId([0x60; 16]);

#[test]
fn everybody_on_duty_is_paged_once_hosts_too_and_told_when_it_is_over() {
    let organisation = Organisation::new();
    let staff = vec![
        organisation.staff(Role::Professional),
        organisation.staff(Role::Professional),
        organisation.staff(Role::Host),
    ];
    let always = |who| vec![(who, 1, None, None)];
    let later = vec![(1, 1, Some(9_000), None)];
    let services = [(SERVICE, always(0), None), ("later", later, None), (HOSTS, always(2), None)];
    let mut scene = Scene::of(organisation, staff, &services);
    scene.comes(0);
    let since = scene.now;
    assert_eq!(unattended(&paged(&mut scene, since)), [0, 2], "not who is on duty later");
    assert!(paged(&mut scene, since).is_empty(), "said twice, it is told once");
    let mut batch = Batch::default();
    scene.desk.attended(GROUP, &mut batch);
    assert_eq!(scene.told(&batch, |notice| *notice == Notice::Attended { room: GROUP }), [0, 2]);
    let mut again = Batch::default();
    scene.desk.attended(GROUP, &mut again);
    assert!(again.is_empty());
    assert_ne!(page(&batch_of(&mut scene, since.plus_ms(60_000))), page(&batch_of(&mut scene, since)));
}

#[test]
fn coordinators_are_told_if_no_professional_can_be_reached() {
    let mut scene = Scene::offline(&[1]);
    let coordinator = AccountKey([9; 32]);
    scene.desk.coordinator(coordinator);
    let now = scene.now;
    assert_eq!(unattended(&paged(&mut scene, now)), [0, 9]);
    scene.desk.attended(GROUP, &mut Batch::default());
    scene.comes(0);
    let batch = paged(&mut scene, now);
    assert_eq!(unattended(&batch), [0]);
}

fn batch_of(scene: &mut Scene, since: Timestamp) -> Batch {
    let batch = paged(scene, since);
    scene.desk.attended(GROUP, &mut Batch::default());
    batch
}

fn page(batch: &Batch) -> lotgenoot_protocol::PageId {
    let found = batch.ops.iter().find_map(|op| match op {
        lotgenoot_core::effect::Op::Notify { notice: Notice::Unattended { page, .. }, .. } => Some(*page),
        _ => None,
    });
    found.expect("somebody is paged")
}

fn paged(scene: &mut Scene, since: Timestamp) -> Batch {
    let mut batch = Batch::default();
    scene.desk.unattended(GROUP, since, scene.now, &mut batch);
    batch
}

fn unattended(batch: &Batch) -> Vec<u8> {
    let told = batch.ops.iter().filter_map(|op| match op {
        lotgenoot_core::effect::Op::Notify { account, notice: Notice::Unattended { .. } } => {
            Some(account.0[0])
        }
        _ => None,
    });
    told.collect()
}
