// The page at /docs: shows openapi.json and sends requests from it. It keeps nothing: the key is in memory only.

const base = new URL("../", import.meta.url);
// More of an answer isn't shown, so that the page stays quick.
const longestShown = 500_000;

let description = {};
let apiKey = "";

// MARK: Elements

/** Makes an element; names that begin with "on" are handlers, `true` an attribute without value, null and false none. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A text in which what stands between backticks is code. */
function prose(text) {
  return text.split("`").map((part, index) => (index % 2 ? element("code", {}, part) : part));
}

let lastID = 0;
/** A label and its field. */
function field(text, control, note = "") {
  control.id = `field-${++lastID}`;
  const small = note ? element("small", { id: `${control.id}-note` }, ...prose(note)) : null;
  if (small) control.setAttribute("aria-describedby", small.id);
  return element("div", { class: "field" }, element("label", { for: control.id }, text), control, small);
}

// MARK: The description

function resolve(value) {
  if (!value?.$ref) return value ?? {};
  return value.$ref.slice(2).split("/").reduce((place, name) => place?.[name], description) ?? {};
}

/** A schema's type in a few words. */
function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  if (schema.type === "array") return `list of ${typeOf(schema.items ?? {})}`;
  const range = [schema.minimum !== undefined && `from ${schema.minimum}`, schema.maximum !== undefined && `to ${schema.maximum}`];
  return [schema.type ?? "anything", ...range.filter(Boolean)].join(" ");
}

/** A table of an object's members, folded up; null where there are none. */
function members(title, content) {
  const schema = resolve(content?.["application/json"]?.schema);
  if (!schema.properties) return null;
  const rows = Object.entries(schema.properties).map(([name, member]) => {
    const isRequired = schema.required?.includes(name);
    return element("tr", {}, element("th", { scope: "row" }, element("code", {}, name)), element("td", {}, typeOf(member)),
      element("td", {}, ...prose([isRequired ? "Required." : "", member.description ?? ""].join(" ").trim())));
  });
  const head = element("tr", {}, ...["Member", "Type", "About"].map((text) => element("th", { scope: "col" }, text)));
  return element("details", {}, element("summary", {}, title),
    element("div", { class: "wide" }, element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows))));
}

// MARK: One operation

class Operation {
  constructor(path, method, details) {
    Object.assign(this, { path, method, details });
    const summary = element("summary", {}, element("span", { class: `method ${method}` }, method.toUpperCase()),
      element("code", {}, path), element("span", { class: "about" }, details.summary ?? ""));
    this.view = element("details", { class: "operation", id: details.operationId, ontoggle: () => this.open() }, summary);
    this.words = `${method} ${path} ${details.summary} ${details.description ?? ""}`.toLowerCase();
  }

  /** Fills the view when it is opened for the first time: there may be hundreds of operations. */
  open() {
    if (!this.view.open || this.inputs) return;
    const { details } = this;
    this.inputs = (details.parameters ?? []).map((parameter) => {
      const attributes = { type: "text", value: parameter.example ?? "", required: parameter.required, spellcheck: "false" };
      return { parameter, input: element("input", attributes) };
    });
    const answers = Object.entries(details.responses ?? {}).map(([status, answer]) => [status, resolve(answer)]);
    this.view.append(element("div", { class: "inside" },
      details.description ? element("p", {}, ...prose(details.description)) : null,
      members("Members of the request", details.requestBody?.content),
      ...answers.filter(([status]) => status.startsWith("2")).map(([, answer]) => members("Members of the answer", answer.content)),
      element("h3", {}, "Answers"),
      element("ul", {}, ...answers.map(([status, answer]) =>
        element("li", {}, element("code", {}, status), ": ", ...prose(answer.description)))),
      element("h3", {}, "Try it"), this.form(), this.result()));
  }

