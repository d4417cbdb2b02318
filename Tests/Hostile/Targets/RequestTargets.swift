import ServiceKit
import WireProtocol

@testable import Registry
@testable import Tracking

extension FuzzTarget {
    static let requests = [
        FuzzTarget(name: "request-fields") { bytes in
            guard let fields = try? MessageFields(body: bytes, limits: JSONLimits(maximumNodes: 10_000)) else { return }
            readAll(fields)
        },
        FuzzTarget(name: "request-query") { bytes in
            guard let pairs = try? QueryString.pairs(of: String(decoding: bytes, as: UTF8.self)) else { return }
            readAll(MessageFields(query: pairs))
        },
        FuzzTarget(name: "names") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            _ = try? Validation.check(text, path: "key")
            _ = try? Validation.checkRunID(text)
            _ = try? Validation.checkModelName(text)
            _ = try? Validation.checkNewAlias(text)
            _ = try? Validation.versionNumber(text)
            _ = Validation.truncate(text, to: 10)
        },
        FuzzTarget(name: "page-token") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            require((try? PageToken.offset(of: text)) ?? 0 >= 0, "an offset isn't negative")
            var query = LoggedModelQuery(experimentIDs: ["0"])
            query.pageToken = text
            require((try? LoggedModelPageToken.offset(for: query)) ?? 0 >= 0, "an offset isn't negative")
        },
        FuzzTarget(name: "trace-context") { bytes in
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", maxSplits: 1).map(String.init)
            guard let context = TraceContext(traceparent: lines.first ?? "", tracestate: lines.last) else { return }
            require(context.traceID != 0 && context.parentID != 0, "IDs aren't zero")
            let again = TraceContext(traceparent: context.traceparent, tracestate: context.state)
            require(again == context, "a context that is passed on is the same")
        },
        FuzzTarget(name: "model-source") { bytes in
            // Longer input is rejected earlier.
            let text = Validation.truncate(String(decoding: bytes, as: UTF8.self), to: 1_000)
            _ = SourceURI(text)
            _ = SourceURI.fullyDecoded(text, plusIsSpace: true)
        },
    ]

    /// Decodes a body as every message that the tracking service accepts, and its fields as every type.
    private static func readAll(_ fields: MessageFields) {
        for name in ["key", "run_id", "metrics", "experiment_ids", "value"] {
            _ = try? fields.string(name)
            _ = try? fields.strings(name)
            _ = try? fields.integer(name)
            _ = try? fields.int32(name)
            _ = try? fields.double(name)
            _ = try? fields.bool(name)
            let metrics: [Metric]? = try? fields.messages(name)
            let pairs: [KeyValue]? = try? fields.messages(name)
            _ = (metrics, pairs)
        }
        let view: ViewType? = try? fields.enumeration("view_type")
        _ = view
        _ = try? fields.requiredRunID()
        _ = try? RunQuery(fields)
        _ = try? LoggedModelQuery(fields)
        _ = try? StartTraceRequest(fields)
        _ = try? Assessment(fields)
    }
}
