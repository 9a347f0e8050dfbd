import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionError } from "../src/index.js";
import { FakeInsula, outcome, settle } from "./fakes.js";

test("the token travels as a subprotocol, and the address gets its path", async () => {
  const insula = new FakeInsula();
  const client = insula.connect({ url: "https://insula.test/behind/" });
  await client.ready;
  assert.equal(insula.socket.url, "wss://insula.test/behind/ws");
  assert.deepEqual(insula.socket.protocols, ["insula.v1", "bearer.token"]);
  assert.equal(client.state.name, "open");
  assert.equal(client.welcome.user.subject, "ada");
});

test("what cannot be an address, a token or an option is refused at once, without quoting the token", () => {
  const insula = new FakeInsula();
  const wrong = (options, pattern) => assert.throws(() => insula.connect(options), pattern);
  wrong({ url: "nowhere" }, /"url" must be the address/);
  wrong({ url: "http://insula.test/#token=s3cret" }, (error) => !error.message.includes("s3cret"));
  wrong({ url: "ftp://insula.test" }, /must begin with http/);
  wrong({ token: "s3 cret" }, (error) => error instanceof TypeError && !error.message.includes("cret"));
  wrong({ token: "token", getToken: () => "token" }, /either "token" or "getToken"/);
  wrong({ follow: "yesterday" }, /"follow" must be/);
  wrong({ limits: { callsWating: 1 } }, /There is no limit "callsWating"/);
  wrong({ limits: { attempts: 0 } }, /whole number from 1/);
  wrong({ limits: { attempts: 2 ** 31 } }, /whole number from 1/);
  wrong({ environment: { WebSocket: undefined } }, /There is no WebSocket here/);
});

test("the wait before each new attempt doubles up to its limit, and chance takes off up to half", async () => {
  const insula = new FakeInsula();
  insula.up = false;
  const client = insula.connect({ limits: { backoffFirst: 1_000, backoffMost: 4_000 } });
  const waits = [];
  client.on("state", (state) => state.name === "waiting" && waits.push(state.retryAt - insula.clock.now));
  await insula.clock.pass(6_000);
  insula.random = 0.999999;
  await insula.clock.pass(4_000);
  assert.deepEqual(waits, [500, 1_000, 2_000, 2_000, 2_000, 4_000]);
  client.close();
});

test("a client ends after its attempts, and says why", async () => {
  for (const attempts of [1, 3]) {
    const insula = new FakeInsula();
    insula.up = false;
    const client = insula.connect({ limits: { attempts } });
    await insula.clock.pass(60_000);
    assert.equal(insula.sockets.length, attempts + 1, "the first is none that was tried again");
    assert.equal(client.state.name, "closed");
    assert.equal(client.state.error.code, "attempts");
    assert.equal((await outcome(client.ready)).error, client.state.error);
    assert.equal((await outcome(client.snapshot())).error, client.state.error);
    assert.equal(insula.clock.waiting, 0);
  }
});

test("connections that end at once count as failures, one that lasts does not", async () => {
  const insula = new FakeInsula();
  const client = insula.connect({ limits: { steady: 5_000 } });
  for (let i = 0; i < 3; i++) {
    await insula.clock.pass(4_999);
    insula.socket.end(1013, "slow consumer");
    assert.equal(client.state.attempt, i + 1);
    await insula.clock.pass(client.state.retryAt - insula.clock.now);
  }
  await insula.clock.pass(5_000);
  insula.socket.end(1001, "going away");
  assert.equal(client.state.attempt, 1);
});

test("each close code is followed by what the protocol says", async () => {
  const states = { 1000: "waiting", 1001: "waiting", 1006: "waiting", 1011: "waiting", 1013: "waiting", 4002: "waiting" };
  for (const code of [1002, 1003, 1007, 1008, 1009, 4001, 4003]) {
    states[code] = "closed";
  }
  for (const [code, state] of Object.entries(states)) {
    const insula = new FakeInsula();
    const client = insula.connect();
    await client.ready;
    insula.socket.end(Number(code), "reason");
    await settle();
    assert.equal(client.state.name, state, code);
    assert.ok(client.state.error instanceof ConnectionError);
    assert.equal(client.state.error.closeCode, Number(code));
    client.close();
  }
});

test("a token that has expired or was revoked is replaced at once, and the client goes on", async () => {
  for (const [code, reason] of [[4001, "token-expired"], [4003, "token-revoked"]]) {
    const insula = new FakeInsula();
    insula.tokens = new Set(["first"]);
    const asked = [];
    const getToken = async (why) => {
      asked.push(why.reason);
      return asked.length === 1 ? "first" : "second";
    };
    const client = insula.connect({ getToken });
    await client.ready;
    insula.tokens = new Set(["second"]);
    insula.socket.end(code, "");
    await settle();
    assert.deepEqual(asked, ["connect", reason]);
    assert.equal(client.state.name, "open");
    assert.equal(insula.socket.token, "second");
  }
});

test("a token that is refused at the door is replaced once at once, then after waits", async () => {
  const insula = new FakeInsula();
  insula.tokens = new Set(["good"]);
  let asked = 0;
  const client = insula.connect({ getToken: () => (++asked < 4 ? "bad" : "good") });
  await settle();
  assert.equal(asked, 2);
  assert.equal(client.state.name, "waiting");
  assert.equal(client.state.error.code, "unauthenticated");
  await insula.clock.pass(10_000);
  assert.equal(asked, 4);
  assert.equal(client.state.name, "open");
});

