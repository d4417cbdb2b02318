import Synchronization
import TestSupport
import WireProtocol

/// A fake tracking service that responds to the calls of a registry.
final class FakeTracking: Sendable {
    struct Model {
        var artifactURI: String
        var sourceRunID = ""
        var tags: [String: String] = [:]
    }

    struct State {
        /// The artifact directories of runs.
        var runs: [String: String] = [:]
        var models: [String: Model] = [:]
        /// `METHOD /path?query` of all requests so far.
        var calls: [String] = []
        /// `traceparent` of all requests so far.
        var traces: [String?] = []
    }

    let state: Mutex<State>

    init(runs: [String: String] = [:], models: [String: Model] = [:]) {
        state = Mutex(State(runs: runs, models: models))
    }

    var calls: [String] { state.withLock { $0.calls } }
    var traces: [String?] { state.withLock { $0.traces } }

    func tag(_ key: String, ofModel id: String) -> String? { state.withLock { $0.models[id]?.tags[key] } }

    func response(to request: ScriptedRequest) -> ScriptedResponse {
        state.withLock { state in
            state.calls.append("\(request.method) \(request.path)\(request.query.isEmpty ? "" : "?" + request.query)")
            state.traces.append(request.headers["traceparent"])
            let parts = request.path.split(separator: "/").map(String.init)
            switch (request.method, parts.dropFirst(3).first, parts.count) {
            case ("GET", "runs", _):
                let id = String(request.query.dropFirst("run_id=".count))
                guard let uri = state.runs[id] else { return Self.missing("Run with id=\(id) not found") }
                return ScriptedResponse(#"{"run": {"info": {"run_id": "\#(id)", "artifact_uri": "\#(uri)"}}}"#)
            case ("GET", "logged-models", 5):
                guard let model = state.models[parts[4]] else { return Self.missing("Logged model with ID '\(parts[4])' not found.") }
                let tags = model.tags.map { KeyValue(key: $0, value: $1).jsonString }.joined(separator: ",")
                return ScriptedResponse(
                    """
                    {"model": {"info": {"model_id": "\(parts[4])", "artifact_uri": "\(model.artifactURI)",
                     "source_run_id": "\(model.sourceRunID)", "tags": [\(tags)]}}}
                    """)
            case ("PATCH", "logged-models", 6):
                for tag in (try? JSONValue(parsing: request.body))?["tags"]?.arrayValue ?? [] {
                    state.models[parts[4]]?.tags[tag["key"]?.stringValue ?? ""] = tag["value"]?.stringValue
                }
                return ScriptedResponse("{}")
            default: return ScriptedResponse(404, contentType: "text/html", "<h1>Not Found</h1>")
            }
        }
    }

    private static func missing(_ message: String) -> ScriptedResponse {
        ScriptedResponse(404, ErrorFormat.mlflow.body(of: .doesNotExist("\(message)")).jsonString)
    }
}
