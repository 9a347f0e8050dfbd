export * from "./events.js";
export * from "./protocol.js";
export * from "./view.js";

import type { Attachment, QuestionEvent } from "./events.js";
import type {
  ErrorCode,
  LoggedEvent,
  Position,
  RunState,
  Snapshot,
  Thread,
  ThreadMessage,
  Welcome,
  WhenBusy,
} from "./protocol.js";
import type { RunEnd, RunView } from "./view.js";

/** Everything that is bounded in a client. Times are in milliseconds. What each means stands in the README. */
export interface Limits {
  readonly callsWaiting: number;
  readonly callsAtOnce: number;
  readonly callRefusals: number;
  readonly queuedEvents: number;
  readonly runEvents: number;
  readonly readers: number;
  readonly runs: number;
  readonly attempts: number;
  readonly backoffFirst: number;
  readonly backoffMost: number;
  readonly steady: number;
  readonly connect: number;
  readonly silence: number;
  readonly answer: number;
}

/** The default of each limit. */
export const LIMITS: Readonly<Limits>;

/** What is used of a WebSocket. */
export interface SocketLike {
  onmessage: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

/** What a client takes from the world around it. */
export interface Environment {
  /** Node before 22 has none of its own. */
  WebSocket: new (url: string, protocols: string[]) => SocketLike;
  fetch: typeof fetch;
  setTimeout(action: () => void, millis: number): unknown;
  clearTimeout(timer: any): void;
  /** Milliseconds, of which only differences count. */
  now(): number;
  /** From 0 up to 1. */
  random(): number;
  uuid(): string;
  /** Hears what listeners throw; by default it is an uncaught error. */
  report(failure: unknown): void;
}

/** Why a token is asked for. */
export type TokenReason = "connect" | "token-expired" | "token-revoked" | "unauthenticated" | "refresh";

interface CommonOptions {
  /** The address of Insula, such as `http://127.0.0.1:8080`; a page's own where it is left out. */
  url?: string | URL;
  /** Where the events begin: with what happens from now on (the default), with the oldest kept, or behind a position. */
  follow?: "now" | "start" | Position;
  limits?: Partial<Limits>;
  environment?: Partial<Environment>;
}

export type ConnectOptions = CommonOptions &
  (
    | { token: string; getToken?: undefined }
    | { getToken: (why: { reason: TokenReason }) => string | Promise<string>; token?: undefined }
  );

/** What the connection is at. `error` says why the last one ended. */
export type ConnectionState =
  | { readonly name: "connecting"; readonly attempt: number }
  | { readonly name: "open" }
  | { readonly name: "waiting"; readonly attempt: number; readonly retryAt: number; readonly error?: ConnectionError }
  | { readonly name: "closed"; readonly error: Error };

/** An event of the user, with its position. */
export interface ReceivedEvent extends LoggedEvent {
  epoch: string;
}

/** Why events will not come: the log is gone or another one, or these events are not kept any more. */
export type ResetReason = "epoch-unknown" | "position-future" | "position-trimmed" | "erased";

/** Events were lost for good; they go on behind the snapshot. */
export interface Reset {
  reason: ResetReason;
  position: Position;
  snapshot: Snapshot;
}

export interface ClientEvents {
  state: ConnectionState;
  welcome: Welcome;
  event: ReceivedEvent;
  reset: Reset;
}

/** What one reader gets. `return` (the end of a loop) gives its place back. */
export interface EventReader<T> extends AsyncIterableIterator<T> {
  return(value?: unknown): Promise<IteratorResult<T>>;
}

export interface StartOptions {
  /** The agent; else the one that answered last in the thread. */
  agent?: string;
  input: string;
  thread?: string;
  /** The run's id; else the request's. */
  run?: string;
  attachments?: string[];
  whenBusy?: WhenBusy;
  /** A UUID that makes it safe to ask again, also after this program has ended. */
  request?: string;
}

export type AnswerOptions = { run: string; question: string; request?: string } & (
  | { answer: boolean | string; attachments?: undefined }
  | { attachments: string[]; answer?: undefined }
);

export interface PageOptions {
  after?: string;
  /** From 1 to 200; 50 if left out. */
  size?: number;
}

/** What was accepted. */
export interface Receipt {
  run: string;
  thread: string;
  position: Position;
}

export type FileContent = Blob | ArrayBuffer | ArrayBufferView | string;

export interface UploadOptions {
  /** A `File` brings its own. */
  name?: string;
  mediaType?: string;
  signal?: AbortSignal;
}

/** Connects to Insula. The client is there at once, and connects again and again until it is closed. */
export function connect(options: ConnectOptions): InsulaClient;

/** A user's connection to Insula that is made again whenever it is lost. */
export class InsulaClient {
  constructor(options: ConnectOptions);
  /** The server's first message, at the first connection; rejected if the client ends before. */
  readonly ready: Promise<Welcome>;
  readonly state: ConnectionState;
  /** The position of the last event: give it as `follow` to another client, and it goes on from there. */
  readonly position: Position | null;
  readonly welcome: Welcome | null;
  /** Calls the listener from now on; returns what ends it. */
  on<N extends keyof ClientEvents>(name: N, listener: (value: ClientEvents[N]) => void): () => void;
  /** All events of the user from now on, none twice and none missing; else it fails with an {@link EventsLostError}. */
  events(): EventReader<ReceivedEvent>;
  /** Starts a run once, over any number of connections. */
  start(options: StartOptions): Promise<Run>;
  /** Follows a run that was started elsewhere, or before. */
  run(id: string): Run;
  /** Answers a question once, over any number of connections. */
  answer(options: AnswerOptions): Promise<Receipt>;
  /** Stops a run, and returns it as it stands then. */
  cancel(run: string): Promise<RunState>;
  readRun(run: string): Promise<RunState>;
  runs(page?: PageOptions): AsyncGenerator<RunState, void, undefined>;
  threads(page?: PageOptions): AsyncGenerator<Thread, void, undefined>;
  messages(thread: string, page?: PageOptions): AsyncGenerator<ThreadMessage, void, undefined>;
  runsPage(page?: PageOptions): Promise<{ runs: RunState[]; next?: string }>;
  threadsPage(page?: PageOptions): Promise<{ threads: Thread[]; next?: string }>;
  messagesPage(thread: string, page?: PageOptions): Promise<{ messages: ThreadMessage[]; next?: string }>;
  renameThread(thread: string, title: string): Promise<Thread>;
  /** Returns the id. */
  deleteThread(thread: string): Promise<string>;
  /** Begins a thread with copies of another one's messages, up to this one and with it. */
  forkThread(thread: string, message: string, newThread?: string): Promise<Thread>;
  snapshot(): Promise<Snapshot>;
  /** Has the connection go on under a newer token; returns until when. */
  refreshToken(token?: string): Promise<string>;
  /** Asks for a sign of life; returns how many milliseconds it took. */
  ping(): Promise<number>;
  /** Uploads a file, whose id can then be given as an attachment. */
  upload(content: FileContent, about?: UploadOptions): Promise<Attachment>;
  /** Connects now instead of after the wait; one that is open proves that it still is. */
  connectNow(): void;
  /** Ends the client for good. Runs go on without it. */
  close(): void;
}

/** A run that is followed. */
export class Run {
  private constructor();
  readonly id: string;
  /** As soon as it is known. */
  readonly thread: string | undefined;
  /** The position of its acceptance, if this client started it. */
  readonly position: Position | undefined;
  readonly view: RunView;
  /** How it ends; rejected only if that will never be known here. */
  readonly done: Promise<RunEnd>;
  /** Calls the listener for each event from now on, after it has come into the view; returns what ends it. */
  on(name: "event", listener: (event: ReceivedEvent) => void): () => void;
  /** The events from the first that this client saw to the end. */
  events(): EventReader<ReceivedEvent>;
  /** What the run's own agent says, piece by piece. */
  text(): AsyncGenerator<string, void, undefined>;
  /** The questions that the run asks, as they come. */
  questions(): AsyncGenerator<QuestionEvent["value"], void, undefined>;
  /** Answers an approval, a choice or a text. */
  answer(question: string, answer: boolean | string): Promise<Receipt>;
  /** Answers with files. */
  answer(question: string, answer: undefined, options: { attachments: string[] }): Promise<Receipt>;
  cancel(): Promise<RunState>;
  read(): Promise<RunState>;
}

/** What goes wrong with a client. `code` is stable. No message holds a token. */
export class InsulaError extends Error {
  readonly code: string;
}

/** The server refused what was asked, and did nothing of it. */
export class RefusedError extends InsulaError {
  /** One of the platform, or `http-STATUS` from what stands before it. */
  readonly code: ErrorCode | `http-${number}`;
  readonly number: number | undefined;
  readonly retryAfterMillis: number | undefined;
  readonly resumeFrom: Position | undefined;
  /** If it was refused over HTTP. */
  readonly status: number | undefined;
}

/** The connection was lost before a call was answered; it may have been done or not. */
export class UnknownOutcomeError extends InsulaError {
  readonly code: "outcome-unknown";
  /** The type of the message. */
  readonly call: string;
  readonly request: string | undefined;
}

/** The connection ended, or the client for good. */
export class ConnectionError extends InsulaError {
  readonly closeCode: number | undefined;
  readonly closeReason: string | undefined;
}

/** Events will never come; go on from the snapshot. */
export class EventsLostError extends InsulaError implements Reset {
  readonly code: "events-lost";
  readonly reason: ResetReason;
  readonly position: Position;
  readonly snapshot: Snapshot;
}

/** Something would go beyond a limit of the client, or one that the server told. */
export class LimitError extends InsulaError {
  readonly code: "limit";
  readonly limit: keyof Limits | "messageBytes";
  readonly value: number;
}
