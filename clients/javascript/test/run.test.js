import assert from "node:assert/strict";
import { test } from "node:test";
import { RunView } from "../src/index.js";
import { collect, FakeInsula, outcome, settle } from "./fakes.js";

const custom = (name, value) => ({ type: "CUSTOM", name, value });
const question = { question: "q", kind: "choice", text: "Which?", options: ["a", "b"], expiresAt: "2026-01-01T00:00:00Z" };

test("a run tells its events from the first to the last, to each reader, and how it ended", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  const run = await client.start({ agent: "hello", input: "Ada" });
  const early = collect(run.events());
  insula.say(run.id, "Hello, ");
  insula.say("another run", "not this");
  insula.say(run.id, "Ada!");
  insula.finish(run.id, 7);
  assert.deepEqual(await run.done, { state: "completed", result: 7 });
  const late = collect(run.events());
  const said = collect(run.text());
  await Promise.all([early.done, late.done, said.done]);
  assert.deepEqual(early.items, late.items);
  assert.deepEqual(early.items.map(({ sequence }) => sequence), [1, 2, 4, 5]);
  assert.deepEqual(said.items, ["Hello, ", "Ada!"]);
});

test("events that come before the answer to the start belong to the run too", async () => {
  const insula = new FakeInsula();
  insula.intercept = (message, socket) => {
    if (message.type !== "run.start") {
      return false;
    }
    insula.start(message);
    insula.say(message.run, "quick");
    insula.finish(message.run);
    socket.say({ type: "accepted", id: message.id, ...insula.receipts.get(message.request) });
    return true;
  };
  const run = await insula.connect().start({ input: "x" });
  assert.equal((await run.done).state, "completed");
  const read = collect(run.events());
  await read.done;
  assert.equal(read.items.length, 3);
});

test("a failed and a cancelled run end as such", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  const failed = await client.start({ input: "x" });
  insula.publish(failed.id, { type: "RUN_ERROR", code: "agent-failed", message: "It threw." });
  assert.deepEqual(await failed.done, { state: "failed", code: "agent-failed", message: "It threw." });
  const cancelled = await client.start({ input: "x" });
  insula.publish(cancelled.id, { type: "RUN_FINISHED", outcome: { type: "cancelled" } });
  assert.deepEqual(await cancelled.done, { state: "cancelled" });
});

test("questions come as they are asked, and are answered through the run", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  const run = await client.start({ input: "x" });
  const asked = collect(run.questions());
  insula.publish(run.id, { type: "RUN_STARTED" }, custom("insula.question", question));
  await settle();
  assert.deepEqual(asked.items, [question]);
  assert.equal(run.view.state, "waiting-for-answer");
  await run.answer("q", "b");
  await run.answer("q", undefined, { attachments: ["a"] });
  const [words, files] = insula.received("run.answer");
  assert.deepEqual([words.run, words.question, words.answer], [run.id, "q", "b"]);
  assert.deepEqual([files.attachments, "answer" in files], [["a"], false]);
});

test("a start that is refused leaves nothing behind", async () => {
  const insula = new FakeInsula();
  insula.intercept = (message, socket) =>
    message.type === "run.start" && (insula.refuse(socket, message, { code: "agent-unknown", number: 1006 }), true);
  const client = insula.connect({ limits: { runs: 1 } });
  assert.equal((await outcome(client.start({ input: "x" }))).error.code, "agent-unknown");
  insula.intercept = () => false;
  await client.start({ input: "x" });
});

test("so many runs may be followed at once; an end makes room", async () => {
  const insula = new FakeInsula();
  const client = insula.connect({ limits: { runs: 2 } });
  const run = await client.start({ input: "x" });
  await client.start({ input: "x" });
  assert.equal((await outcome(client.start({ input: "x" }))).error.limit, "runs");
  insula.finish(run.id);
  await client.start({ input: "x" });
});

test("a run that had ended before is known to have ended, and one that goes on ends when it does", async () => {
  const insula = new FakeInsula();
  insula.runs.set("old", "timed-out");
  insula.runs.set("busy", "running");
  const client = insula.connect();
  const old = client.run("old");
  const busy = client.run("busy");
  assert.equal(client.run("busy"), busy);
  assert.equal((await old.done).state, "failed");
  insula.finish("busy");
  assert.equal((await busy.done).state, "completed");
  assert.equal((await outcome(client.run("nobody's").done)).error.code, "run-unknown");
});

test("a run whose end is still to be read in the log is not ended before that", async () => {
  const insula = new FakeInsula();
  insula.start({ request: "1", run: "r", input: "x" });
  insula.say("r", "all of it");
  insula.finish("r", 1);
  const client = insula.connect({ follow: "start" });
  const run = client.run("r");
  const read = collect(run.events());
  assert.deepEqual(await run.done, { state: "completed", result: 1 });
  await read.done;
  assert.equal(read.items.length, 3);
});

test("a request that was made before gives the same run, whose end is known", async () => {
  const insula = new FakeInsula();
  const request = "5f0c4c4e-0000-4000-8000-000000000001";
  insula.start({ request, run: request, input: "x" });
  insula.finish(request);
  const run = await insula.connect().start({ request, input: "x" });
  assert.equal((await run.done).state, "completed");
});

test("a run whose events are lost fails its readers, and still ends", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  const [gone, busy] = [await client.start({ input: "x" }), await client.start({ input: "x" })];
  const read = collect(gone.events());
  insula.socket.end();
  insula.finish(gone.id);
  insula.firstKept = insula.log.length + 1;
  await insula.clock.pass(1_000);
  assert.equal(read.error.code, "events-lost");
  assert.deepEqual(await gone.done, { state: "completed" });
  insula.finish(busy.id, 2);
  assert.deepEqual(await busy.done, { state: "completed", result: 2 });
});

