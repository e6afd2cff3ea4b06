//! Every bound in the system, each with its reason. Refusals name the limit they hit.

/// Longer than any message a person types, padded; short enough to hold thousands in memory.
pub const APPLICATION_BYTES_MAX: usize = 64 * 1024;

/// A commit adding 20 members in suite 0x004F at 50 leaves is 138 kB, its Welcome the same.
pub const HANDSHAKE_BYTES_MAX: usize = 256 * 1024;

/// A ratchet tree of 50 leaves in suite 0x004F is 131 kB; one of 500 in suite 0x0003 is 130 kB.
pub const TREE_BYTES_MAX: usize = 512 * 1024;

/// The largest frame either side accepts: an opening with commit, Welcome and tree.
pub const FRAME_BYTES_MAX: usize = 1024 * 1024;

/// One conversation stays a conversation (the figure peer services converge on).
pub const PEER_MEMBERS_MAX: usize = 15;

/// Any other MLS group but a stage.
pub const GROUP_MEMBERS_MAX: usize = 50;

/// A workshop.
pub const STAGE_MEMBERS_MAX: usize = 500;

/// Bounds a commit and its Welcome.
pub const ADDS_PER_COMMIT_MAX: usize = 20;

/// Those whom one raise can name, in ladder order.
pub const RESPONDERS_PER_RAISE_MAX: usize = 20;

/// Those whom a raise asks to be called first: her contact person and the deputy.
pub const FIRST_CALLED_MAX: usize = 2;

/// Requests for colleagues that one call may have open.
pub const ASKS_MAX: usize = 4;

/// A leaf or KeyPackage may live this long, in seconds: 31 days. openmls itself accepts a century.
pub const LEAF_LIFETIME_SECONDS_MAX: u64 = 31 * 24 * 3600;

/// How far a clock may be wrong before a lifetime that has not begun is refused, in seconds.
pub const CLOCK_SKEW_SECONDS_MAX: u64 = 3600;

/// A role certificate may live this long, in seconds: 90 days.
pub const ROLE_LIFETIME_SECONDS_MAX: u64 = 90 * 24 * 3600;

/// An issuer may live this long, in seconds: one year and a day of grace.
pub const ISSUER_LIFETIME_SECONDS_MAX: u64 = 366 * 24 * 3600;

/// Issuers that can sign one certificate.
pub const ISSUERS_PER_CERTIFICATE_MAX: usize = 4;

/// An alias or service name, in bytes of UTF-8.
pub const NAME_BYTES_MAX: usize = 48;

/// KeyPackages of one publication: staff keep 25 and one of last resort.
pub const KEY_PACKAGES_PER_ACCOUNT_MAX: usize = 32;

/// One KeyPackage in suite 0x004F is 2.6 kB; a role extension adds half a kilobyte.
pub const KEY_PACKAGE_BYTES_MAX: usize = 8 * 1024;

/// One-time KeyPackages one requester may take per hour; beyond it, those of last resort.
pub const CLAIMS_PER_HOUR_MAX: u32 = 60;

/// A slot holds exactly this: an account secret, sealed, and room to grow.
pub const SLOT_BYTES: usize = 128;

/// A slot that is asked for this often with another key than its own is forgotten: somebody guesses a PIN.
pub const SLOT_MISSES_MAX: u8 = 10;

/// The sealed manifest of a vault has a multiple of this size.
pub const MANIFEST_STEP_BYTES: usize = 512;

/// And at most this.
pub const MANIFEST_BYTES_MAX: usize = 64 * 1024;

/// One part of a vault: a member of a room of 50 in suite 0x004F, with what was said, stays below it.
pub const VAULT_PART_BYTES_MAX: usize = 512 * 1024;

/// Parts one request may read or change.
pub const VAULT_PARTS_AT_ONCE_MAX: usize = 64;

/// A person's vault, manifest and parts.
pub const PERSON_VAULT_BYTES_MAX: usize = 2 * 1024 * 1024;

/// The vault of an account that is on the roster.
pub const STAFF_VAULT_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A slot or vault that nobody opened for this long is forgotten, unless the operator says otherwise. Milliseconds:
/// 365 days.
pub const VAULT_RETENTION_MS: u64 = 365 * 24 * 3600 * 1000;

/// A tab's slot that nobody read or wrote for this long is forgotten. Milliseconds: 3 days, as long as a call may wait that
/// somebody comes back to by a reload.
pub const TAB_SLOT_KEPT_MS: u64 = 3 * 24 * 3600 * 1000;

