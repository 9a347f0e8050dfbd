import assert from "node:assert/strict";
import { test } from "node:test";
import { EventsLostError, LimitError } from "../src/index.js";
import { collect, FakeInsula, outcome, settle } from "./fakes.js";

const sequences = ({ items }) => items.map(({ sequence }) => sequence);

/** Numbers from one to another. */
const numbers = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

function say(insula, times) {
  for (let i = 0; i < times; i++) {
    insula.say("r", `piece ${insula.log.length + 1}`);
  }
}

test("following begins with what comes, with the oldest, or behind a position", async () => {
  const insula = new FakeInsula();
  say(insula, 3);
  const read = {};
  for (const [name, follow] of [["now", "now"], ["start", "start"], ["position", { epoch: "e1", sequence: 2 }]]) {
    const client = insula.connect({ follow });
    read[name] = collect(client.events());
    await client.ready;
    await settle();
    if (name === "now") {
      assert.deepEqual(client.position, { epoch: "e1", sequence: 3 });
      say(insula, 1);
      await settle();
    }
  }
  assert.deepEqual(sequences(read.now), [4]);
  assert.deepEqual(sequences(read.start), [1, 2, 3, 4]);
  assert.deepEqual(sequences(read.position), [3, 4]);
});

test("over lost connections every event comes once and in order", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  const read = collect(client.events());
  await client.ready;
  for (let i = 0; i < 20; i++) {
    say(insula, i % 4);
    await settle();
    insula.socket.end();
    say(insula, i % 3);
    await insula.clock.pass(40_000);
  }
  await settle();
  assert.deepEqual(sequences(read), numbers(1, insula.log.length));
  assert.deepEqual(client.position, insula.head);
});

test("now means from the first welcome on, even if the subscription is lost", async () => {
  const insula = new FakeInsula();
  insula.intercept = ({ type }, socket) => type === "subscribe" && (say(insula, 2), socket.end(), true);
  const client = insula.connect();
  const read = collect(client.events());
  await settle();
  insula.intercept = () => false;
  await insula.clock.pass(1_000);
  await client.ready;
  await settle();
  assert.deepEqual(sequences(read), [1, 2]);
});

test("an event that comes again is not told again", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  const read = collect(client.events());
  await client.ready;
  say(insula, 3);
  insula.tell(insula.socket, insula.log.slice(1));
  say(insula, 1);
  await settle();
  assert.deepEqual(sequences(read), [1, 2, 3, 4]);
  assert.equal(insula.sockets.length, 1);
});

test("a hole, another epoch and what is no sequence are not passed over: the client comes back for them", async () => {
  const faults = [
    (log) => ({ epoch: "e1", events: [log[0], log[2]] }),
    (log) => ({ epoch: "e2", events: log }),
    (log) => ({ epoch: "e1", events: [{ ...log[0], sequence: "1" }] }),
    () => ({ epoch: "e1" }),
  ];
  for (const fault of faults) {
    const insula = new FakeInsula();
    const client = insula.connect();
    const read = collect(client.events());
    await client.ready;
    const { socket } = insula;
    socket.following = false;
    say(insula, 3);
    socket.say({ type: "events", ...fault(insula.log) });
    assert.equal(client.state.name, "waiting");
    assert.equal(client.state.error.code, "protocol");
    assert.equal(socket.isOpen, false);
    await insula.clock.pass(1_000);
    assert.deepEqual(sequences(read), [1, 2, 3]);
  }
});

test("a server that begins elsewhere than it was asked for is not believed", async () => {
  const insula = new FakeInsula();
  say(insula, 3);
  insula.intercept = ({ type, id }, socket) =>
    type === "subscribe" && (socket.say({ type: "result", id, from: { epoch: "e1", sequence: 1 } }), true);
  const client = insula.connect({ limits: { attempts: 2 } });
  await insula.clock.pass(10_000);
  assert.equal(client.state.error.code, "attempts");
});

test("events that are not kept any more are lost with a reason and a snapshot, and it goes on behind it", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  const resets = [];
  client.on("reset", (reset) => resets.push(reset));
  const read = collect(client.events());
  await client.ready;
  say(insula, 2);
  await settle();
  insula.socket.end();
  say(insula, 5);
  insula.firstKept = 5;
  insula.runs.set("r", "running");
  await insula.clock.pass(1_000);
  assert.deepEqual(sequences(read), [1, 2]);
  assert.ok(read.error instanceof EventsLostError);
  assert.equal(read.error.reason, "position-trimmed");
  assert.deepEqual(read.error.snapshot, { position: insula.head, threads: [], runs: [{ run: "r", state: "running" }] });
  assert.deepEqual(resets, [{ reason: "position-trimmed", position: insula.head, snapshot: read.error.snapshot }]);
  const next = collect(client.events());
  say(insula, 1);
  await settle();
  assert.deepEqual(sequences(next), [8]);
});

