/** The events of a run, in the vocabulary of AG-UI 1.0; docs/protocol.md says in which order they come. */

/** A file that was uploaded. */
export interface Attachment {
  id: string;
  name: string;
  mediaType: string;
  bytes: number;
}

export type QuestionKind = "approval" | "choice" | "text" | "files";

interface EventBase<T extends string> {
  type: T;
  /** Milliseconds since 1970. */
  timestamp: number;
}

/** What the agent does; with the id of the sub-agent's run, if it is one that does it. */
interface WorkBase<T extends string> extends EventBase<T> {
  subagentRunId?: string;
}

interface CustomEvent<N extends string, V> extends WorkBase<"CUSTOM"> {
  name: N;
  value: V;
}

export interface RunStartedEvent extends EventBase<"RUN_STARTED"> {
  threadId: string;
  runId: string;
  protocolVersion: string;
}

export type RunFinishedEvent = EventBase<"RUN_FINISHED"> & { threadId: string; runId: string } & (
    | { outcome: { type: "success" }; result: unknown }
    | { outcome: { type: "cancelled" }; result?: undefined }
  );

export interface RunErrorEvent extends EventBase<"RUN_ERROR"> {
  message: string;
  /** A code of the platform, or a plugin's own behind its id. */
  code: string;
}

export interface TextMessageStartEvent extends WorkBase<"TEXT_MESSAGE_START"> {
  messageId: string;
  role: "assistant";
}

export interface TextMessageContentEvent extends WorkBase<"TEXT_MESSAGE_CONTENT"> {
  messageId: string;
  delta: string;
}

export interface TextMessageEndEvent extends WorkBase<"TEXT_MESSAGE_END"> {
  messageId: string;
}

export interface ReasoningEvent
  extends WorkBase<"REASONING_START" | "REASONING_MESSAGE_END" | "REASONING_END"> {
  messageId: string;
}

export interface ReasoningMessageStartEvent extends WorkBase<"REASONING_MESSAGE_START"> {
  messageId: string;
  role: "reasoning";
}

export interface ReasoningMessageContentEvent extends WorkBase<"REASONING_MESSAGE_CONTENT"> {
  messageId: string;
  delta: string;
}

export interface StepEvent extends WorkBase<"STEP_STARTED" | "STEP_FINISHED"> {
  stepName: string;
}

export interface ToolCallStartEvent extends WorkBase<"TOOL_CALL_START"> {
  toolCallId: string;
  toolCallName: string;
}

export interface ToolCallArgsEvent extends WorkBase<"TOOL_CALL_ARGS"> {
  toolCallId: string;
  /** A part of the JSON of the arguments. */
  delta: string;
}

export interface ToolCallEndEvent extends WorkBase<"TOOL_CALL_END"> {
  toolCallId: string;
}

export interface ToolCallResultEvent extends WorkBase<"TOOL_CALL_RESULT"> {
  messageId: string;
  toolCallId: string;
  /** The JSON of the result, or of `{"error": {"code", "message"}}`. */
  content: string;
  role: "tool";
}

export interface SubagentStartedEvent extends EventBase<"SUBAGENT_STARTED"> {
  subagentRunId: string;
  name: string;
  parentSubagentRunId?: string;
}

export interface SubagentFinishedEvent extends EventBase<"SUBAGENT_FINISHED"> {
  subagentRunId: string;
  result: unknown;
  outcome: { type: "success" };
}

export interface SubagentErrorEvent extends EventBase<"SUBAGENT_ERROR"> {
  subagentRunId: string;
  message: string;
  code: string;
}

export type RunAcceptedEvent = CustomEvent<
  "insula.run.accepted",
  { agent: string; input: string; attachments: Attachment[]; messageId: string }
>;

export type ProgressEvent = CustomEvent<"insula.progress", { what: string; done: number; total: number }>;

export type ResumedEvent = CustomEvent<"insula.resumed", { attempt: number }>;

export type QuestionEvent = CustomEvent<
  "insula.question",
  { question: string; kind: QuestionKind; text: string; options: string[]; expiresAt: string }
>;

export type AnswerEvent = CustomEvent<
  "insula.answer",
  | { question: string; answer: boolean | string }
  | { question: string; attachments: Attachment[] }
  | { question: string; expired: true }
  | { question: string; withdrawn: true }
>;

export type MessagesHiddenEvent = CustomEvent<"insula.messages.hidden", { runs: string[] }>;

/** Every event that there is. */
export type AgUiEvent =
  | RunAcceptedEvent
  | RunStartedEvent
  | TextMessageStartEvent
  | TextMessageContentEvent
  | TextMessageEndEvent
  | ReasoningEvent
  | ReasoningMessageStartEvent
  | ReasoningMessageContentEvent
  | StepEvent
  | ToolCallStartEvent
  | ToolCallArgsEvent
  | ToolCallEndEvent
  | ToolCallResultEvent
  | SubagentStartedEvent
  | SubagentFinishedEvent
  | SubagentErrorEvent
  | ProgressEvent
  | ResumedEvent
  | QuestionEvent
  | AnswerEvent
  | MessagesHiddenEvent
  | RunFinishedEvent
  | RunErrorEvent;