/// Puzzles in a connection's proof of work.
pub const WORK_PUZZLES: usize = 16;

/// Zero bits each puzzle asks for, unless the operator says otherwise: 33,000 hashes in all, an eighth of a second in a
/// desktop's browser and most of one on a slow phone.
pub const WORK_BITS: u8 = 11;

/// More than this no client does.
pub const WORK_BITS_MAX: u8 = 16;

/// How long an invitation may be used. Seconds: 72 hours.
pub const INVITATION_LIFETIME_SECONDS_MAX: u64 = 72 * 3600;

/// Certificates that one change of the staff may bring.
pub const CERTIFIED_AT_ONCE_MAX: usize = 256;

/// A staff register: every client reads it in one frame. Some ten thousand changes.
pub const REGISTER_BYTES_MAX: usize = 512 * 1024;

/// Proposals that may wait for another coordinator's signature.
pub const PROPOSED_MAX: usize = 256;

/// Requests a socket may have unanswered.
pub const OPEN_REQUESTS_MAX: usize = 64;

/// Rooms one socket may be attached to: the lines of a host's busiest day, which go a day after their persons.
pub const ROOMS_PER_SOCKET_MAX: usize = 256;

/// Rooms one socket may ask to read in one burst: all it may be attached to, twice.
pub const ATTACHES_BURST: u32 = 512;

/// And per second once the burst is spent.
pub const ATTACHES_PER_SECOND: u32 = 4;

/// Rooms one socket may open, and knocks it may make, in one burst: a host's evening.
pub const OPENINGS_BURST: u32 = 32;

/// And per minute once the burst is spent.
pub const OPENINGS_PER_MINUTE: u32 = 6;

/// Messages a leaf may send in one burst.
pub const MESSAGE_BURST: u32 = 30;

/// Messages a leaf may send per second once its burst is spent.
pub const MESSAGES_PER_SECOND: u32 = 10;

/// Commits a leaf may make per minute.
pub const COMMITS_PER_MINUTE: u32 = 6;

/// Application messages of this many past epochs are still accepted, across harmless commits only.
pub const PAST_EPOCHS_ACCEPTED: u64 = 2;

/// Replies are remembered this long for repeated requests, in milliseconds: 24 hours.
pub const REPLY_MEMORY_MS: u64 = 24 * 3600 * 1000;

/// Request ids one room remembers; beyond it the oldest are forgotten first.
pub const REPLIES_PER_ROOM_MAX: usize = 65_536;

/// Entries of a room kept in memory for members who are nearly up to date.
pub const FEED_ENTRIES_MAX: usize = 512;

/// Bytes of a room's entries kept in memory.
pub const FEED_BYTES_MAX: usize = 512 * 1024;

/// Entries one wake-up writes to one socket before it looks at its input again.
pub const ENTRIES_PER_WAKE_UP_MAX: usize = 256;

/// A socket that has not taken a write for this long is closed; its cursor stays. Milliseconds.
pub const SLOW_READER_MS: u64 = 15_000;

/// Silence on a socket after which either side calls the connection lost. Milliseconds.
pub const SILENCE_MS_MAX: u64 = 45_000;

/// How often a client says it is still there. Milliseconds.
pub const PING_EVERY_MS: u64 = 15_000;

/// Entries are kept this long for a member who stays away; after it the leaf is stale. Milliseconds: 30 days.
pub const RETENTION_MS: u64 = 30 * 24 * 3600 * 1000;

/// Inputs waiting for one owner (a room, the help calls).
pub const MAILBOX_INPUTS_MAX: usize = 1024;

/// Batches that one transaction gathers.
pub const BATCHES_PER_TRANSACTION_MAX: usize = 1024;

/// Open help calls the desk accepts; beyond it something is wrong and an operator must look.
pub const OPEN_CALLS_MAX: usize = 20_000;

/// After a start of the relay everybody on the roster counts as perhaps reachable for this long: a client that lost its
/// connection tries again within ten seconds, and signs in. Milliseconds.
pub const SETTLING_MS: u64 = 20_000;

/// The least time a slow room leaves between two messages of one participant, in seconds.
pub const SLOW_SECONDS_MIN: u8 = 20;

/// The most time a slow room leaves between two messages of one participant, in seconds.
pub const SLOW_SECONDS_MAX: u8 = 60;

/// How long somebody is muted. Milliseconds: 10 minutes.
pub const MUTE_MS: u64 = 600_000;

