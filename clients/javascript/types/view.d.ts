import type { AgUiEvent, Attachment, QuestionKind } from "./events.js";

/** How a run ended. */
export type RunEnd =
  | { state: "completed"; result?: unknown }
  | { state: "failed"; code: string; message: string }
  | { state: "cancelled" };

/** How far something is, as it was said last. */
export interface Progress {
  what: string;
  done: number;
  total: number;
}

interface PartBase {
  /** The id of the sub-agent whose part it is. */
  subAgent?: string;
}

/** Text to the user, or a thought. It grows while it is open. */
export interface TextPart extends PartBase {
  kind: "message" | "thought";
  id: string;
  text: string;
  open: boolean;
}

/** A named step of the work. */
export interface StepPart extends PartBase {
  kind: "step";
  name: string;
  open: boolean;
}

/** A call of a tool. */
export interface ToolPart extends PartBase {
  kind: "tool";
  id: string;
  name: string;
  /** The JSON of the arguments, as far as it has come. */
  arguments: string;
  open: boolean;
  /** What it returned, or `{error: {code, message}}`. */
  result?: unknown;
}

/** Another agent at work; `subAgent` is the one that gave it the work. */
export interface SubAgentPart extends PartBase {
  kind: "sub-agent";
  id: string;
  name: string;
  state: "running" | "completed" | "failed";
  progress?: Progress;
  result?: unknown;
  code?: string;
  message?: string;
}

/** A question to the user. */
export interface QuestionPart extends PartBase {
  kind: "question";
  id: string;
  answerKind: QuestionKind;
  text: string;
  options: string[];
  expiresAt: string;
  state: "open" | "answered" | "expired" | "withdrawn";
  answer?: boolean | string | Attachment[];
}

export type Part = TextPart | StepPart | ToolPart | SubAgentPart | QuestionPart;

/** What can be seen of a run, put together from its events. */
export class RunView {
  state: "queued" | "running" | "waiting-for-answer" | "completed" | "failed" | "cancelled";
  agent: string | undefined;
  input: string | undefined;
  attachments: Attachment[];
  /** What the agent did, in the order in which it was begun. The objects stay the same while they grow. */
  parts: Part[];
  progress: Progress | undefined;
  /** How often the run was begun; more than once after a restart. */
  attempt: number;
  end: RunEnd | undefined;
  /** What the run's own agent said, all messages joined. */
  readonly text: string;
  /** The questions that wait for an answer. */
  readonly questions: QuestionPart[];
  /** Takes the next event. */
  fold(event: AgUiEvent): void;
}
