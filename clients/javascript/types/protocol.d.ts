/** The messages of `insula.v1`, as docs/protocol.md has them. */

import type { AgUiEvent, Attachment, QuestionKind } from "./events.js";

/** A place in a user's log: the last event seen. Send it back as it was received. */
export interface Position {
  readonly epoch: string;
  readonly sequence: number;
}

/** What becomes of the runs that a thread is busy with. */
export type WhenBusy = "enqueue" | "reject" | "interrupt" | "rollback";

export interface RunStartMessage {
  type: "run.start";
  id: string;
  request: string;
  thread?: string;
  run?: string;
  agent?: string;
  input: string;
  attachments?: string[];
  whenBusy?: WhenBusy;
}

export interface RunCancelMessage {
  type: "run.cancel";
  id: string;
  run: string;
}

export type RunAnswerMessage = {
  type: "run.answer";
  id: string;
  request: string;
  run: string;
  question: string;
} & ({ answer: boolean | string; attachments?: undefined } | { answer?: undefined; attachments: string[] });

export interface RunReadMessage {
  type: "run.read";
  id: string;
  run: string;
}

export interface ListMessage {
  type: "runs.list" | "threads.list";
  id: string;
  after?: string;
  size?: number;
}

export interface SubscribeMessage {
  type: "subscribe";
  id: string;
  after: "start" | "now" | Position;
}

export interface SnapshotMessage {
  type: "snapshot";
  id: string;
}

export interface ThreadReadMessage {
  type: "thread.read";
  id: string;
  thread: string;
  after?: string;
  size?: number;
}

export interface ThreadRenameMessage {
  type: "thread.rename";
  id: string;
  thread: string;
  title: string;
}

export interface ThreadDeleteMessage {
  type: "thread.delete";
  id: string;
  thread: string;
}

export interface ThreadForkMessage {
  type: "thread.fork";
  id: string;
  thread: string;
  message: string;
  newThread?: string;
}

export interface TokenRefreshMessage {
  type: "token.refresh";
  id: string;
  token: string;
}

export interface PingMessage {
  type: "ping";
  id: string;
}

/** Everything that a client may send. */
export type ClientMessage =
  | RunStartMessage
  | RunCancelMessage
  | RunAnswerMessage
  | RunReadMessage
  | ListMessage
  | SubscribeMessage
  | SnapshotMessage
  | ThreadReadMessage
  | ThreadRenameMessage
  | ThreadDeleteMessage
  | ThreadForkMessage
  | TokenRefreshMessage
  | PingMessage;

/** An agent that is loaded. */
export interface Agent {
  name: string;
  summary: string;
}

/** The limits that the server tells. */
export interface ServerLimits {
  messageBytes: number;
  inputBytes: number;
  attachmentBytes: number;
  attachmentsBytes: number;
  runsAtOnce: number;
  queuedRuns: number;
  messagesPerMinute: number;
}

export interface Welcome {
  type: "welcome";
  user: { issuer: string; subject: string };
  /** An id for support. */
  connection: string;
  head: Position;
  agents: Agent[];
  limits: ServerLimits;
}

export interface Accepted {
  type: "accepted";
  id: string;
  run: string;
  thread: string;
  position: Position;
}

export interface Refused {
  type: "refused";
  id?: string;
  code: ErrorCode;
  number: number;
  message: string;
  retryAfterMillis?: number;
  resumeFrom?: Position;
}

/** A result; which members it has depends on what was asked. */
export type Result = { type: "result"; id: string } & (
  | { run: RunState }
  | { runs: RunState[]; next?: string }
  | { from: Position }
  | Snapshot
  | { threads: Thread[]; next?: string }
  | { messages: ThreadMessage[]; next?: string }
  | { thread: Thread }
  | { thread: string }
  | { until: string }
);

/** An event of the user, with its place in the log. */
export interface LoggedEvent {
  sequence: number;
  thread: string;
  run: string;
  event: AgUiEvent;
}

export interface Events {
  type: "events";
  epoch: string;
  events: LoggedEvent[];
}

export type Notice =
  | { type: "notice"; code: "subscription-ended"; reason: ErrorCode; resumeFrom?: Position }
  | { type: "notice"; code: "journal-unavailable" | "erased" };

export interface Pong {
  type: "pong";
  id: string;
}

/** Everything that a server may send. */
export type ServerMessage = Welcome | Accepted | Refused | Result | Events | Notice | Pong;

/** A question that waits for an answer. */
export interface Question {
  id: string;
  kind: QuestionKind;
  text: string;
  options: string[];
  /** ISO 8601 in UTC, as all times. */
  expiresAt: string;
}

/** A run as the server has it. */
export interface RunState {
  run: string;
  thread: string;
  agent: string;
  state: "queued" | "running" | "waiting-for-answer" | "completed" | "failed" | "cancelled" | "timed-out";
  /** Why it failed: a code of the platform, or a plugin's own. */
  code?: string;
  acceptedAt: string;
  startedAt?: string;
  endedAt?: string;
  questions: Question[];
}

/** A conversation. */
export interface Thread {
  thread: string;
  title: string;
  agent: string;
  createdAt: string;
  updatedAt: string;
  busy: boolean;
}

/** What was said in a conversation. */
export interface ThreadMessage {
  id: string;
  run: string;
  role: "user" | "assistant";
  agent: string;
  text: string;
  attachments: Attachment[];
  at: string;
}

/** How things stand at a position. */
export interface Snapshot {
  position: Position;
  threads: Thread[];
  runs: RunState[];
}

/** The codes of the platform: docs/errors.md says what each means. */
export type ErrorCode =
  | "message-invalid"
  | "message-type-unknown"
  | "field-invalid"
  | "request-reused"
  | "agent-required"
  | "agent-unknown"
  | "thread-unknown"
  | "thread-busy"
  | "run-unknown"
  | "run-exists"
  | "question-unknown"
  | "answer-invalid"
  | "attachment-unknown"
  | "epoch-unknown"
  | "position-future"
  | "position-trimmed"
  | "already-subscribed"
  | "page-unknown"
  | "unauthenticated"
  | "forbidden"
  | "path-unknown"
  | "request-invalid"
  | "message-unknown"
  | "thread-exists"
  | "token-of-another-user"
  | "upload-unknown"
  | "upload-offset"
  | "internal"
  | "interrupted"
  | "journal-unavailable"
  | "keys-unavailable"
  | "input-too-large"
  | "queue-full"
  | "platform-busy"
  | "going-away"
  | "engine-closed"
  | "attachment-too-large"
  | "attachments-full"
  | "store-full"
  | "rate-limited"
  | "too-many-connections"
  | "message-too-large"
  | "records-full"
  | "erased"
  | "export-under-way"
  | "revocations-full"
  | "uploads-full"
  | "agent-failed"
  | "deadline-exceeded"
  | "question-expired"
  | "delegation-refused"
  | "arguments-invalid"
  | "tool-failed"
  | "tool-unknown"
  | "result-too-large"
  | "run-too-large"
  | "plugin-unhealthy"
  | "data-mismatch"
  | "stopped"
  | "diverged";
