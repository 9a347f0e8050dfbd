// Runs one scenario with the client of AG-UI as it is published, against a running Insula: node ag-ui.mjs SCENARIO
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { HttpAgent, buildResumeArray, verifyEvents } from "@ag-ui/client";
import { EventSchema } from "@ag-ui/core/schemas";
import { from, lastValueFrom, tap, toArray } from "rxjs";

const address = process.env.INSULA_URL;
const authorization = { Authorization: `Bearer ${process.env.INSULA_TOKEN}` };
const warnings = [];
// The client warns of whatever its protocol does not know, and goes on; here that is a fault.
console.warn = (...words) => warnings.push(words.join(" "));

/** An agent whose raw events are kept, each checked by its schema before the client touches it. */
function agent(name, options = {}) {
  const made = new HttpAgent({
    url: `${address}/agui/${name}`,
    headers: { ...authorization, ...options.headers },
    threadId: options.threadId ?? randomUUID(),
  });
  made.raw = [];
  made.use((input, next) =>
    next.run(input).pipe(
      tap((event) => {
        EventSchema.parse(event);
        made.raw.push(structuredClone(event));
      }),
    ),
  );
  return made;
}

function say(to, content) {
  to.addMessage({ id: randomUUID(), role: "user", content });
}

/** Runs, and checks the whole stream once more as the client's own verification does. */
async function run(of, parameters = {}) {
  of.raw.length = 0;
  const runId = parameters.runId ?? randomUUID();
  const outcome = await of.runAgent({ ...parameters, runId });
  await lastValueFrom(from(of.raw).pipe(verifyEvents(), toArray()));
  assert.deepEqual(warnings, []);
  assert.equal(of.raw[0].type, "RUN_STARTED");
  assert.equal(of.raw[0].runId, runId);
  assert.equal(of.raw[0].threadId, of.threadId);
  const end = of.raw.at(-1);
  assert.ok(end.type === "RUN_ERROR" || end.runId === runId, JSON.stringify(end));
  return { ...outcome, runId, end };
}

async function ask(name, content, options) {
  const asked = agent(name, options);
  say(asked, content);
  return { asked, ...(await run(asked)) };
}

function types(of) {
  return new Set(of.raw.map((event) => event.type));
}

function assertAll(of, ...wanted) {
  const seen = types(of);
  assert.deepEqual(wanted.filter((type) => !seen.has(type)), [], `not among ${[...seen]}`);
}

function said(of) {
  return of.messages.filter((message) => message.role === "assistant" && message.content).map((m) => m.content);
}

/** Answers the one question that is open, as an application would. */
async function resume(of, response) {
  assert.equal(of.pendingInterrupts.length, 1);
  const [interrupt] = of.pendingInterrupts;
  return run(of, { resume: buildResumeArray(of.pendingInterrupts, { [interrupt.id]: response }) });
}

/** Keeps what a client knows of a conversation for another process. */
function keep(of) {
  const state = { threadId: of.threadId, messages: of.messages, interrupts: of.pendingInterrupts, raw: of.raw };
  writeFileSync(process.env.CLIENT_STATE, JSON.stringify(state));
}

/** A client with what another process kept, and what it was asked. */
function comeBack(name) {
  const { threadId, messages, interrupts, raw } = JSON.parse(readFileSync(process.env.CLIENT_STATE, "utf8"));
  const back = agent(name, { threadId });
  back.setMessages(messages);
  assert.equal(interrupts.length, 1);
  const answer = (response) => run(back, { resume: buildResumeArray(interrupts, { [interrupts[0].id]: response }) });
  return { back, interrupt: interrupts[0], answer, raw };
}

async function upload(name, content) {
  const response = await fetch(`${address}/attachments`, {
    method: "POST",
    headers: { ...authorization, "Content-Type": "text/csv", "X-Insula-Name": name },
    body: content,
  });
  assert.equal(response.status, 201);
  return (await response.json()).id;
}

async function cancel(runId) {
  const response = await fetch(`${address}/runs/${runId}/cancel`, { method: "POST", headers: authorization });
  assert.equal(response.status, 200);
  return (await response.json()).run;
}