  form() {
    const inputs = this.inputs.map(({ parameter, input }) =>
      field(`${parameter.name} (${parameter.in})`, input, parameter.description));
    this.sendButton = element("button", { type: "submit", class: "main" }, "Send");
    this.stopButton = element("button", { type: "button", disabled: true, onclick: () => this.abort?.abort() }, "Stop");
    const copyButton = element("button", { type: "button", onclick: () => copy(this.curl(), copyButton) }, "Copy as curl");
    return element("form", { class: "form", onsubmit: (event) => { event.preventDefault(); this.send(); } },
      ...inputs, ...this.bodyFields(), element("div", { class: "buttons" }, this.sendButton, this.stopButton, copyButton));
  }

  /** The choice among the examples and the text of the body. */
  bodyFields() {
    const content = this.details.requestBody?.content?.["application/json"];
    if (!content) return [];
    const examples = Object.entries(content.examples ?? {});
    this.body = element("textarea", { spellcheck: "false", autocapitalize: "off", autocomplete: "off" });
    const show = (value) => {
      this.body.value = JSON.stringify(value, null, 2);
      this.body.rows = Math.min(this.body.value.split("\n").length + 1, 24);
    };
    show(examples[0]?.[1].value ?? {});
    const fields = [field("Body (JSON)", this.body)];
    if (examples.length > 1) {
      const select = element("select", { onchange: () => show(examples[select.selectedIndex][1].value) },
        ...examples.map(([name]) => element("option", {}, name)));
      fields.unshift(field("Example", select));
    }
    return fields;
  }

  result() {
    this.status = element("p", { class: "status", role: "status" });
    this.text = element("pre", { tabindex: "0", "aria-label": "Text so far" });
    this.headers = element("pre", { tabindex: "0", "aria-label": "Headers of the answer" });
    this.answer = element("pre", { tabindex: "0", "aria-label": "Body of the answer" });
    this.textPart = element("div", { hidden: true }, element("h3", {}, "Text so far"), this.text);
    this.answerPart = element("div", { hidden: true },
      element("details", {}, element("summary", {}, "Headers"), this.headers), element("h3", {}, "Body"), this.answer);
    return element("div", {}, this.status, this.textPart, this.answerPart);
  }

  // MARK: The request

  get url() {
    let path = this.path.slice(1);
    const query = new URLSearchParams();
    for (const { parameter, input } of this.inputs) {
      if (parameter.in === "path") path = path.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
      else if (parameter.in === "query" && input.value !== "") query.set(parameter.name, input.value);
    }
    const url = new URL(path, base);
    url.search = query.toString();
    return url;
  }

  get isOpen() { return this.details.security?.length === 0; }

  /** The command for a shell, without the key: that comes from a variable. */
  curl() {
    const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
    const parts = [`curl -N -X ${this.method.toUpperCase()} ${quote(this.url.href)}`];
    if (!this.isOpen) parts.push('-H "Authorization: Bearer $API_KEY"');
    if (this.body) parts.push("-H 'Content-Type: application/json'", `-d ${quote(this.body.value)}`);
    return parts.join(" \\\n  ");
  }

  async send() {
    this.sendButton.disabled = true;
    this.stopButton.disabled = false;
    this.abort = new AbortController();
    this.textPart.hidden = this.answerPart.hidden = true;
    this.text.textContent = this.headers.textContent = this.answer.textContent = "";
    this.tell("Sending …");
    const began = performance.now();
    const seconds = () => `${((performance.now() - began) / 1000).toFixed(2)} s`;
    try {
      const headers = {};
      if (apiKey && !this.isOpen) headers.Authorization = `Bearer ${apiKey}`;
      if (this.body) headers["Content-Type"] = "application/json";
      const answer = await fetch(this.url, {
        method: this.method.toUpperCase(), headers, body: this.body?.value, signal: this.abort.signal, credentials: "omit",
        cache: "no-store",
      });
      const status = `${answer.status} ${answer.statusText}`.trim();
      this.tell(`${status}, receiving …`, answer.ok);
      this.answerPart.hidden = false;
      this.headers.textContent = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
      if (answer.headers.get("content-type")?.startsWith("text/event-stream")) await this.receiveEvents(answer);
      else this.answer.textContent = shown(pretty(await answer.text()));
      this.tell(`${status}, ${seconds()}`, answer.ok);
    } catch (error) {
      this.tell(error.name === "AbortError" ? `Stopped after ${seconds()}.` : `No answer: ${error.message}`, false);
    } finally {
      this.sendButton.disabled = false;
      this.stopButton.disabled = true;
    }
  }

