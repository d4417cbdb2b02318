// The page at /docs: renders openapi.json and sends requests. It stores nothing; the key is only kept in memory.

const base = new URL("../", import.meta.url);
// The maximum number of characters shown of a response, so that the page stays responsive.
const maximumShownLength = 500_000;

let description = {};
let apiKey = "";

// MARK: Elements

/** Creates an element. Attributes that begin with "on" are event handlers; true sets one without a value, null and false set none. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Renders text between backticks as code. */
function prose(text) {
  return text.split("`").map((part, index) => (index % 2 ? element("code", {}, part) : part));
}

let lastID = 0;
/** A labeled form field. */
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

/** A short description of a schema's type. */
function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  if (schema.type === "array") return `list of ${typeOf(schema.items ?? {})}`;
  const range = [schema.minimum !== undefined && `from ${schema.minimum}`, schema.maximum !== undefined && `to ${schema.maximum}`];
  return [schema.type ?? "anything", ...range.filter(Boolean)].join(" ");
}

/** A collapsed table of an object's members; null if there are none. */
function members(title, content) {
  const schema = resolve(content?.["application/json"]?.schema);
  if (!schema.properties) return null;
  const rows = Object.entries(schema.properties).map(([name, member]) => {
    const isRequired = schema.required?.includes(name);
    return element("tr", {}, element("th", { scope: "row" }, element("code", {}, name)), element("td", {}, typeOf(member)),
      element("td", {}, ...prose([isRequired ? "Required." : "", member.description ?? ""].join(" ").trim())));
  });
  const head = element("tr", {}, ...["Member", "Type", "Description"].map((text) => element("th", { scope: "col" }, text)));
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

  /** Fills the view when it is first opened, since there may be hundreds of operations. */
  open() {
    if (!this.view.open || this.inputs) return;
    const { details } = this;
    this.inputs = (details.parameters ?? []).map((parameter) => {
      const attributes = { type: "text", value: parameter.example ?? "", required: parameter.required, spellcheck: "false" };
      return { parameter, input: element("input", attributes) };
    });
    const responses = Object.entries(details.responses ?? {}).map(([status, response]) => [status, resolve(response)]);
    this.view.append(element("div", { class: "inside" },
      details.description ? element("p", {}, ...prose(details.description)) : null,
      members("Members of the request", details.requestBody?.content),
      ...responses.filter(([status]) => status.startsWith("2")).map(([, response]) => members("Members of the response", response.content)),
      element("h3", {}, "Responses"),
      element("ul", {}, ...responses.map(([status, response]) =>
        element("li", {}, element("code", {}, status), ": ", ...prose(response.description)))),
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

  /** The example selector and the body editor. */
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
    this.headers = element("pre", { tabindex: "0", "aria-label": "Headers of the response" });
    this.response = element("pre", { tabindex: "0", "aria-label": "Body of the response" });
    this.textPart = element("div", { hidden: true }, element("h3", {}, "Text so far"), this.text);
    this.responsePart = element("div", { hidden: true },
      element("details", {}, element("summary", {}, "Headers"), this.headers), element("h3", {}, "Body"), this.response);
    return element("div", {}, this.status, this.textPart, this.responsePart);
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

  /** The shell command, with the key in a variable. */
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
    this.textPart.hidden = this.responsePart.hidden = true;
    this.text.textContent = this.headers.textContent = this.response.textContent = "";
    this.showStatus("Sending …");
    const began = performance.now();
    const seconds = () => `${((performance.now() - began) / 1000).toFixed(2)} s`;
    try {
      const headers = {};
      if (apiKey && !this.isOpen) headers.Authorization = `Bearer ${apiKey}`;
      if (this.body) headers["Content-Type"] = "application/json";
      const response = await fetch(this.url, {
        method: this.method.toUpperCase(), headers, body: this.body?.value, signal: this.abort.signal, credentials: "omit",
        cache: "no-store",
      });
      const status = `${response.status} ${response.statusText}`.trim();
      this.showStatus(`${status}, receiving …`, response.ok);
      this.responsePart.hidden = false;
      this.headers.textContent = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
      if (response.headers.get("content-type")?.startsWith("text/event-stream")) await this.receiveEvents(response);
      else this.response.textContent = shown(pretty(await response.text()));
      this.showStatus(`${status}, ${seconds()}`, response.ok);
    } catch (error) {
      this.showStatus(error.name === "AbortError" ? `Stopped after ${seconds()}.` : `Request failed: ${error.message}`, false);
    } finally {
      this.sendButton.disabled = false;
      this.stopButton.disabled = true;
    }
  }

  /** Shows events as they arrive, and the text assembled from them. */
  async receiveEvents(response) {
    this.textPart.hidden = false;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let length = 0;
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      if (length < maximumShownLength) this.response.append(value);
      length += value.length;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines) this.text.append(textOf(line));
      this.response.scrollTop = this.response.scrollHeight;
    }
  }

  showStatus(text, isGood = null) {
    this.status.textContent = text;
    this.status.className = isGood === null ? "status" : `status ${isGood ? "good" : "bad"}`;
  }
}

// MARK: Responses

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function shown(text) {
  return text.length > maximumShownLength ? `${text.slice(0, maximumShownLength)}\n… (${text.length} characters)` : text;
}

/** The text in a line of a stream: of OpenAI's chat completions, completions and responses, and of Anthropic's messages. */
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
    // The Clipboard API is only available in secure contexts, not over plain HTTP from another machine.
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

  // The URL fragment may name an operation.
  const linked = operations.find(({ view }) => `#${encodeURIComponent(view.id)}` === location.hash);
  if (linked) {
    linked.view.open = true;
    linked.view.scrollIntoView();
  }
}

const keyField = document.getElementById("key");
// Browsers may restore field values when a page is reloaded.
keyField.value = "";
keyField.addEventListener("input", () => { apiKey = keyField.value.trim(); });

try {
  const response = await fetch(new URL("openapi.json", base), { cache: "no-store" });
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  description = await response.json();
} catch (error) {
  document.getElementById("loading").textContent = `Failed to load openapi.json: ${error.message}`;
}
if (description.paths) show();
