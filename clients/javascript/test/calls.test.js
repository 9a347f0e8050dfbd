import assert from "node:assert/strict";
import { test } from "node:test";
import { LimitError, RefusedError, UnknownOutcomeError } from "../src/index.js";
import { FakeInsula, outcome, settle } from "./fakes.js";

const withoutId = ({ id, ...message }) => message;

test("calls may be made before there is a connection, and go out in order behind the subscription", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  const started = client.start({ agent: "hello", input: "Ada" });
  const read = client.snapshot();
  const run = await started;
  await read;
  assert.deepEqual(insula.socket.sent.map(({ type }) => type), ["subscribe", "run.start", "snapshot"]);
  assert.equal(run.id, insula.socket.sent[1].request);
  assert.equal(run.thread, "t");
  assert.equal(new Set(insula.socket.sent.map(({ id }) => id)).size, 3);
});

test("a start whose answer is lost is sent again as it was, and starts one run", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  await client.ready;
  insula.intercept = (message, socket) => {
    if (message.type !== "run.start") {
      return false;
    }
    insula.intercept = () => false;
    insula.start(message);
    socket.end();
    return true;
  };
  const started = client.start({ agent: "hello", input: "Ada", thread: "mine" });
  await insula.clock.pass(1_000);
  const run = await started;
  const [first, second] = insula.received("run.start");
  assert.deepEqual(withoutId(first), withoutId(second));
  assert.notEqual(first.id, second.id);
  insula.finish(run.id, { greeted: "Ada" });
  assert.deepEqual(await run.done, { state: "completed", result: { greeted: "Ada" } });
  assert.equal(insula.log.filter(({ event }) => event.name === "insula.run.accepted").length, 1);
});

test("an answer is sent again with the same request; so is what changes nothing more", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  await client.ready;
  let lose = true;
  insula.intercept = (message, socket) => {
    if (message.type === "subscribe" || message.type === "snapshot" || !lose) {
      return false;
    }
    queueMicrotask(() => socket.end());
    return true;
  };
  const calls = [
    client.answer({ run: "r", question: "q", answer: true }),
    client.cancel("r"),
    client.readRun("r"),
    client.runsPage({ size: 3 }),
    client.threadsPage(),
    client.messagesPage("t"),
  ];
  insula.runs.set("r", "running");
  await settle();
  lose = false;
  await insula.clock.pass(1_000);
  await Promise.all(calls);
  const [first, second] = insula.received("run.answer");
  assert.match(first.request, /^[0-9a-f-]{36}$/);
  assert.deepEqual(withoutId(first), withoutId(second));
  const order = ["run.answer", "run.cancel", "run.read", "runs.list", "threads.list", "thread.read"];
  assert.deepEqual(insula.sockets[1].sent.map(({ type }) => type), ["subscribe", ...order]);
});

test("what may have been done and cannot be repeated is rejected as not known", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  await client.ready;
  insula.intercept = ({ type }) => type.startsWith("thread.") || type === "token.refresh";
  const calls = {
    "thread.rename": client.renameThread("t", "x"),
    "thread.delete": client.deleteThread("t"),
    "thread.fork": client.forkThread("t", "m"),
    "token.refresh": client.refreshToken("newer"),
  };
  const errors = Object.entries(calls).map(([type, call]) => [type, call.catch((error) => error)]);
  await settle();
  insula.socket.end();
  for (const [type, failed] of errors) {
    const error = await failed;
    assert.ok(error instanceof UnknownOutcomeError, type);
    assert.equal(error.call, type);
  }
});

test("a refusal has its code, number and time", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  const refusal = { code: "queue-full", number: 3002, message: "Too many runs wait.", retryAfterMillis: 1_500 };
  insula.intercept = (message, socket) =>
    message.type === "run.start" && (insula.refuse(socket, message, refusal), true);
  const { error } = await outcome(client.start({ input: "x" }));
  assert.ok(error instanceof RefusedError);
  assert.equal(error.name, "RefusedError");
  assert.deepEqual({ ...error, message: error.message, name: undefined }, {
    ...refusal, name: undefined, resumeFrom: undefined, status: undefined,
  });
});

