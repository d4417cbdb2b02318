internal import HTTPTypes
internal import ServiceKit

/// The security headers of the UI's documents.
enum WebUISecurity {
    /// Where charts that clients log as HTML load their libraries: plotly's figures are logged so by MLflow itself, Altair's and
    /// Bokeh's export the same way. None of these hosts lets the author of an artifact read what was asked of it.
    private static let chartLibraries = "https://cdn.plot.ly https://cdn.jsdelivr.net https://cdn.bokeh.org"

    /// Where the viewer of GeoJSON gets its map.
    private static let mapTiles = "https://*.tile.openstreetmap.org"

    /// The policy of MLflow's UI.
    ///
    /// The UI shows an HTML artifact in a frame with an origin of its own, but as a `blob:` document, which inherits this policy
    /// (CSP 3, section 7.8). So inline scripts must be allowed for reports to work, and what remains is that nothing on a page, of the UI
    /// or of an artifact, can send what it sees to a server of its author's: no requests, images, frames or forms go there. Plotly's parallel
    /// coordinates and WebGL charts compile functions (`unsafe-eval`), and Emotion makes style elements.
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

    /// For a document that only pages of this service may frame.
    static let document: HTTPFields = headers(policy + "; frame-ancestors 'self'", framing: "SAMEORIGIN")

    /// For the document that notebooks show in a frame, whatever their origin. Leaving `frame-ancestors` out allows all: `*` wouldn't
    /// include the schemes of editors, such as `vscode-webview:`.
    static let notebookFrame: HTTPFields = headers(policy, framing: nil)

    /// For a page without scripts.
    static let plainPage: HTTPFields = headers(
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
        framing: "SAMEORIGIN")

    private static func headers(_ policy: String, framing: String?) -> HTTPFields {
        var headers: HTTPFields = [.contentSecurityPolicy: policy]
        headers[.xFrameOptions] = framing
        // With `no-referrer`, browsers would hide the origin of some requests, by which the service knows its own pages.
        if let name = HTTPField.Name("Referrer-Policy") { headers[name] = "same-origin" }
        return headers
    }
}