/// How long somebody who was taken out of a room is not let in there again, if its hosts say so. Milliseconds: 24 hours.
pub const BLOCK_MS: u64 = 86_400_000;

/// A newcomer's first messages that may be held.
pub const HELD_WORDS_MAX: u8 = 10;

/// Messages of one member that are let through and not said yet.
pub const GRANTS_MAX: usize = 20;

/// How long a room goes on without a host before its floor is frozen. Milliseconds.
pub const WITHOUT_HOST_MS: u64 = 60_000;

/// How long a floor stays frozen before the room is closed. Milliseconds: 10 minutes.
pub const FROZEN_MS: u64 = 600_000;

/// How long members stay in a room whose session is over: what was said there is gone after that. Milliseconds: 1 hour.
pub const CLOSED_KEPT_MS: u64 = 3_600_000;

/// How long the relay keeps a room after its session is over, after the person of a line was there last, or after a stage
/// was led last. Milliseconds: 24 hours, for whoever was away to read that it is over, and as long as a block lasts.
pub const ROOM_KEPT_MS: u64 = 86_400_000;

/// How long the relay keeps a help call that its person has closed. Milliseconds: 30 days, for her to go on with it.
pub const CLOSED_CALL_KEPT_MS: u64 = 30 * 86_400_000;

/// How long the relay keeps a help call at rest. Milliseconds: what is left of a year, as long as a mailbox.
pub const RESTING_CALL_KEPT_MS: u64 = 335 * 86_400_000;

/// How long hosts stay on after a session with whoever wants to. Milliseconds: 15 minutes.
pub const STAY_MS: u64 = 900_000;

/// How long before its end a session is told that it ends. Milliseconds: 10 minutes.
pub const ENDS_SOON_MS: u64 = 600_000;

/// How long from now on a session lasts at most. Milliseconds: 4 hours.
pub const SESSION_MS_MAX: u64 = 14_400_000;

/// Sessions in a calendar: those ahead, and as many of the week before as there is room for. Three evenings a week for half
/// a year.
pub const PLANNED_SESSIONS_MAX: usize = 80;

/// Hosts of a planned session.
pub const PLANNED_HOSTS_MAX: usize = 4;

/// The theme of a session, UTF-8. Bytes.
pub const THEME_BYTES_MAX: usize = 160;

/// Numbers that an organisation lists itself: more than that nobody reads.
pub const OWN_LINES_MAX: usize = 20;

/// Numbers that everybody has and that were looked at again: more than there are.
pub const LINE_CHECKS_MAX: usize = 64;

/// A number as it is read. Bytes.
pub const LINE_NUMBER_BYTES_MAX: usize = 24;

/// What happens when somebody calls it, UTF-8. Bytes: three short sentences.
pub const LINE_HAPPENS_BYTES_MAX: usize = 400;

/// How short a session can be planned. Minutes.
pub const SESSION_MINUTES_MIN: u16 = 15;

/// How long a session can be planned. Minutes: as long as one may last.
pub const SESSION_MINUTES_MAX: u16 = 240;

/// How long the person of a line is not there before it is said. Milliseconds.
pub const AWAY_AFTER_MS: u64 = 30_000;

/// How long her place is kept, from when she was there last. Milliseconds: 10 minutes.
pub const PLACE_KEPT_MS: u64 = 600_000;

/// Lines that may be opened in one burst.
pub const LINES_BURST: u32 = 120;

/// Lines that may be opened per minute once the burst is spent: more than hosts can talk with is a flood.
pub const LINES_PER_MINUTE: u32 = 60;

/// A letter for one reader, sealed. Bytes.
pub const LETTER_BYTES_MAX: usize = 12 * 1024;

/// The least a letter can be, sealed: what is encapsulated (1120), the smallest bucket and its tag. Bytes.
pub const LETTER_BYTES_MIN: usize = 1392;

/// For how many one letter is sealed: the hosts and coordinators of one organisation.
pub const LETTER_READERS_MAX: usize = 64;

/// Letters that wait for one reader; for whom there are more, there is no room for another.
pub const LETTERS_WAITING_MAX: usize = 256;

/// Letters one answer brings: below [`FRAME_BYTES_MAX`] with each as long as it may be.
pub const LETTERS_AT_ONCE_MAX: usize = 64;

/// Letters one connection may post: each connection does its proof of work.
pub const LETTERS_PER_CONNECTION_MAX: u32 = 12;

