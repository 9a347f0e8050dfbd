// Not run: the compiler checks that the client's types say what they should.
import {
  connect,
  EventsLostError,
  InsulaError,
  LIMITS,
  LimitError,
  RefusedError,
  RunView,
  UnknownOutcomeError,
} from "@insula/client";
import type { AgUiEvent, ClientMessage, ErrorCode, Part, RunEnd, ServerMessage } from "@insula/client";

/** Fails to compile where a case was forgotten. */
function never(value: never): never {
  throw new Error(String(value));
}

function told(message: ServerMessage): string {
  switch (message.type) {
    case "welcome":
      return message.user.subject + message.limits.messageBytes.toFixed();
    case "accepted":
      return message.run + message.position.epoch;
    case "refused":
      return message.code + (message.resumeFrom?.sequence ?? 0).toFixed();
    case "result":
      return "until" in message ? message.until : message.id;
    case "events":
      return message.events.map(({ event }) => shown(event)).join("");
    case "notice":
      return message.code === "subscription-ended" ? message.reason : message.code;
    case "pong":
      return message.id;
    default:
      return never(message);
  }
}

function shown(event: AgUiEvent): string {
  switch (event.type) {
    case "RUN_STARTED":
      return event.protocolVersion;
    case "TEXT_MESSAGE_START":
      return event.role;
    case "TEXT_MESSAGE_CONTENT":
    case "REASONING_MESSAGE_CONTENT":
    case "TOOL_CALL_ARGS":
      return event.delta + (event.subagentRunId ?? "");
    case "TEXT_MESSAGE_END":
    case "REASONING_START":
    case "REASONING_MESSAGE_START":
    case "REASONING_MESSAGE_END":
    case "REASONING_END":
      return event.messageId;
    case "STEP_STARTED":
    case "STEP_FINISHED":
      return event.stepName;
    case "TOOL_CALL_START":
      return event.toolCallName;
    case "TOOL_CALL_END":
      return event.toolCallId;
    case "TOOL_CALL_RESULT":
      return event.content;
    case "SUBAGENT_STARTED":
      return event.name;
    case "SUBAGENT_FINISHED":
      return String(event.result);
    case "SUBAGENT_ERROR":
      return event.code;
    case "RUN_FINISHED":
      return event.outcome.type === "success" ? String(event.result) : event.outcome.type;
    case "RUN_ERROR":
      return event.code + event.message;
    case "CUSTOM":
      switch (event.name) {
        case "insula.run.accepted":
          return event.value.input;
        case "insula.progress":
          return `${event.value.done} of ${event.value.total}`;
        case "insula.resumed":
          return event.value.attempt.toFixed();
        case "insula.question":
          return event.value.options.join();
        case "insula.answer":
          return "expired" in event.value ? "expired" : event.value.question;
        case "insula.messages.hidden":
          return event.value.runs.join();
        default:
          return never(event);
      }
    default:
      return never(event);
  }
}

function drawn(part: Part): string {
  switch (part.kind) {
    case "message":
    case "thought":
      return part.text;
    case "step":
      return part.name;
    case "tool":
      return part.arguments;
    case "sub-agent":
      return part.progress?.what ?? part.state;
    case "question":
      return part.options.join();
    default:
      return never(part);
  }
}

function ended(end: RunEnd): string {
  switch (end.state) {
    case "completed":
      return String(end.result);
    case "failed":
      return end.code;
    case "cancelled":
      return "";
    default:
      return never(end);
  }
}

async function everything(): Promise<void> {
  const insula = connect({
    getToken: async ({ reason }) => (reason === "refresh" ? "a" : "b"),
    follow: { epoch: "e", sequence: 1 },
    limits: { attempts: LIMITS.attempts * 2 },
    environment: { WebSocket },
  });
  const off: () => void = insula.on("reset", ({ reason, snapshot }) => [reason, snapshot.threads]);
  insula.on("state", (state) => state.name === "waiting" && state.retryAt.toFixed());
  off();
  const file = await insula.upload(new Blob(["x"]), { name: "x" });
  const run = await insula.start({ agent: "hello", input: "Ada", attachments: [file.id], whenBusy: "rollback" });
  for await (const { sequence, event } of run.events()) {
    shown(event).concat(sequence.toFixed());
  }
  for await (const { question, kind } of run.questions()) {
    await (kind === "files" ? run.answer(question, undefined, { attachments: [file.id] }) : run.answer(question, true));
  }
  ended(await run.done);
  run.view.parts.map(drawn);
  const { state }: { state: string } = await run.cancel();
  for await (const thread of insula.threads({ size: 200 })) {
    thread.title.concat(state);
  }
  new RunView().fold({ type: "RUN_ERROR", timestamp: 1, code: "agent-failed", message: "" });
}

function caught(error: unknown): string {
  if (error instanceof RefusedError) {
    const code: ErrorCode | `http-${number}` = error.code;
    return code === "rate-limited" ? (error.retryAfterMillis ?? 0).toFixed() : code;
  }
  if (error instanceof UnknownOutcomeError) {
    return error.call + (error.request ?? "");
  }
  if (error instanceof EventsLostError) {
    return error.reason + error.snapshot.position.epoch;
  }
  if (error instanceof LimitError) {
    return error.limit + error.value.toFixed();
  }
  return error instanceof InsulaError ? error.code : "";
}

const message: ClientMessage = { type: "run.answer", id: "1", request: "r", run: "r", question: "q", answer: false };

// @ts-expect-error a client has a token or someone to ask for one
connect({ url: "http://127.0.0.1:8080" });
// @ts-expect-error not both
connect({ token: "a", getToken: () => "b" });
// @ts-expect-error there is no such limit
connect({ token: "a", limits: { atempts: 1 } });
// @ts-expect-error an answer is words or files, not both
const both: ClientMessage = { ...message, attachments: ["a"] };
// @ts-expect-error there is no such event
connect({ token: "a" }).on("evnt", () => {});
// @ts-expect-error a start needs an input
connect({ token: "a" }).start({ agent: "hello" });
// @ts-expect-error there is no such type of message
const unknown: ClientMessage = { type: "run.stop", id: "1" };

export { both, caught, everything, told, unknown };