  /** Shows events as they come, and the text that they add up to. */
  async receiveEvents(answer) {
    this.textPart.hidden = false;
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let length = 0;
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      if (length < longestShown) this.answer.append(value);
      length += value.length;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines) this.text.append(textOf(line));
      this.answer.scrollTop = this.answer.scrollHeight;
    }
  }

  tell(text, isGood = null) {
    this.status.textContent = text;
    this.status.className = isGood === null ? "status" : `status ${isGood ? "good" : "bad"}`;
  }
}

// MARK: Answers

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function shown(text) {
  return text.length > longestShown ? `${text.slice(0, longestShown)}\n… (${text.length} characters)` : text;
}

/** What a line of a stream adds to the text: of OpenAI's chats, completions and responses, and of Anthropic's messages. */
function textOf(line) {
  if (!line.startsWith("data:")) return "";
  try {
    const data = JSON.parse(line.slice(5));
    const choice = data.choices?.[0];
    if (data.type === "response.output_text.delta") return data.delta ?? "";
    return choice?.delta?.content ?? choice?.text ?? data.delta?.text ?? "";
  } catch {
    return "";
  }
}

async function copy(text, button) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Pages that came over plain HTTP from another machine have no clipboard of that kind.
    const area = element("textarea", { "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = label; }, 1500);
}

// MARK: The page

function show() {
  const main = document.getElementById("operations");
  const note = document.getElementById("filter-note");
  document.getElementById("title").textContent = `${description.info.title} ${description.info.version}`;
  document.getElementById("about").textContent = description.info.description ?? "";
  const operations = Object.entries(description.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, details]) => new Operation(path, method, details)));
  const groups = description.tags.map((tag, index) => {
    const mine = operations.filter(({ details }) => details.tags?.includes(tag.name));
    const section = element("section", { "aria-labelledby": `tag-${index}` }, element("h2", { id: `tag-${index}` }, tag.name),
      element("p", {}, ...prose(tag.description ?? "")), ...mine.map(({ view }) => view));
    return { section, mine };
  });
  main.replaceChildren(...groups.map(({ section }) => section));

  const filter = document.getElementById("filter");
  const apply = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const operation of operations) operation.view.hidden = !words.every((word) => operation.words.includes(word));
    for (const { section, mine } of groups) section.hidden = mine.every(({ view }) => view.hidden);
    const count = operations.filter(({ view }) => !view.hidden).length;
    note.textContent = words.length ? `${count} of ${operations.length}` : "";
  };
  filter.addEventListener("input", apply);
  apply();

  // The address may name an operation.
  const linked = operations.find(({ view }) => `#${encodeURIComponent(view.id)}` === location.hash);
  if (linked) {
    linked.view.open = true;
    linked.view.scrollIntoView();
  }
}

const keyField = document.getElementById("key");
// Browsers fill fields in again when a page is opened anew.
keyField.value = "";
keyField.addEventListener("input", () => { apiKey = keyField.value.trim(); });

try {
  const answer = await fetch(new URL("openapi.json", base), { cache: "no-store" });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  description = await answer.json();
} catch (error) {
  document.getElementById("loading").textContent = `openapi.json can't be read: ${error.message}`;
}
if (description.paths) show();
