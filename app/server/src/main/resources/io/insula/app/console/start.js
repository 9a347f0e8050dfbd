"use strict";

const TOKEN = "insula.token";

/** Takes the token out of the address, so that it is neither bookmarked nor sent on, and keeps it for this tab. */
function takeToken() {
  const fromAddress = new URLSearchParams(location.hash.slice(1)).get("token");
  if (fromAddress) {
    sessionStorage.setItem(TOKEN, fromAddress);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem(TOKEN);
}

function element(id) {
  return document.getElementById(id);
}

function setCommand(id, text) {
  const box = element(id);
  box.querySelector("code").textContent = text;
  box.querySelector("button").setAttribute("aria-label", "Copy: " + text);
  box.hidden = false;
}

/** Quotes a word for a shell where that is needed. */
function quoted(word) {
  return /^[\w./:-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'";
}

function showProblem(title, text, command) {
  element("connection").textContent = "Not connected";
  element("welcome").hidden = true;
  element("problem-title").textContent = title;
  element("problem-text").textContent = text;
  element("problem-command").hidden = true;
  if (command) {
    setCommand("problem-command", command);
  }
  element("problem").hidden = false;
}

/** The name in the token, for display alone: the server is who checks it. */
function nameIn(token) {
  try {
    const bytes = Uint8Array.from(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")), c => c.charCodeAt(0));
    return String(JSON.parse(new TextDecoder().decode(bytes)).sub || "");
  } catch {
    return "";
  }
}

function showAgents(agents, token) {
  element("problem").hidden = true;
  const name = nameIn(token);
  element("connection").textContent = name ? "Connected as " + name : "Connected";
  const list = element("agents");
  list.replaceChildren();
  for (const agent of agents) {
    const item = document.createElement("li");
    const label = document.createElement("strong");
    label.textContent = agent.name;
    const summary = document.createElement("span");
    summary.textContent = agent.summary;
    item.append(label, summary);
    list.append(item);
  }
  element("agents-count").textContent = agents.length === 0
    ? "None is loaded. Put a plugin into the plugins folder and start Insula again; \"insula plugin list\" says what became of each."
    : agents.length === 1 ? "One agent is loaded." : agents.length + " agents are loaded.";
  showCommands(agents.length > 0 ? agents[0].name : "AGENT");
  element("welcome").hidden = false;
}

function showCommands(agent) {
  const elsewhere = location.origin === "http://127.0.0.1:8080" ? "" : " --url " + location.origin;
  setCommand("ask-command", "insula ask " + quoted(agent) + elsewhere + " \"Hello\"");
  setCommand("chat-command", "insula chat " + quoted(agent) + elsewhere);
  setCommand("url-command", "export INSULA_URL=" + location.origin);
  setCommand("token-command", "export INSULA_TOKEN=THE-TOKEN");
  setCommand("socket-address", location.origin.replace(/^http/, "ws") + "/ws");
  setCommand("socket-subscribe", JSON.stringify({type: "subscribe", id: "1", after: "now"}));
  setCommand("socket-start", JSON.stringify({
    type: "run.start", id: "2", request: newUuid(), agent: agent, input: "Hello"
  }));
}

function newUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

async function load() {
  const token = takeToken();
  if (!token) {
    showProblem("There is no token", "This page needs a token, which says who you are. Open the link that Insula printed "
      + "when it started, or make a token and open this page with #token= and the token behind its address.", "insula token YOUR-NAME");
    return;
  }
  let response;
  try {
    response = await fetch("/agents", {headers: {Authorization: "Bearer " + token}, cache: "no-store"});
  } catch {
    showProblem("Insula does not answer", "It may have been stopped. Start it again, then try again.", "insula serve");
    return;
  }
  if (response.status === 401) {
    sessionStorage.removeItem(TOKEN);
    showProblem("The token is not valid any more", "It has expired, or another installation made it. Open the link that "
      + "Insula printed when it started last, or make a new token and open this page with #token= and the token behind its address.",
      "insula token YOUR-NAME");
    return;
  }
  if (!response.ok) {
    showProblem("Insula cannot say which agents are loaded", "It answered with status " + response.status + ". Try again in a moment.");
    return;
  }
  showAgents((await response.json()).agents, token);
}

async function copy(event) {
  const button = event.target.closest(".command button");
  if (!button) {
    return;
  }
  const code = button.parentElement.querySelector("code");
  let done = true;
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch {
    // Without the right to the clipboard, the text is selected for the person to copy.
    getSelection().selectAllChildren(code);
    done = false;
  }
  button.textContent = done ? "Copied" : "Selected";
  element("copied").textContent = done ? "Copied" : "Selected; copy it with your keyboard";
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
}

document.addEventListener("click", copy);
element("again").addEventListener("click", load);
// Opening the printed link again in the same tab changes only the fragment, which loads nothing by itself.
addEventListener("hashchange", load);
load();