test("a token that is taken and revoked again and again leads to no hot loop", async () => {
  const insula = new FakeInsula();
  let asked = 0;
  const client = insula.connect({ getToken: () => (asked++, "token") });
  await client.ready;
  insula.socket.end(4003, "token revoked");
  await settle();
  insula.socket.end(4003, "token revoked");
  await settle();
  assert.equal(asked, 2);
  assert.equal(client.state.name, "waiting");
});

test("without getToken a refused token ends the client, and no message quotes it", async () => {
  const insula = new FakeInsula();
  insula.tokens = new Set();
  const client = insula.connect({ token: "s3cret" });
  const { error } = await outcome(client.ready);
  assert.equal(error.code, "unauthenticated");
  assert.equal(client.state.name, "closed");
  assert.ok(!JSON.stringify([error.message, error.stack, client.state, { ...error }]).includes("s3cret"));
});

test("a getToken that fails is asked again later; one that gives no token ends the client", async () => {
  const insula = new FakeInsula();
  let asked = 0;
  const client = insula.connect({ getToken: async () => (++asked === 1 ? Promise.reject(new Error("s3cret")) : "token") });
  await settle();
  assert.equal(client.state.error.message, '"getToken" failed.');
  await insula.clock.pass(1_000);
  assert.equal(client.state.name, "open");
  const other = insula.connect({ getToken: () => undefined });
  await settle();
  assert.equal(other.state.name, "closed");
});

test("a server that asks for patience gets it", async () => {
  const insula = new FakeInsula();
  insula.tokens = new Set();
  insula.answerHttp = () =>
    Response.json({ code: "platform-busy", number: 3003 }, { status: 503, headers: { "Retry-After": "7" } });
  const client = insula.connect();
  await settle();
  assert.equal(client.state.error.code, "platform-busy");
  assert.equal(client.state.retryAt - insula.clock.now, 7_000);
  client.close();
});

test("an origin that is not allowed ends the client", async () => {
  const insula = new FakeInsula();
  insula.tokens = new Set();
  insula.answerHttp = () => Response.json({ code: "forbidden", number: 1020 }, { status: 403 });
  const client = insula.connect();
  assert.equal((await outcome(client.ready)).error.code, "forbidden");
});

test("a silent connection is asked for a sign of life, and is lost without one", async () => {
  const insula = new FakeInsula();
  const client = insula.connect({ limits: { silence: 15_000, answer: 10_000, steady: 100_000 } });
  await insula.clock.pass(45_000);
  assert.equal(insula.received("ping").length, 3);
  assert.equal(client.state.name, "open");
  insula.intercept = (message) => message.type === "ping";
  await insula.clock.pass(14_999 + 10_000);
  assert.equal(client.state.name, "open");
  await insula.clock.pass(1);
  assert.equal(client.state.name, "waiting");
  assert.equal(insula.socket.isOpen, false);
  insula.intercept = () => false;
  await insula.clock.pass(500);
  assert.equal(client.state.name, "open");
});

test("a server that never greets is given up in time", async () => {
  const insula = new FakeInsula();
  insula.accept = () => {};
  const client = insula.connect({ limits: { connect: 15_000 } });
  await insula.clock.pass(14_999);
  assert.equal(client.state.name, "connecting");
  await insula.clock.pass(1);
  assert.equal(client.state.error.code, "no-answer");
});

test("connectNow skips the wait, and has an open connection prove itself", async () => {
  const insula = new FakeInsula();
  insula.up = false;
  const client = insula.connect();
  await settle();
  insula.up = true;
  client.connectNow();
  await settle();
  assert.equal(client.state.name, "open");
  client.connectNow();
  client.connectNow();
  await settle();
  assert.equal(insula.received("ping").length, 1);
});

test("a server that speaks nonsense is left and tried again", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  await client.ready;
  insula.socket.say("{");
  assert.equal(client.state.error.code, "protocol");
  await insula.clock.pass(500);
  insula.socket.say({ type: "of a later server" });
  assert.equal(client.state.name, "open");
});

test("close ends everything that waits, and leaves no timer", async () => {
  const insula = new FakeInsula();
  insula.intercept = ({ type }) => type === "snapshot" || type === "thread.rename";
  const client = insula.connect();
  await client.ready;
  const unknown = [client.renameThread("t", "title"), client.snapshot()].map((call) =>
    assert.rejects(call, { code: "outcome-unknown" }),
  );
  await settle();
  client.close();
  client.close();
  await Promise.all(unknown);
  assert.equal((await outcome(client.snapshot())).error.code, "closed");
  assert.equal(insula.clock.waiting, 0);
  assert.equal(insula.socket.isOpen, false);
});

test("a listener that throws harms nobody else, and is heard of", async () => {
  const insula = new FakeInsula();
  const thrown = [];
  const client = insula.connect({ environment: { report: ({ message }) => thrown.push(message) } });
  const seen = [];
  client.on("welcome", () => {
    throw new Error("of a listener");
  });
  client.on("welcome", () => seen.push("welcome"));
  await client.ready;
  assert.deepEqual(thrown, ["of a listener"]);
  assert.deepEqual(seen, ["welcome"]);
  assert.throws(() => client.on("evnt", () => {}), /nothing called "evnt"/);
});
