// Runs one scenario with Insula's client for JavaScript against a running Insula: node client.mjs SCENARIO
import assert from "node:assert/strict";
import { EventsLostError, RefusedError, connect } from "@insula/client";
import { openProxy } from "./proxy.mjs";

const url = process.env.INSULA_URL;
const token = process.env.INSULA_TOKEN;
/** Tokens of other users, and one that ends soon. */
const { INSULA_OTHER_TOKEN: otherToken, INSULA_ENDING_TOKEN: endingToken } = process.env;

const clients = [];

/** A client whose events are kept, each looked at as it comes. */
function follow(options = {}) {
  const client = connect({ url, ...("getToken" in options ? {} : { token }), limits: { backoffFirst: 50 }, ...options });
  client.log = [];
  client.on("event", (item) => {
    const before = client.log.at(-1);
    assert.ok(!before || (before.epoch === item.epoch && before.sequence + 1 === item.sequence), "a hole or a double");
    client.log.push(item);
  });
  clients.push(client);
  return client;
}

/** Waits until both have come to the same place, and checks that they saw the same. */
async function assertSame(one, other) {
  while (one.position.sequence !== other.position.sequence) {
    const behind = one.position.sequence < other.position.sequence ? one : other;
    await new Promise((resolve) => {
      const off = behind.on("event", () => resolve(off()));
    });
  }
  const first = Math.max(one.log[0].sequence, other.log[0].sequence);
  const from = ({ log }) => log.filter(({ sequence }) => sequence >= first);
  assert.deepEqual(from(one), from(other));
}

const pieces = (marker, count) => Array.from({ length: count }, (_, i) => `[${marker}#${i}]`).join("");

async function collect(reader) {
  const items = [];
  for await (const item of reader) {
    items.push(item);
  }
  return items;
}

/** The first item that is wanted. */
async function first(reader, wanted = () => true) {
  for await (const item of reader) {
    if (wanted(item)) {
      return item;
    }
  }
  throw new Error("it never came");
}

const kinds = (run) => new Set(run.view.parts.map(({ kind }) => kind));

