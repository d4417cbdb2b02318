internal import ServiceKit

/// The page at `/` of a server without the files of MLflow's web UI. It describes the server and how to install the UI.
struct LandingPage: Sendable {
    /// Whether the UI is switched off rather than missing.
    let isUIOff: Bool
    /// The gateway's URL, if there is one.
    let gatewayURL: String?

    /// The page as HTML. All links are relative, so it works below any path.
    var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Unladen tracking</title>
        <link rel="icon" href="\(Self.icon)">
        <style>\(Self.style)</style>
        </head>
        <body>
        <header>
        <h1>Unladen <span>tracking</span></h1>
        <p class="versions">Version \(unladenVersion) · compatible with MLflow \(mlflowContractVersion)</p>
        </header>
        <main>
        <section>
        <h2>The web UI</h2>
        \(isUIOff ? Self.off : Self.missing)
        </section>
        <section>
        <h2>Use it now</h2>
        <p>Use the address of this page with any MLflow client, version 2.5 or later:</p>
        <pre><code>mlflow.set_tracking_uri("http://HOST:PORT")</code></pre>
        </section>
        <section>
        <h2>Links</h2>
        <ul>
        <li><a href="version">version</a> <span>of the API</span></li>
        <li><a href="health">health</a>, <a href="readyz">readyz</a>, <a href="metrics">metrics</a> <span>for operators</span></li>
        <li><a href="api/2.0/mlflow/experiments/search?max_results=100">experiments</a> <span>as JSON</span></li>
        <li><a href="api/3.0/mlflow/server-info">server-info</a> <span>what this server can do</span></li>
        \(gatewayLink)
        </ul>
        </section>
        </main>
        </body>
        </html>

        """
    }

    private var gatewayLink: String {
        guard let gatewayURL, gatewayURL.hasPrefix("http://") || gatewayURL.hasPrefix("https://") else { return "" }
        let url = Self.escaped(gatewayURL.hasSuffix("/") ? String(gatewayURL.dropLast()) : gatewayURL)
        return "<li><a href=\"\(url)/docs\">AI gateway</a> <span>API documentation</span></li>"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }

    private static let missing = """
        <p>MLflow's web UI isn't installed here. <code>deploy/run</code> and the container image include it. Otherwise, pass the \
        directory of its built files, which MLflow's Python package contains at <code>mlflow/server/js/build</code>:</p>
        <pre><code>unladen-tracking --mlflow-ui DIR</code></pre>
        """

    private static let off = """
        <p>MLflow's web UI is switched off on this server. Start it without <code>--mlflow-ui off</code> to enable it.</p>
        """

    /// A small inline icon, so that browsers don't request one.
    private static let icon =
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E"
        + "%3Cpath d='M0 5 4 1l4 4-4-1z' fill='%230b7285'/%3E%3C/svg%3E"

    private static let style = """
        :root { color-scheme: light dark; --page: #fafbfc; --panel: #fff; --text: #1b1f24; --quiet: #57606a; --line: #d8dee4; \
        --accent: #0b7285; }
        @media (prefers-color-scheme: dark) { :root { --page: #14171a; --panel: #1c2126; --text: #e6eaef; --quiet: #9aa6b2; \
        --line: #333b44; --accent: #66d9e8; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 3rem 1.25rem; max-width: 44rem; background: var(--page); color: var(--text); \
        font: 1rem/1.55 system-ui, sans-serif; }
        h1 { margin: 0; font-size: 2rem; letter-spacing: -0.02em; }
        h1 span { color: var(--accent); font-weight: 400; }
        h2 { margin: 0 0 .5rem; font-size: 1.05rem; }
        p { margin: .25rem 0 .75rem; }
        .versions, li span { color: var(--quiet); }
        section { margin-top: 1.25rem; padding: 1.1rem 1.25rem; background: var(--panel); border: 1px solid var(--line); \
        border-radius: .6rem; }
        section > :last-child { margin-bottom: 0; }
        ul { margin: 0; padding-left: 1.2rem; }
        a { color: var(--accent); }
        code { font: .9em ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
        p code { white-space: nowrap; }
        pre { margin: .5rem 0 0; padding: .7rem .9rem; overflow-x: auto; background: var(--page); border: 1px solid var(--line); \
        border-radius: .4rem; }
        """
}
