// Another implementation of RFC 5545, driven by the tests: what duty a calendar says, and the same calendar as it writes it.
//
// In: a line of JSON, { file, from, until }, times of the wall clock as RFC 5545 writes them.
// Out: a line of JSON, { shifts: [{ who, level, from, until }], file }.

import { createInterface } from "node:readline";
import ICAL from "ical.js";

const wall = (time) => {
  const shown = time.isDate ? ICAL.Time.fromData({ year: time.year, month: time.month, day: time.day }) : time;
  return shown.toString().replace("Z", "");
};

function shifts(calendar, from, until) {
  const all = calendar.getAllSubcomponents("vevent").map((it) => new ICAL.Event(it, { exceptions: [] }));
  const found = [];
  const add = (event, start, end) => {
    if (event.component.getFirstPropertyValue("status") === "CANCELLED") return;
    if (end.compare(from) <= 0 || start.compare(until) >= 0) return;
    for (const attendee of event.attendees) {
      const who = attendee.getFirstValue().toLowerCase().replace("mailto:", "");
      const level = event.component.getFirstPropertyValue("priority") || 1;
      found.push({ who, level, from: wall(start), until: wall(end) });
    }
  };
  for (const event of all.filter((it) => !it.isRecurrenceException())) {
    const exceptions = all.filter((it) => it.isRecurrenceException() && it.uid === event.uid);
    exceptions.forEach((it) => event.relateException(it));
    if (!event.isRecurring()) {
      add(event, event.startDate, event.endDate);
      continue;
    }
    const times = event.iterator();
    for (let next = times.next(); next && next.compare(until) < 0; next = times.next()) {
      const { item, startDate, endDate } = event.getOccurrenceDetails(next);
      add(item, startDate, endDate);
    }
  }
  return found;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { file, from, until } = JSON.parse(line);
  const calendar = new ICAL.Component(ICAL.parse(file));
  const [begin, end] = [from, until].map((time) => ICAL.Time.fromString(time));
  console.log(JSON.stringify({ shifts: shifts(calendar, begin, end), file: calendar.toString() }));
}
