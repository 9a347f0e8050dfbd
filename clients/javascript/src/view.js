/**
 * What can be seen of a run, put together from its events.
 *
 * `parts` holds what the agent did in the order in which it was begun, each with a `kind`; parts of a sub-agent have its
 * id as `subAgent`. The objects stay the same while they grow.
 */
export class RunView {
  state = "queued";
  agent = undefined;
  input = undefined;
  attachments = [];
  parts = [];
  progress = undefined;
  attempt = 1;
  end = undefined;
  #open = new Map();

  /** What the run's own agent said, all messages joined. */
  get text() {
    return this.parts.filter(isOwnMessage).map((part) => part.text).join("");
  }

  /** The questions that wait for an answer. */
  get questions() {
    return this.parts.filter((part) => part.kind === "question" && part.state === "open");
  }

  /** Takes the next event of the run. Types that are not known are passed over. */
  fold(event) {
    FOLDS[event.type]?.(this, event, { add: (...given) => this.#add(...given), get: (key) => this.#open.get(key) });
    if (!this.end && this.state !== "queued") {
      this.state = this.questions.length > 0 ? "waiting-for-answer" : "running";
    }
  }

  #add(key, event, part) {
    const added = event.subagentRunId === undefined ? part : { ...part, subAgent: event.subagentRunId };
    this.parts.push(added);
    this.#open.set(key, added);
  }
}

function isOwnMessage(part) {
  return part.kind === "message" && part.subAgent === undefined;
}

/** The results of tools are JSON; one that is not is shown as it came. */
function parsed(content) {
  try {
    return JSON.parse(content);
  } catch {
    return content;
  }
}

const write = (view, event, { get }) => {
  const part = get(event.messageId);
  if (part) {
    part.text += event.delta;
  }
};

const close = (view, event, { get }) => {
  const part = get(event.messageId);
  if (part) {
    part.open = false;
  }
};

function closeStep(view, event) {
  const open = (part) =>
    part.kind === "step" && part.open && part.name === event.stepName && part.subAgent === event.subagentRunId;
  const part = view.parts.findLast(open);
  if (part) {
    part.open = false;
  }
}

function endSubAgent(state, members) {
  return (view, event, { get }) => {
    const part = get(event.subagentRunId);
    if (part) {
      Object.assign(part, { state }, members(event));
    }
  };
}

function finish(view, event) {
  view.end =
    event.outcome?.type === "cancelled" ? { state: "cancelled" } : { state: "completed", result: event.result };
  view.state = view.end.state;
}

const CUSTOM = {
  "insula.run.accepted"(view, { value }) {
    const { agent, input, attachments } = value;
    Object.assign(view, { agent, input, attachments });
  },
  "insula.progress"(view, { value, subagentRunId }, { get }) {
    const at = subagentRunId === undefined ? view : get(subagentRunId);
    if (at) {
      at.progress = value;
    }
  },
  "insula.resumed"(view, { value }) {
    view.attempt = value.attempt;
  },
  "insula.question"(view, event, { add }) {
    const { question, ...asked } = event.value;
    const { kind: answerKind, text, options, expiresAt } = asked;
    add(question, event, { kind: "question", id: question, answerKind, text, options, expiresAt, state: "open" });
  },
  "insula.answer"(view, { value }, { get }) {
    const part = get(value.question);
    if (part) {
      part.state = value.expired ? "expired" : value.withdrawn ? "withdrawn" : "answered";
      part.answer = value.answer ?? value.attachments;
    }
  },
};

/** Each takes the view, the event, and what adds parts and gets them by their id. */
const FOLDS = {
  RUN_STARTED(view) {
    view.state = "running";
  },
  TEXT_MESSAGE_START(view, event, { add }) {
    add(event.messageId, event, { kind: "message", id: event.messageId, text: "", open: true });
  },
  TEXT_MESSAGE_CONTENT: write,
  TEXT_MESSAGE_END: close,
  REASONING_START(view, event, { add }) {
    add(event.messageId, event, { kind: "thought", id: event.messageId, text: "", open: true });
  },
  REASONING_MESSAGE_CONTENT: write,
  REASONING_END: close,
  STEP_STARTED(view, event, { add }) {
    // Steps have no id, and several may have one name: the last one begun is closed first.
    add(Symbol(event.stepName), event, { kind: "step", name: event.stepName, open: true });
  },
  STEP_FINISHED: closeStep,
  TOOL_CALL_START(view, event, { add }) {
    const { toolCallId: id, toolCallName: name } = event;
    add(id, event, { kind: "tool", id, name, arguments: "", open: true });
  },
  TOOL_CALL_ARGS(view, event, { get }) {
    const part = get(event.toolCallId);
    if (part) {
      part.arguments += event.delta;
    }
  },
  TOOL_CALL_RESULT(view, event, { get }) {
    const part = get(event.toolCallId);
    if (part) {
      part.open = false;
      part.result = parsed(event.content);
    }
  },
  SUBAGENT_STARTED(view, event, { add }) {
    const { subagentRunId: id, name, parentSubagentRunId: parent } = event;
    add(id, { subagentRunId: parent }, { kind: "sub-agent", id, name, state: "running" });
  },
  SUBAGENT_FINISHED: endSubAgent("completed", ({ result }) => ({ result })),
  SUBAGENT_ERROR: endSubAgent("failed", ({ code, message }) => ({ code, message })),
  RUN_FINISHED: finish,
  RUN_ERROR(view, { code, message }) {
    view.end = { state: "failed", code, message };
    view.state = "failed";
  },
  CUSTOM(view, event, parts) {
    CUSTOM[event.name]?.(view, event, parts);
  },
};
