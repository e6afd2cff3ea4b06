// A mail server (RFC 5321) that somebody else has made. Who a mail is for says how it is taken; every mail that came is a
// line of JSON on standard output, after the port.

import { SMTPServer } from "smtp-server";

const answers = {
  later: Object.assign(new Error("try again later"), { responseCode: 451 }),
  blocked: Object.assign(new Error("5.7.1 we take nothing from you"), { responseCode: 550 }),
  never: Object.assign(new Error("5.1.1 no such mailbox"), { responseCode: 550 }),
};
const seen = new Map(); // how often each address was written to

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS", "AUTH"],
  onData(stream, session, done) {
    let text = "";
    stream.on("data", (part) => (text += part));
    stream.on("end", () => {
      const to = session.envelope.rcptTo[0].address;
      const times = (seen.get(to) ?? 0) + 1;
      seen.set(to, times);
      console.log(JSON.stringify({ to, from: session.envelope.mailFrom.address, times, text }));
      const how = to.split("@")[0];
      if (how === "hang" && times === 1) return; // the first is never answered
      if (how === "later" && times > 2) return done();
      done(answers[how]);
    });
  },
});
server.listen(0, "127.0.0.1", () => console.log(server.server.address().port));
process.stdin.on("end", () => process.exit()).resume();