test("a subscription that ends is taken up again over the same connection, or over another one", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  const resets = [];
  client.on("reset", ({ reason }) => resets.push(reason));
  await client.ready;
  say(insula, 4);
  insula.firstKept = 4;
  insula.socket.say({ type: "notice", code: "subscription-ended", reason: "position-trimmed", resumeFrom: insula.head });
  await settle();
  assert.deepEqual(resets, ["position-trimmed"]);
  assert.equal(insula.sockets.length, 1);
  const read = collect(client.events());
  insula.socket.say({ type: "notice", code: "subscription-ended", reason: "internal" });
  say(insula, 1);
  await insula.clock.pass(1_000);
  assert.equal(insula.sockets.length, 2);
  assert.deepEqual(sequences(read), [5]);
});

test("another log is never mistaken for the one before, and what may have been done in that is not sent again", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  await client.ready;
  say(insula, 3);
  insula.intercept = ({ type }) => type === "run.start";
  const doubtful = assert.rejects(client.start({ input: "in doubt" }), { code: "outcome-unknown" });
  await settle();
  insula.intercept = () => false;
  insula.socket.end();
  const unsent = client.start({ input: "not sent yet" });
  insula.newLog("e2");
  const read = collect(client.events());
  await insula.clock.pass(1_000);
  assert.equal(read.error.reason, "epoch-unknown");
  await doubtful;
  const run = await unsent;
  assert.deepEqual(insula.received("run.start").map(({ input }) => input), ["in doubt", "not sent yet"]);
  insula.finish(run.id);
  assert.equal((await run.done).state, "completed");
});

test("an erase ends all runs and calls; the client goes on in the new log", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  const read = collect(client.events());
  const run = await client.start({ input: "x" });
  insula.intercept = ({ type }) => type === "run.cancel";
  const call = client.cancel(run.id);
  await settle();
  insula.intercept = () => false;
  insula.newLog("e2");
  insula.socket.say({ type: "notice", code: "erased" });
  insula.socket.end(4002, "erased");
  assert.equal((await outcome(call)).error.code, "outcome-unknown");
  assert.equal((await outcome(run.done)).error.code, "erased");
  const started = client.start({ input: "anew" });
  await insula.clock.pass(1_000);
  assert.equal(read.error.reason, "erased");
  const next = await started;
  insula.finish(next.id);
  assert.equal((await next.done).state, "completed");
  assert.equal(client.position.epoch, "e2");
});

test("a refusal to be followed for a moment is waited out, another one leads to a new connection", async () => {
  const insula = new FakeInsula();
  const refusals = [{ code: "rate-limited", number: 3009, retryAfterMillis: 300 }, { code: "journal-unavailable", number: 2003 }];
  insula.intercept = (message, socket) =>
    message.type === "subscribe" && refusals.length > 0 && (insula.refuse(socket, message, refusals.shift()), true);
  const client = insula.connect();
  await settle();
  await insula.clock.pass(299);
  assert.equal(insula.received("subscribe").length, 1);
  await insula.clock.pass(1);
  assert.equal(insula.received("subscribe").length, 2);
  assert.equal(client.state.name, "waiting");
  await insula.clock.pass(1_000);
  assert.equal(insula.sockets.length, 2);
  assert.equal((await outcome(client.ready)).value.type, "welcome");
});

test("so many events wait for a reader; with one more it fails behind them, and nobody else does", async () => {
  const insula = new FakeInsula();
  const client = insula.connect({ limits: { queuedEvents: 3 } });
  const slow = client.events();
  const quick = collect(client.events());
  await client.ready;
  say(insula, 3);
  await settle();
  say(insula, 1);
  await settle();
  const read = collect(slow);
  await read.done;
  assert.deepEqual(sequences(read), [1, 2, 3]);
  assert.ok(read.error instanceof LimitError);
  assert.equal(read.error.limit, "queuedEvents");
  assert.deepEqual(sequences(quick), [1, 2, 3, 4]);
});

test("so many readers there may be; one that leaves makes room", async () => {
  const insula = new FakeInsula();
  const client = insula.connect({ limits: { readers: 2 } });
  const first = client.events();
  client.events();
  assert.throws(() => client.events(), (error) => error.limit === "readers");
  await first.return();
  client.events();
});

test("close ends readers without a failure; a client that gives up has them fail", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  const read = collect(client.events());
  await client.ready;
  client.close();
  await read.done;
  assert.equal(read.error, null);
  const other = insula.connect();
  const failed = collect(other.events());
  await other.ready;
  insula.socket.end(1008, "policy");
  await failed.done;
  assert.equal(failed.error.closeCode, 1008);
});

test("a listener that closes the client is told nothing more", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  const seen = [];
  client.on("event", ({ sequence }) => {
    seen.push(sequence);
    client.close();
  });
  await client.ready;
  insula.socket.following = false;
  say(insula, 3);
  insula.socket.say({ type: "events", epoch: "e1", events: insula.log });
  assert.deepEqual(seen, [1]);
});