/** Fails with the status that the server answered with. */
async function refused(status, code, action) {
  const { error } = console;
  console.error = () => {};
  try {
    await assert.rejects(action, (failure) => {
      assert.equal(failure.status, status, failure.message);
      assert.ok(failure.message.includes(`"code":"${code}"`), failure.message);
      return true;
    });
  } finally {
    console.error = error;
  }
}

/** Aborts when the first words come; the run is known by its id. */
async function abort(of, runId) {
  of.raw.length = 0;
  const subscription = of.subscribe({ onTextMessageContentEvent: () => of.abortRun() });
  await of.runAgent({ runId });
  subscription.unsubscribe();
  assert.notEqual(of.raw.at(-1).type, "RUN_FINISHED");
}

const usage = () => {
  const lines = ["timestamp,model,prompt_tokens,completion_tokens,user"];
  for (let i = 0; i < 200; i++) {
    const at = new Date(Date.UTC(2026, 9, 1) + i * 60_000).toISOString();
    lines.push(`${at},${i % 3 ? "gpt-4o-mini" : "gpt-4o"},${100 + i},${20 + i},team-${i % 4}`);
  }
  return `${lines.join("\n")}\n`;
};

const scenarios = {
  async text() {
    const { asked, end, newMessages } = await ask("hello", "Ada");
    assert.deepEqual(said(asked), ["Hello, Ada!"]);
    assert.equal(end.outcome.type, "success");
    assert.equal(newMessages.length, 1);
    assert.equal(asked.raw[0].protocolVersion, "1.0");
  },

  async conversation() {
    const asked = agent("hello");
    say(asked, "Ada");
    await run(asked);
    say(asked, "Bob");
    await run(asked);
    assert.deepEqual(said(asked), ["Hello, Ada!", "Hello, Bob!"]);
    // Another client of the thread needs neither its history nor the agent's name.
    const other = new HttpAgent({ url: `${address}/agui`, headers: authorization, threadId: asked.threadId });
    say(other, "Cyd");
    await other.runAgent();
    assert.deepEqual(said(other), ["Hello, Cyd!"]);
  },

  async everything() {
    const { asked, end } = await ask("steps", "");
    assertAll(
      asked, "REASONING_START", "REASONING_MESSAGE_CONTENT", "REASONING_END", "STEP_STARTED", "STEP_FINISHED",
      "TOOL_CALL_START", "TOOL_CALL_ARGS", "TOOL_CALL_END", "TOOL_CALL_RESULT", "SUBAGENT_STARTED",
      "SUBAGENT_FINISHED", "TEXT_MESSAGE_CONTENT", "CUSTOM",
    );
    assert.equal(end.outcome.type, "success");
    assert.ok(asked.messages.some((message) => message.role === "reasoning"));
    assert.ok(asked.messages.some((message) => message.role === "tool"));
    assert.ok(said(asked).includes("two messages are written"));
  },

  async subAgents() {
    const { asked, end } = await ask("fan-out", "count=6 failing=2");
    assertAll(asked, "SUBAGENT_STARTED", "SUBAGENT_FINISHED", "SUBAGENT_ERROR");
    assert.ok(said(asked).includes("5 completed, 1 failed"));
    assert.deepEqual(end.result, { completed: 5, failed: 1 });
  },

  async failure() {
    const { asked, end } = await ask("fail", "how=runtime");
    assert.equal(end.type, "RUN_ERROR");
    assert.equal(end.code, "agent-failed");
    say(asked, "how=runtime");
    await run(asked);
  },

  async approval() {
    const { asked, end } = await ask("asker", "kind=approval");
    assert.equal(end.outcome.type, "interrupt");
    const [interrupt] = asked.pendingInterrupts;
    assert.equal(interrupt.reason, "confirmation");
    assert.equal(interrupt.message, "May I?");
    assert.deepEqual(interrupt.responseSchema, { type: "boolean" });
    assert.ok(new Date(interrupt.expiresAt) > new Date());
    const resumed = await resume(asked, { status: "resolved", payload: { approved: true } });
    assert.equal(resumed.end.outcome.type, "success");
    assert.deepEqual(said(asked), ["approval: true"]);
    assert.deepEqual(asked.pendingInterrupts, []);
  },

  async choice() {
    const { asked } = await ask("asker", "kind=choice");
    assert.deepEqual(asked.pendingInterrupts[0].responseSchema, { type: "string", enum: ["left", "right"] });
    await refused(400, "answer-invalid", () => resume(asked, { status: "resolved", payload: "up" }));
    await resume(asked, { status: "resolved", payload: "right" });
    assert.deepEqual(said(asked), ["choice: right"]);
  },

  async words() {
    const { asked } = await ask("asker", "kind=text");
    assert.equal(asked.pendingInterrupts[0].reason, "input_required");
    await resume(asked, { status: "resolved", payload: "Ada's" });
    assert.deepEqual(said(asked), ["text: Ada's"]);
  },

  async givenUp() {
    const { asked } = await ask("asker", "kind=text");
    const resumed = await resume(asked, { status: "cancelled" });
    assert.equal(resumed.end.outcome.type, "cancelled");
    assert.deepEqual(asked.pendingInterrupts, []);
    say(asked, "kind=text");
    assert.equal((await run(asked)).end.outcome.type, "interrupt");
  },

  async forgotten() {
    const { asked } = await ask("asker", "kind=text");
    const other = agent("hello", { threadId: asked.threadId });
    say(other, "Ada");
    await refused(409, "thread-busy", () => run(other));
    const { end } = await run(other, { forwardedProps: { insula: { whenBusy: "interrupt" } } });
    assert.equal(end.outcome.type, "success");
    await refused(404, "question-unknown", () => resume(asked, { status: "resolved", payload: "late" }));
  },

  async resumedAgain() {
    const { asked } = await ask("asker", "kind=text");
    const [interrupt] = asked.pendingInterrupts;
    const parameters = { runId: randomUUID(), resume: [{ interruptId: interrupt.id, status: "resolved", payload: "x" }] };
    await run(asked, parameters);
    const first = structuredClone(asked.raw);
    await run(asked, parameters);
    assert.deepEqual(asked.raw, first);
  },

  /** What was open at the first question is there again, under the same ids, until the second is answered too. */
  async twoQuestions() {
    const { asked, end } = await ask("asker-below", "");
    assert.equal(end.outcome.type, "interrupt");
    for (let i = 0; i < 2; i++) {
      const [interrupt] = asked.pendingInterrupts;
      assert.ok(interrupt.subagentRunId);
      const closed = asked.raw.find((event) => event.outcome?.interruptIds?.includes(interrupt.id));
      assert.equal(closed.subagentRunId, interrupt.subagentRunId);
      const payload = interrupt.responseSchema.enum ? "left" : "a name";
      await resume(asked, { status: "resolved", payload });
    }
    assert.equal(asked.raw.at(-1).outcome.type, "success");
    assert.deepEqual(said(asked).sort(), ["choice: left", "text: a name", "two ask, both were answered"]);
  },

  /** Sub-agents, tools and thoughts; the question comes from within. */
  async advisor() {
    const { asked, end } = await ask("cost-advisor", "Where does my spend go and what should I change?");
    assert.equal(end.outcome.type, "interrupt");
    assert.equal(asked.pendingInterrupts[0].responseSchema.type, "array");
    const before = structuredClone(asked.raw);
    const suspended = before.filter((event) => event.outcome?.type === "suspended").map((event) => event.subagentRunId);
    assert.ok(suspended.length > 0);
    const resumed = await resume(asked, { status: "resolved", payload: [await upload("usage.csv", usage())] });
    assert.equal(resumed.end.outcome.type, "success");
    const started = asked.raw.filter((event) => event.type === "SUBAGENT_STARTED").map((event) => event.subagentRunId);
    assert.deepEqual(started.slice(0, suspended.length), suspended.reverse());
    assertAll(asked, "SUBAGENT_FINISHED", "TOOL_CALL_RESULT", "REASONING_MESSAGE_CONTENT", "TEXT_MESSAGE_CONTENT");
    assert.ok(said(asked).join("\n").includes("200"));
  },

  async attachment() {
    const file = await upload("usage.csv", usage());
    const asked = agent("cost-advisor");
    say(asked, [
      { type: "text", text: "What should I change?" },
      { type: "document", source: { type: "file", provider: "insula", value: file } },
      { type: "image", source: { type: "url", value: "https://example.com/passed-over.png" } },
    ]);
    const { end } = await run(asked);
    assert.equal(end.outcome.type, "success");
    assert.ok(asked.raw.filter((event) => event.type === "SUBAGENT_STARTED").length >= 5);
  },

  async sentAgain() {
    const asked = agent("hello");
    say(asked, "Ada");
    const runId = randomUUID();
    await run(asked, { runId });
    const first = structuredClone(asked.raw);
    const again = agent("hello", { threadId: asked.threadId });
    say(again, "Ada");
    await run(again, { runId });
    assert.deepEqual(again.raw, first);
    const other = agent("hello", { threadId: asked.threadId });
    say(other, "Bob");
    await refused(409, "request-reused", () => run(other, { runId }));
  },

  async refusals() {
    const unknown = agent("nobody");
    say(unknown, "x");
    await refused(404, "agent-unknown", () => run(unknown));
    const silent = agent("hello");
    await refused(400, "field-invalid", () => run(silent));
    const odd = agent("hello", { threadId: "no id" });
    say(odd, "x");
    await refused(400, "field-invalid", () => run(odd));
  },

  /** A client that goes away leaves its run alone, and comes back to it. */
  async abortLeavesTheRun() {
    const asked = agent("wait-for-stop");
    say(asked, "");
    const runId = randomUUID();
    await abort(asked, runId);
    const other = agent("hello", { threadId: asked.threadId });
    say(other, "Ada");
    const reject = { forwardedProps: { insula: { whenBusy: "reject" } } };
    await refused(409, "thread-busy", () => run(other, reject));
    const back = agent("wait-for-stop", { threadId: asked.threadId });
    say(back, "");
    const ended = run(back, { runId });
    assert.equal((await cancel(runId)).state, "cancelled");
    assert.equal((await ended).end.outcome.type, "cancelled");
    await run(other, reject);
  },

  async abortStopsTheRun() {
    const asked = agent("wait-for-stop", { headers: { "X-Insula-When-Closed": "cancel" } });
    say(asked, "");
    await abort(asked, randomUUID());
    const other = agent("hello", { threadId: asked.threadId });
    say(other, "Ada");
    assert.equal((await run(other)).end.outcome.type, "success");
  },

  async questionOfAdvisor() {
    const { asked, end } = await ask("cost-advisor", "Where does my spend go and what should I change?");
    assert.equal(end.outcome.type, "interrupt");
    keep(asked);
  },

  /** The sub-agents that were open are opened again, under the ids that the client knows. */
  async answerToAdvisor() {
    const { back, answer, raw } = comeBack("cost-advisor");
    const { end } = await answer({ status: "resolved", payload: [await upload("usage.csv", usage())] });
    assert.equal(end.outcome.type, "success");
    const suspended = raw.filter((event) => event.outcome?.type === "suspended").map((event) => event.subagentRunId);
    assert.ok(suspended.length > 0);
    const started = back.raw.filter((event) => event.type === "SUBAGENT_STARTED").map((event) => event.subagentRunId);
    assert.deepEqual(started.slice(0, suspended.length), suspended.reverse());
    assertAll(back, "SUBAGENT_FINISHED", "TOOL_CALL_RESULT", "REASONING_MESSAGE_CONTENT", "TEXT_MESSAGE_CONTENT");
    assert.ok(said(back).join("\n").includes("200"));
  },

  async questionOfAsker() {
    const { asked, end } = await ask("asker", "kind=text");
    assert.equal(end.outcome.type, "interrupt");
    keep(asked);
  },

  async answerToAsker() {
    const { back, answer } = comeBack("asker");
    await refused(404, "question-unknown", () => answer({ status: "resolved", payload: "too late" }));
    say(back, "kind=text");
    assert.equal((await run(back)).end.outcome.type, "interrupt");
    await resume(back, { status: "resolved", payload: "in time" });
    assert.equal(said(back).at(-1), "text: in time");
  },
};

await scenarios[process.argv[2]]();
console.log(`${process.argv[2]} went well`);
