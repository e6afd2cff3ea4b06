//! How this member of staff is called when her desk is closed.

use lotgenoot_messages as ui;
use lotgenoot_protocol::channel::{
    AskChannels, Channels, ConfirmChannel, Health, PushSubscription, PutChannel, RemoveChannel, TestChannels,
    Way,
};
use lotgenoot_protocol::frame::{Answer, Request};
use lotgenoot_protocol::{Blob, ChannelId};

use super::Member;
use crate::requests::Purpose;
use crate::show;

impl Member {
    pub(super) fn channel(&mut self, wish: ui::ChannelWish) {
        if self.identity.staff.is_none() && self.identity.coordinator.is_none() {
            return;
        }
        let named = |id: &str| show::unhex(id).map(ChannelId);
        let request = match wish {
            ui::ChannelWish::See => Some(Request::AskChannels(AskChannels {})),
            ui::ChannelWish::Add(way) => Some(Request::PutChannel(PutChannel { way: to_way(way) })),
            ui::ChannelWish::Remove(id) => {
                named(&id).map(|channel| Request::RemoveChannel(RemoveChannel { channel }))
            }
            ui::ChannelWish::Test => Some(Request::TestChannels(TestChannels {})),
            ui::ChannelWish::Confirm(id) => {
                named(&id).map(|channel| Request::ConfirmChannel(ConfirmChannel { channel }))
            }
        };
        if let Some(request) = request {
            self.requests.ask(Purpose::Channels, request);
        }
    }

    pub(super) fn channels_told(&mut self, answer: Answer) {
        match answer {
            Answer::Channels(told) => self.events.push_back(ui::Event::Channels(shown(told))),
            _ => self.fail(ui::Failure::Channel),
        }
    }
}

fn to_way(way: ui::Way) -> Way {
    match way {
        ui::Way::Push { endpoint, key, auth } => {
            Way::Push(PushSubscription { endpoint, key: Blob(key), auth: Blob(auth) })
        }
        ui::Way::Text(number) => Way::Text(number),
        ui::Way::Voice(number) => Way::Voice(number),
        ui::Way::Mail(address) => Way::Mail(address),
    }
}

fn shown(told: Channels) -> ui::ChannelsView {
    let channels = told.channels.into_iter().map(|channel| ui::ChannelView {
        id: show::hex(&channel.id.0),
        way: match channel.way {
            Way::Push(PushSubscription { endpoint, key, auth }) => {
                ui::Way::Push { endpoint, key: key.0, auth: auth.0 }
            }
            Way::Text(number) => ui::Way::Text(number),
            Way::Voice(number) => ui::Way::Voice(number),
            Way::Mail(address) => ui::Way::Mail(address),
        },
        health: match channel.health {
            Health::Untried => ui::Health::Untried,
            Health::Works(at) => ui::Health::Works(at.0),
            Health::Failing(since) => ui::Health::Failing(since.0),
            Health::Dead(since) => ui::Health::Dead(since.0),
        },
    });
    ui::ChannelsView {
        push_key: told.push_key.0,
        mail: told.mail,
        gateway: told.gateway,
        channels: channels.collect(),
    }
}