test("so many events of a run are kept for late readers; with one more these fail", async () => {
  for (const [said, code] of [[3, null], [4, "limit"]]) {
    const insula = new FakeInsula();
    const client = insula.connect({ limits: { runEvents: 5 } });
    const run = await client.start({ input: "x" });
    const early = collect(run.events());
    for (let i = 0; i < said; i++) {
      insula.say(run.id, "x");
      await settle();
    }
    insula.finish(run.id);
    await run.done;
    const late = collect(run.events());
    await Promise.all([early.done, late.done]);
    assert.equal(early.items.length, said + 2);
    assert.equal(late.error?.code ?? null, code);
  }
});

test("runs of a client that is closed are not left waiting", async () => {
  const insula = new FakeInsula();
  const client = insula.connect();
  const run = await client.start({ input: "x" });
  const read = collect(run.events());
  client.close();
  assert.equal((await outcome(run.done)).error.code, "closed");
  assert.equal(read.error.code, "closed");
});

test("a view shows everything that an agent did, in order", () => {
  const view = new RunView();
  const attachments = [{ id: "a", name: "a.csv", mediaType: "text/csv", bytes: 1 }];
  const events = [
    custom("insula.run.accepted", { agent: "steps", input: "go", attachments, messageId: "i" }),
    { type: "RUN_STARTED" },
    { type: "REASONING_START", messageId: "t" },
    { type: "REASONING_MESSAGE_START", messageId: "t", role: "reasoning" },
    { type: "REASONING_MESSAGE_CONTENT", messageId: "t", delta: "hm" },
    { type: "REASONING_MESSAGE_END", messageId: "t" },
    { type: "REASONING_END", messageId: "t" },
    { type: "STEP_STARTED", stepName: "work" },
    { type: "STEP_STARTED", stepName: "work" },
    { type: "TEXT_MESSAGE_START", messageId: "m" },
    { type: "TEXT_MESSAGE_CONTENT", messageId: "m", delta: "one " },
    { type: "TOOL_CALL_START", toolCallId: "c", toolCallName: "count" },
    { type: "TOOL_CALL_ARGS", toolCallId: "c", delta: '{"n":' },
    { type: "TOOL_CALL_ARGS", toolCallId: "c", delta: "1}" },
    { type: "TOOL_CALL_END", toolCallId: "c" },
    { type: "TEXT_MESSAGE_CONTENT", messageId: "m", delta: "two" },
    { type: "TEXT_MESSAGE_END", messageId: "m" },
    { type: "TOOL_CALL_RESULT", toolCallId: "c", messageId: "x", content: '{"calls":2}' },
    { type: "STEP_FINISHED", stepName: "work" },
    { type: "SUBAGENT_STARTED", subagentRunId: "s", name: "part" },
    { type: "TEXT_MESSAGE_START", messageId: "sm", subagentRunId: "s" },
    { type: "TEXT_MESSAGE_CONTENT", messageId: "sm", subagentRunId: "s", delta: "below" },
    { ...custom("insula.question", question), subagentRunId: "s" },
    custom("insula.progress", { what: "half", done: 1, total: 2 }),
    { type: "OF_A_LATER_SERVER" },
    custom("of.a.later.server", {}),
  ];
  events.forEach((event) => view.fold(event));
  assert.equal(view.state, "waiting-for-answer");
  assert.deepEqual(view.questions.map(({ id, subAgent }) => [id, subAgent]), [["q", "s"]]);
  view.fold(custom("insula.answer", { question: "q", answer: "b" }));
  view.fold({ type: "SUBAGENT_ERROR", subagentRunId: "s", code: "stopped", message: "Stopped." });
  assert.equal(view.state, "running");
  view.fold({ type: "STEP_FINISHED", stepName: "work" });
  view.fold(custom("insula.resumed", { attempt: 2 }));
  view.fold({ type: "RUN_FINISHED", outcome: { type: "success" }, result: { done: true } });
  assert.deepEqual(view.parts, [
    { kind: "thought", id: "t", text: "hm", open: false },
    { kind: "step", name: "work", open: false },
    { kind: "step", name: "work", open: false },
    { kind: "message", id: "m", text: "one two", open: false },
    { kind: "tool", id: "c", name: "count", arguments: '{"n":1}', open: false, result: { calls: 2 } },
    { kind: "sub-agent", id: "s", name: "part", state: "failed", code: "stopped", message: "Stopped." },
    { kind: "message", id: "sm", text: "below", open: true, subAgent: "s" },
    {
      kind: "question", id: "q", answerKind: "choice", text: "Which?", options: ["a", "b"],
      expiresAt: question.expiresAt, state: "answered", answer: "b", subAgent: "s",
    },
  ]);
  assert.deepEqual(
    [view.agent, view.input, view.attachments, view.text, view.progress, view.attempt, view.state, view.end],
    ["steps", "go", attachments, "one two", { what: "half", done: 1, total: 2 }, 2, "completed",
      { state: "completed", result: { done: true } }],
  );
});

test("a view tells how questions end without an answer", () => {
  for (const how of ["expired", "withdrawn"]) {
    const view = new RunView();
    view.fold(custom("insula.question", question));
    view.fold(custom("insula.answer", { question: "q", [how]: true }));
    assert.equal(view.parts[0].state, how);
  }
});
