import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { LIMITS } from "../src/index.js";

test("the README tells all limits with their defaults", async () => {
  const text = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const table = text.slice(text.indexOf("## Limits"), text.indexOf("## Test"));
  const told = [...table.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)].map(([, name, value]) => [name, Number(value)]);
  assert.deepEqual(Object.fromEntries(told), { ...LIMITS });
});

test("the types name all limits", async () => {
  const text = await readFile(new URL("../types/index.d.ts", import.meta.url), "utf8");
  const [, limits] = text.match(/export interface Limits \{([^}]*)\}/);
  assert.deepEqual([...limits.matchAll(/readonly (\w+): number;/g)].map(([, name]) => name), Object.keys(LIMITS));
});

test("the types name all codes of the platform", async () => {
  const read = (path) => readFile(new URL(path, import.meta.url), "utf8");
  const [types, errors] = await Promise.all([read("../types/protocol.d.ts"), read("../../../docs/errors.md")]);
  const named = types.slice(types.indexOf("export type ErrorCode =")).matchAll(/\| "([a-z-]+)"/g);
  const documented = errors.matchAll(/^\| [0-9]+ \| `([a-z-]+)` \|/gm);
  assert.deepEqual([...named].map(([, code]) => code), [...documented].map(([, code]) => code));
});