const scenarios = {
  async greeting() {
    const insula = follow();
    const { agents, limits, user } = await insula.ready;
    assert.ok(agents.some(({ name }) => name === "hello"));
    assert.ok(limits.messageBytes > 0 && user.subject.startsWith("javascript-"));
    const run = await insula.start({ agent: "hello", input: "Ada" });
    assert.deepEqual((await collect(run.text())).join(""), "Hello, Ada!");
    assert.equal((await run.done).state, "completed");
    assert.equal((await run.read()).state, "completed");
    assert.equal(run.view.text, "Hello, Ada!");
    const types = (await collect(run.events())).map(({ event }) => event.type);
    assert.deepEqual([types[0], types[1], types.at(-1)], ["CUSTOM", "RUN_STARTED", "RUN_FINISHED"]);
    assert.ok((await insula.ping()) >= 0);
  },

  async everything() {
    const insula = follow();
    const steps = await insula.start({ agent: "steps", input: "" });
    assert.equal((await steps.done).state, "completed");
    assert.deepEqual(kinds(steps), new Set(["thought", "step", "message", "tool", "sub-agent"]));
    assert.ok(steps.view.parts.every(({ open }) => !open));
    assert.ok(steps.view.parts.some(({ kind, text }) => kind === "thought" && text === "a thought in pieces"));
    assert.equal(steps.view.progress.done, 1);
    assert.equal(steps.view.parts.find(({ kind }) => kind === "sub-agent").progress.what, "marking below");
    assert.ok(steps.view.parts.find(({ kind }) => kind === "tool").result);
    const fanOut = await insula.start({ agent: "fan-out", input: "count=6 failing=2" });
    assert.deepEqual((await fanOut.done).result, { completed: 5, failed: 1 });
    const states = fanOut.view.parts.filter(({ kind }) => kind === "sub-agent").map(({ state }) => state);
    assert.deepEqual(states.sort(), ["completed", "completed", "completed", "completed", "completed", "failed"]);
    const failed = await insula.start({ agent: "fail", input: "how=runtime" });
    assert.equal((await failed.done).code, "agent-failed");
  },

  async questions() {
    const insula = follow();
    const ask = async (kind) => {
      const run = await insula.start({ agent: "asker", input: `kind=${kind}` });
      return { run, question: await first(run.questions()) };
    };
    const approval = await ask("approval");
    assert.equal(approval.question.text, "May I?");
    await approval.run.answer(approval.question.question, true);
    const choice = await ask("choice");
    assert.deepEqual(choice.question.options, ["left", "right"]);
    await assert.rejects(choice.run.answer(choice.question.question, "up"), { code: "answer-invalid", number: 1012 });
    await choice.run.answer(choice.question.question, "right");
    const files = await ask("files");
    const stored = await insula.upload(new Blob(["abc"], { type: "text/plain" }), { name: "für Ada.txt" });
    assert.deepEqual({ ...stored, id: "" }, { id: "", name: "für Ada.txt", mediaType: "text/plain", bytes: 3 });
    await files.run.answer(files.question.question, undefined, { attachments: [stored.id] });
    await Promise.all([approval, choice, files].map(({ run }) => run.done));
    assert.equal(approval.run.view.text, "approval: true");
    assert.equal(choice.run.view.text, "choice: right");
    assert.equal(files.run.view.text, "files: für Ada.txt/3/294");
    const below = await insula.start({ agent: "asker-below", input: "" });
    for await (const { question, kind } of below.questions()) {
      await below.answer(question, kind === "choice" ? "left" : "a name");
    }
    assert.equal((await below.done).state, "completed");
    assert.ok(below.view.parts.filter(({ kind }) => kind === "question").every(({ state }) => state === "answered"));
  },

  async stopping() {
    const insula = follow();
    const run = await insula.start({ agent: "wait-for-stop", input: "", thread: "t" });
    await first(run.text());
    await assert.rejects(insula.start({ agent: "hello", input: "x", thread: "t", whenBusy: "reject" }), (error) => {
      assert.ok(error instanceof RefusedError);
      return error.code === "thread-busy";
    });
    const queued = await insula.start({ agent: "hello", input: "x", thread: "t" });
    assert.equal((await queued.cancel()).state, "cancelled");
    assert.equal((await run.cancel()).state, "cancelled");
    assert.deepEqual(await run.done, { state: "cancelled" });
    assert.deepEqual(await queued.done, { state: "cancelled" });
    await assert.rejects(insula.cancel("no-such-run"), { code: "run-unknown" });
  },

  /** The way to the server is cut again and again while an agent answers. */
  async cuts() {
    const proxy = await openProxy(url);
    const witness = follow();
    const insula = follow({ url: proxy.url });
    const read = collect(insula.events());
    await Promise.all([witness.ready, insula.ready]);
    const run = await insula.start({ agent: "resumable-steps", input: "marker=a count=60 pause=25 part-pause=20" });
    let said = 0;
    run.on("event", ({ event }) => {
      if (event.type === "TEXT_MESSAGE_CONTENT" && ++said % 9 === 0) {
        proxy.cut();
      }
    });
    assert.equal((await run.done).state, "completed");
    assert.ok(proxy.cuts >= 3, `it was cut ${proxy.cuts} times`);
    assert.ok(proxy.connections >= proxy.cuts);
    assert.equal(run.view.text, `${pieces("a", 60)}done a`);
    await assertSame(witness, insula);
    insula.close();
    assert.deepEqual(await read, insula.log);
    proxy.close();
  },

  /** The way is cut when the receipt is on it: nobody knows, and asking again does nothing twice. */
  async lostReceipts() {
    const proxy = await openProxy(url);
    const insula = follow({ url: proxy.url });
    await insula.ready;
    proxy.cutBefore('"type":"accepted"');
    const run = await insula.start({ agent: "asker", input: "kind=text" });
    assert.equal(proxy.cuts, 1);
    const { question } = await first(run.questions());
    proxy.cutBefore('"type":"accepted"');
    await run.answer(question, "Ada's");
    assert.equal(proxy.cuts, 2);
    assert.equal((await run.done).state, "completed");
    assert.equal(run.view.text, "text: Ada's");
    assert.equal((await collect(insula.runs())).length, 1);
    proxy.cutBefore('"type":"result"');
    await assert.rejects(insula.renameThread(run.thread, "New"), { code: "outcome-unknown", call: "thread.rename" });
    proxy.close();
  },

  /** Two users with the same ids, at the same time, see nothing of each other. */
  async twoUsers() {
    const users = [follow(), follow({ token: otherToken })];
    const runs = [];
    for (let i = 0; i < 4; i++) {
      for (const [n, insula] of users.entries()) {
        runs.push(insula.start({ agent: "echo", input: `marker=u${n} count=50`, thread: "same", run: `same-${i}` }));
      }
    }
    const started = await Promise.all(runs);
    await Promise.all(started.map(({ done }) => done));
    started.forEach((run, i) => assert.equal(run.view.text, pieces(`u${i % 2}`, 50)));
    for (const [n, insula] of users.entries()) {
      assert.equal((await collect(insula.runs())).length, 4);
      assert.ok(!JSON.stringify(insula.log).includes(`[u${1 - n}#`));
    }
    assert.notEqual(users[0].position.epoch, users[1].position.epoch);
    await assert.rejects(users[1].refreshToken(token), { code: "token-of-another-user" });
  },

  async lists() {
    const insula = follow();
    const started = [];
    for (let i = 0; i < 5; i++) {
      started.push(await insula.start({ agent: "hello", input: `Ada ${i}`, thread: `t${i}` }));
    }
    await Promise.all(started.map(({ done }) => done));
    const threads = await collect(insula.threads({ size: 2 }));
    assert.deepEqual(threads.map(({ thread }) => thread).sort(), ["t0", "t1", "t2", "t3", "t4"]);
    assert.deepEqual(new Set((await collect(insula.runs({ size: 2 }))).map(({ run }) => run)), new Set(started.map(({ id }) => id)));
    const { runs, next } = await insula.runsPage({ size: 3 });
    assert.equal(runs.length, 3);
    assert.equal((await insula.runsPage({ size: 3, after: next })).next, undefined);
    const messages = await collect(insula.messages("t3", { size: 1 }));
    assert.deepEqual(messages.map(({ role, text }) => [role, text]), [["user", "Ada 3"], ["assistant", "Hello, Ada 3!"]]);
    assert.equal((await insula.renameThread("t3", "Third")).title, "Third");
    const fork = await insula.forkThread("t3", messages[0].id, "t5");
    assert.equal(fork.thread, "t5");
    assert.equal((await insula.messagesPage("t5")).messages.length, 1);
    assert.equal(await insula.deleteThread("t3"), "t3");
    await assert.rejects(insula.messagesPage("t3"), { code: "thread-unknown", number: 1007 });
    const { position, threads: left } = await insula.snapshot();
    assert.equal(left.length, 5);
    assert.equal(position.epoch, insula.position.epoch);
    const old = follow({ follow: "start" }).run(started[0].id);
    assert.equal((await old.done).state, "completed");
    assert.equal(old.view.text, "Hello, Ada 0!");
    assert.equal((await insula.run(started[1].id).done).state, "completed");
  },

  /** The token ends while an agent answers; the next one is asked for, and nothing is missing. */
  async tokens() {
    const asked = [];
    const getToken = ({ reason }) => (asked.push(reason), asked.length === 1 ? endingToken : token);
    const insula = follow({ getToken });
    const witness = follow();
    await Promise.all([witness.ready, insula.ready]);
    const run = await insula.start({ agent: "resumable-steps", input: "marker=a count=300 pause=60 part-pause=0" });
    assert.equal((await run.done).state, "completed");
    assert.deepEqual(asked, ["connect", "token-expired"]);
    assert.equal(run.view.text, `${pieces("a", 300)}done a`);
    await assertSame(witness, insula);
    const until = await witness.refreshToken(token);
    assert.ok(new Date(until) > new Date());
    await assert.rejects(connect({ url, token: `${token}x` }).ready, { code: "unauthenticated" });
  },

  async erased() {
    const insula = follow();
    const events = collect(insula.events());
    const run = await insula.start({ agent: "wait-for-stop", input: "" });
    await first(run.text());
    insula.log.length = 0;
    const erased = await fetch(`${url}/erase`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ erase: "all my data" }),
    });
    assert.equal(erased.status, 200);
    await assert.rejects(run.done, { code: "erased" });
    await assert.rejects(events, (error) => error instanceof EventsLostError && error.reason === "erased");
    insula.log.length = 0;
    const next = await insula.start({ agent: "hello", input: "Ada" });
    assert.equal((await next.done).state, "completed");
    assert.equal((await collect(insula.runs())).length, 1);
  },

  /** The server is killed in the middle of the answer and started again. */
  async restart() {
    const insula = follow();
    const run = await insula.start({ agent: "resumable-steps", input: "marker=a count=60 pause=50 part-pause=20" });
    const end = await run.done;
    assert.equal(end.state, "completed");
    assert.equal(run.view.text, `${pieces("a", 60)}done a`);
    assert.equal(run.view.attempt, 2);
    assert.equal(insula.log.filter(({ event }) => event.name === "insula.run.accepted").length, 1);
    const again = follow({ follow: "start" });
    await again.run(run.id).done;
    assert.deepEqual(again.log, insula.log);
  },
};

await scenarios[process.argv[2]]();
clients.forEach((client) => client.close());
console.log(`${process.argv[2]} went well`);