test("who sends too fast is slowed down, and nothing is lost or changes its place", async () => {
  const insula = new FakeInsula();
  let allowed = 3;
  const taken = [];
  const refill = () => {
    allowed = Math.min(3, allowed + 1);
    insula.clock.setTimeout(refill, 1_000);
  };
  refill();
  insula.intercept = (message, socket) => {
    if (message.type !== "thread.rename") {
      return false;
    }
    if (allowed === 0) {
      insula.refuse(socket, message, { code: "rate-limited", number: 3009, retryAfterMillis: 1_000 });
      return true;
    }
    allowed--;
    taken.push(message.title);
    return false;
  };
  const client = insula.connect();
  await client.ready;
  const calls = Array.from({ length: 12 }, (_, i) => client.renameThread("t", i));
  await insula.clock.pass(20_000);
  await Promise.all(calls);
  assert.deepEqual([...taken].sort((a, b) => a - b), Array.from({ length: 12 }, (_, i) => i));
  assert.ok(insula.received("thread.rename").length <= 12 + 9 + 12, "few are refused");
  client.close();
});

test("a call that is refused for a moment is given up at the limit", async () => {
  const insula = new FakeInsula();
  insula.intercept = (message, socket) =>
    message.type === "thread.delete" &&
    (insula.refuse(socket, message, { code: "rate-limited", number: 3009, retryAfterMillis: 10 }), true);
  const client = insula.connect({ limits: { callRefusals: 2 } });
  const refused = assert.rejects(client.deleteThread("t"), { code: "rate-limited" });
  await insula.clock.pass(100);
  await refused;
  assert.equal(insula.received("thread.delete").length, 3);
});

test("a refusal for a moment does not tell what became of a start that was sent before", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  await client.ready;
  let times = 0;
  insula.intercept = (message, socket) => {
    if (message.type !== "run.start" || ++times > 2) {
      return false;
    }
    if (times === 1) {
      insula.start(message);
      socket.end();
    } else {
      insula.refuse(socket, message, { code: "journal-unavailable", number: 2003 });
    }
    return true;
  };
  const started = client.start({ input: "x" });
  await insula.clock.pass(2_000);
  assert.equal((await started).thread, "t");
  assert.equal(times, 3);
});

test("so many calls may wait, and one more is refused", async () => {
  const insula = new FakeInsula();
  insula.up = false;
  const client = insula.connect({ limits: { callsWaiting: 3 } });
  const calls = [client.snapshot(), client.snapshot(), client.snapshot()];
  const { error } = await outcome(client.snapshot());
  assert.ok(error instanceof LimitError);
  assert.equal(error.limit, "callsWaiting");
  insula.up = true;
  await insula.clock.pass(1_000);
  await Promise.all(calls);
  await client.snapshot();
});

test("so many calls are on their way at once", async () => {
  const insula = new FakeInsula();
  const held = [];
  insula.intercept = (message, socket) => message.type === "snapshot" && held.push([socket, message]) > 0;
  const client = insula.connect({ limits: { callsAtOnce: 2 } });
  await client.ready;
  const calls = [client.snapshot(), client.snapshot(), client.snapshot()];
  await settle();
  assert.equal(held.length, 2);
  insula.intercept = () => false;
  held[0][0].say({ type: "result", id: held[0][1].id, position: insula.head, threads: [], runs: [] });
  await settle();
  assert.equal(insula.received("snapshot").length, 3);
  client.close();
  await Promise.allSettled(calls);
});

test("a message of as many bytes as the server takes is sent, a larger one is not", async () => {
  const insula = new FakeInsula();
  insula.limits.messageBytes = 1_000;
  const client = insula.connect();
  await client.ready;
  const size = (title) => new TextEncoder().encode(JSON.stringify({ type: "thread.rename", thread: "t", title, id: "2" }));
  const title = "ü".repeat((1_000 - size("").length) >> 1) + "x".repeat((1_000 - size("").length) & 1);
  assert.equal(size(title).length, 1_000);
  await client.renameThread("t", title);
  const { error } = await outcome(client.renameThread("t", `${title}x`));
  assert.equal(error.limit, "messageBytes");
  assert.equal(insula.received("thread.rename").length, 1);
  assert.equal(client.state.name, "open");
});