/// How long a letter waits for its reader. Milliseconds: 60 days.
pub const LETTER_KEPT_MS: u64 = 60 * 24 * 3600 * 1000;

/// Fewer than this who said the same are not told: they might be recognised (design: cells under 10 are suppressed).
pub const COUNTED_MIN: u64 = 10;

/// Agreements of one call: what two people can keep in mind, and what a screen holds.
pub const AGREEMENTS_MAX: usize = 12;

/// What somebody does, in one agreement. Bytes of UTF-8: three sentences.
pub const AGREEMENT_BYTES_MAX: usize = 480;

/// How often one connection may say whether what was agreed was done: once for each call a person remembers.
pub const AFTERCARE_PER_CONNECTION_MAX: u32 = 8;

/// Months of surveys one answer tells.
pub const MONTHS_TOLD_MAX: usize = 24;

/// Quarters of services one answer tells: four years of four services.
pub const QUARTERS_TOLD_MAX: usize = 64;

/// For how many participants and hosts a session can be planned (design: at most 15 in a peer room).
pub const SESSION_SIZE_MAX: u8 = 15;

/// Ways to call one member of staff.
pub const CHANNELS_MAX: usize = 8;

/// Services one plan of duty has: those of an organisation and of its partners nearby.
pub const DUTY_SERVICES_MAX: usize = 24;

/// Layers of one service: three levels, each by day, by night, at weekends and in holidays.
pub const DUTY_LAYERS_MAX: usize = 12;

/// People who take turns in one layer.
pub const DUTY_PEOPLE_MAX: usize = 64;

/// Windows of one layer: two for each day of the week.
pub const DUTY_WINDOWS_MAX: usize = 14;

/// What is different for once, in one service, at one time: half a year of somebody swapping every day.
pub const DUTY_OVERRIDES_MAX: usize = 200;

/// Temporary stretches of one service. A year of months, and one imported for each of them.
pub const DUTY_TEMPORARIES_MAX: usize = 24;

/// Duties in one temporary stretch: what an imported calendar can hold.
pub const DUTY_SHIFTS_MAX: usize = 5_000;

/// Holidays a plan knows. Five years of them.
pub const DUTY_HOLIDAYS_MAX: usize = 100;

/// A plan of duty, encoded. Bytes: with all that is said of it below [`FRAME_BYTES_MAX`].
pub const DUTY_PLAN_BYTES_MAX: usize = 640 * 1024;

/// Stretches that want looking at, in one answer. The first of them are told.
pub const DUTY_COVERAGE_MAX: usize = 200;

/// How far ahead the relay looks for what is wrong with a plan. Milliseconds: 14 days.
pub const DUTY_LOOK_AHEAD_MS: u64 = 14 * 86_400_000;

/// A hole that a change opens sooner than this is confirmed twice. Milliseconds: 72 hours.
pub const DUTY_HOLE_SOON_MS: u64 = 72 * 3_600_000;

/// How far ahead somebody is told her own duty. Milliseconds: 7 days.
pub const DUTY_OWN_MS: u64 = 7 * 86_400_000;

/// How long something that was different for once is kept after it is over. Milliseconds: 7 days, to look at what was.
pub const DUTY_OVER_KEPT_MS: u64 = 7 * 86_400_000;

/// A calendar of somebody's duty has this block of time, the one before and the two after. Milliseconds: 30 days.
pub const DUTY_CALENDAR_MS: u64 = 30 * 86_400_000;

/// Bytes of a calendar that is read as duty.
pub const DUTY_CALENDAR_BYTES_MAX: usize = 768 * 1024;

/// Events of a calendar that is read as duty (study: on-call, 4.8).
pub const DUTY_EVENTS_MAX: usize = 5_000;

/// How many of them may come again by a rule.
pub const DUTY_RULES_MAX: usize = 500;

/// So far ahead a calendar is read as duty. Days: what begins later is not looked at (study: on-call, 4.8).
pub const DUTY_CALENDAR_DAYS: u32 = 400;

/// Whose duty ends within this time, or has ended no longer ago, is told who comes after her. Milliseconds: 45 minutes, of
/// which a client shows the last quarter of an hour (study: on-call, T10).
pub const DUTY_NEXT_MS: u64 = 2_700_000;

/// How long somebody whose duty begins has to say that she is there. Milliseconds: 15 minutes (study: on-call, 1.2).
pub const CHECK_IN_MS: u64 = 900_000;
