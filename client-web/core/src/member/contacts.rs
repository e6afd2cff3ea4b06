//! Whom a person wants to be called first: a professional she has met in a call of hers, and a deputy.
//!
//! Kept in her vault as the key that their certificates are about, which stays the same when those are renewed. The relay is
//! told of it with each call, and only then.

use lotgenoot_messages as ui;
use lotgenoot_protocol::frame::OnDuty;
use lotgenoot_protocol::policy::Standing;
use lotgenoot_protocol::role::{Role, RoleCertificate};
use lotgenoot_protocol::{AccountKey, LeafKey, RoomId};
use minicbor::{Decode, Encode};

use super::Member;
use crate::show;

/// A professional she has chosen.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
struct Contact {
    #[n(0)]
    leaf: LeafKey,
    #[n(1)]
    name: String,
    #[n(2)]
    service: String,
}

/// Both of them.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub(crate) struct Contacts {
    #[n(0)]
    person: Option<Contact>,
    #[n(1)]
    deputy: Option<Contact>,
}

impl Contacts {
    /// Their accounts, the contact person's first; of those among `on_duty`, whose certificates are proven.
    pub(crate) fn first(&self, on_duty: &[OnDuty]) -> Vec<AccountKey> {
        let account = |contact: &Contact| {
            let is_hers = |colleague: &&OnDuty| {
                RoleCertificate::from_bytes(&colleague.certificate)
                    .is_some_and(|it| it.leaf_key == contact.leaf)
            };
            on_duty.iter().find(is_hers).map(|colleague| colleague.account)
        };
        self.person.iter().chain(&self.deputy).filter_map(account).collect()
    }

    // Nobody is both.
    fn choose(&mut self, who: Contact, place: ui::ContactPlace) {
        for taken in [&mut self.person, &mut self.deputy] {
            taken.take_if(|contact| contact.leaf == who.leaf);
        }
        *self.at(place) = Some(who);
    }

    fn at(&mut self, place: ui::ContactPlace) -> &mut Option<Contact> {
        match place {
            ui::ContactPlace::Person => &mut self.person,
            ui::ContactPlace::Deputy => &mut self.deputy,
        }
    }

    fn view(&self) -> ui::ContactsView {
        let view = |contact: &Contact| ui::ContactView {
            id: show::hex(&contact.leaf.0),
            name: contact.name.clone(),
            service: contact.service.clone(),
        };
        ui::ContactsView { person: self.person.as_ref().map(view), deputy: self.deputy.as_ref().map(view) }
    }
}

impl Member {
    /// She chooses somebody whose certificate is proven, in the room of a call of hers.
    pub(super) fn choose_contact(&mut self, room: &str, member: &str, place: ui::ContactPlace) {
        let room = show::unhex(room).map(RoomId);
        let own = self.calls.values().find(|call| call.own && Some(call.room) == room);
        let room = own.and_then(|call| self.rooms.get(&call.room));
        let leaf = show::unhex(member).map(LeafKey);
        let found =
            room.zip(leaf).and_then(|(room, leaf)| room.member_of(&leaf, self.trust(), self.judging()));
        let Some(found) = found else { return };
        match found.standing {
            Standing::Staff(certificate) if certificate.role == Role::Professional => {
                let (name, service) = (certificate.alias.clone(), certificate.service.clone());
                self.contacts.choose(Contact { leaf: found.key, name, service }, place);
                self.contacts_changed();
            }
            _ => {}
        }
    }

    pub(super) fn drop_contact(&mut self, place: ui::ContactPlace) {
        *self.contacts.at(place) = None;
        self.contacts_changed();
    }

    pub(super) fn restore_contacts(&mut self, saved: Option<Contacts>) {
        if self.contacts == Contacts::default() {
            self.contacts = saved.unwrap_or_default();
        }
        if self.contacts != Contacts::default() {
            self.show_contacts();
        }
    }

    fn contacts_changed(&mut self) {
        self.due.core(self.now);
        self.show_contacts();
    }

    fn show_contacts(&mut self) {
        self.events.push_back(ui::Event::Contacts(self.contacts.view()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(number: u8) -> Contact {
        Contact { leaf: LeafKey([number; 32]), name: format!("{number}"), service: String::new() }
    }

    #[test]
    fn nobody_is_contact_person_and_deputy_at_once() {
        let mut contacts = Contacts::default();
        contacts.choose(contact(1), ui::ContactPlace::Person);
        contacts.choose(contact(2), ui::ContactPlace::Deputy);
        contacts.choose(contact(1), ui::ContactPlace::Deputy);
        assert_eq!(contacts, Contacts { person: None, deputy: Some(contact(1)) });
        contacts.choose(contact(1), ui::ContactPlace::Person);
        assert_eq!(contacts, Contacts { person: Some(contact(1)), deputy: None });
    }

    #[test]
    fn who_is_not_on_duty_is_not_called_first() {
        let contacts = Contacts { person: Some(contact(1)), deputy: Some(contact(2)) };
        assert_eq!(contacts.first(&[]), []);
    }
}
