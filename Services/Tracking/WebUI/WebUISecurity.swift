internal import HTTPTypes
internal import ServiceKit

/// The security headers of the UI's HTML documents.
enum WebUISecurity {
    /// The hosts from which charts logged as HTML load their libraries: Plotly figures logged by MLflow itself, and exports from
    /// Altair and Bokeh. None of these hosts reveals the requests it receives to the author of an artifact.
    private static let chartLibraries = "https://cdn.plot.ly https://cdn.jsdelivr.net https://cdn.bokeh.org"

    /// The host of the map tiles in the GeoJSON viewer.
    private static let mapTiles = "https://*.tile.openstreetmap.org"

    /// The Content Security Policy of MLflow's UI.
    ///
    /// The UI shows an HTML artifact in a frame with its own origin, but as a `blob:` document, which inherits this policy (CSP 3,
    /// section 7.8). Inline scripts must therefore be allowed for reports to work. What the policy does prevent is exfiltration: no
    /// page of the UI or of an artifact can send data to another server by requests, images, frames or forms. Plotly's parallel
    /// coordinates and WebGL charts compile functions (`unsafe-eval`), and Emotion creates style elements.
    static let policy = """
        default-src 'none'; \
        script-src 'self' 'unsafe-inline' 'unsafe-eval' \(chartLibraries); \
        style-src 'self' 'unsafe-inline' \(chartLibraries); \
        worker-src 'self' blob:; \
        connect-src 'self' blob: data:; \
        img-src 'self' blob: data: \(mapTiles); \
        media-src 'self' blob: data:; \
        font-src 'self' data: \(chartLibraries); \
        frame-src 'self' blob:; \
        object-src 'self' blob:; \
        manifest-src 'self'; \
        base-uri 'self'; \
        form-action 'none'
        """

    /// The headers of a document that only pages of this service may frame.
    static let document: HTTPFields = headers(policy + "; frame-ancestors 'self'", framing: "SAMEORIGIN")

    /// The headers of the document that notebooks show in a frame, whatever their origin. Omitting `frame-ancestors` allows all
    /// origins; `*` would exclude the schemes of editors, such as `vscode-webview:`.
    static let notebookFrame: HTTPFields = headers(policy, framing: nil)

    /// The headers of a page without scripts.
    static let plainPage: HTTPFields = headers(
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
        framing: "SAMEORIGIN")

    private static func headers(_ policy: String, framing: String?) -> HTTPFields {
        var headers: HTTPFields = [.contentSecurityPolicy: policy]
        headers[.xFrameOptions] = framing
        // With `no-referrer`, browsers would omit the `Origin` of some requests, by which the service recognizes its own pages.
        if let name = HTTPField.Name("Referrer-Policy") { headers[name] = "same-origin" }
        return headers
    }
}