test("pages are read as they are asked for", async () => {
  const insula = new FakeInsula();
  insula.intercept = (message, socket) => {
    if (message.type !== "threads.list") {
      return false;
    }
    const first = Number(message.after ?? 0);
    const threads = Array.from({ length: message.size }, (_, i) => ({ thread: `t${first + i}` }));
    const next = first + message.size < 6 ? String(first + message.size) : undefined;
    socket.say({ type: "result", id: message.id, threads, next });
    return true;
  };
  const client = insula.connect();
  const seen = [];
  for await (const { thread } of client.threads({ size: 2 })) {
    seen.push(thread);
  }
  assert.deepEqual(seen, ["t0", "t1", "t2", "t3", "t4", "t5"]);
  for await (const { thread } of client.threads({ size: 2 })) {
    assert.equal(thread, "t0");
    break;
  }
  assert.equal(insula.received("threads.list").length, 4);
});

test("a newer token takes the place of the old one only when the server has taken it", async () => {
  const insula = new FakeInsula();
  const tokens = ["first", "second", "third"];
  insula.tokens = new Set(tokens);
  const asked = [];
  const client = insula.connect({ getToken: ({ reason }) => (asked.push(reason), tokens[asked.length - 1]) });
  await client.ready;
  insula.intercept = (message, socket) =>
    message.type === "token.refresh" &&
    (insula.refuse(socket, message, { code: "token-of-another-user", number: 1025 }), true);
  assert.equal((await outcome(client.refreshToken())).error.code, "token-of-another-user");
  insula.socket.end();
  await insula.clock.pass(1_000);
  assert.equal(insula.socket.token, "first");
  insula.intercept = (message, socket) =>
    message.type === "token.refresh" && (socket.say({ type: "result", id: message.id, until: "2026-01-01T00:00:00Z" }), true);
  assert.equal(await client.refreshToken(), "2026-01-01T00:00:00Z");
  insula.socket.end();
  await insula.clock.pass(2_000);
  assert.equal(insula.socket.token, "third");
  assert.deepEqual(asked, ["connect", "refresh", "refresh"]);
});

test("an upload has its name, its type and the token, and is refused in a typed way", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  const stored = { id: "a", name: "für Ada.csv", mediaType: "text/csv", bytes: 3 };
  insula.answerHttp = () => Response.json(stored, { status: 201 });
  assert.deepEqual(await client.upload("a,b", { name: "für Ada.csv", mediaType: "text/csv" }), stored);
  const [{ url, method, headers, body }] = insula.requests;
  assert.deepEqual([url, method, body], ["http://insula.test/attachments", "POST", "a,b"]);
  assert.deepEqual(headers, {
    Authorization: "Bearer token", "Content-Type": "text/csv", "X-Insula-Name": "f%C3%BCr%20Ada.csv",
  });
  insula.answerHttp = () =>
    Response.json({ code: "attachments-full", number: 3007, detail: "Full." }, { status: 413, headers: { "Retry-After": "2" } });
  const { error } = await outcome(client.upload("x", { name: "x" }));
  assert.deepEqual([error.code, error.number, error.message, error.status, error.retryAfterMillis],
    ["attachments-full", 3007, "Full.", 413, 2_000]);
  insula.answerHttp = () => new Response("<html>", { status: 502 });
  assert.equal((await outcome(client.upload("x", { name: "x" }))).error.code, "http-502");
  insula.answerHttp = () => { throw new TypeError("fetch failed"); };
  assert.equal((await outcome(client.upload("x", { name: "x" }))).error.code, "no-answer");
  assert.match((await outcome(client.upload("x"))).error.message, /needs a "name"/);
});

test("an upload whose token has expired is sent once more under a new one", async () => {
  const insula = new FakeInsula();
  insula.tokens = new Set(["first", "second"]);
  let asked = 0;
  const client = insula.connect({ getToken: () => (++asked === 1 ? "first" : "second") });
  await client.ready;
  insula.tokens.delete("first");
  await client.upload(new Blob(["x"], { type: "text/plain" }), { name: "x.txt" });
  assert.deepEqual(insula.requests.map(({ headers }) => headers.Authorization), ["Bearer first", "Bearer second"]);
});
