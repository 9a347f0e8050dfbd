// Node has a WebSocket of its own from 22 on; before, that of the library it is made of does.
import { WebSocket } from "undici";

globalThis.WebSocket ??= WebSocket;
