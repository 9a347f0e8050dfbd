export { connect, InsulaClient } from "./client.js";
export {
  ConnectionError,
  EventsLostError,
  InsulaError,
  LimitError,
  RefusedError,
  UnknownOutcomeError,
} from "./errors.js";
export { LIMITS } from "./limits.js";
export { Run } from "./run.js";
export { RunView } from "./view.js";
