// Runs an example of the client's README as it stands there: node example.mjs js|html README
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";

const [language, readme] = process.argv.slice(2);
const [, block] = (await readFile(readme, "utf8")).match(new RegExp("```" + language + "\n([^]*?)```"));
const script = language === "js" ? block : block.match(/<script type="module">([^]*)<\/script>/)[1];
const written = [];
const element = {};
if (language === "html") {
  // What the example takes from its page.
  globalThis.location = { hash: `#token=${process.env.INSULA_TOKEN}` };
  globalThis.document = { querySelector: (name) => (assert.equal(name, "#answer"), element) };
} else {
  process.stdout.write = (text) => written.push(text);
}

const folder = await mkdtemp(new URL("example-", import.meta.url).pathname);
try {
  await writeFile(`${folder}/example.mjs`, script.replace("http://127.0.0.1:8080", process.env.INSULA_URL));
  await import(`${folder}/example.mjs`);
  if (language === "html") {
    assert.equal(element.textContent, "Hello, Ada!");
  } else {
    assert.equal(written.join(""), "Hello, Ada! completed\n");
  }
} finally {
  await rm(folder, { recursive: true });
}
process.exit();
