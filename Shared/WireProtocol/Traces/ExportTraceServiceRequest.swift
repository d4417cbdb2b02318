internal import Primitives

/// Spans to be stored, in OTLP's JSON form (opentelemetry.io/docs/specs/otlp, JSON Protobuf Encoding): names are in camelCase, IDs are
/// hexadecimal, and 64-bit integers are strings.
package struct ExportTraceServiceRequest: Sendable, Equatable {
    package var resourceSpans: [ResourceSpans]

    package init(resourceSpans: [ResourceSpans]) { self.resourceSpans = resourceSpans }
}

extension ExportTraceServiceRequest: JSONReadable {
    package init(json: JSONValue) throws(MessageError) {
        guard json.objectValue != nil else { throw MessageError(Self.self, "It must be a JSON object.") }
        do {
            resourceSpans = try ReceivedSpans(json, limits: .unlimited).groups
        } catch {
            throw MessageError(Self.self, "\(error)")
        }
    }
}

extension ExportTraceServiceRequest: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.name("resourceSpans")
            json.array { json in for group in resourceSpans { Self.write(group, to: &json) } }
        }
    }

    private static func write(_ group: ResourceSpans, to json: inout JSONWriter) {
        json.object { json in
            if !group.resource.isEmpty {
                json.name("resource")
                json.object { write(group.resource, to: &$0) }
            }
            json.name("scopeSpans")
            json.array { json in
                json.object { json in
                    json.name("spans")
                    json.array { json in for span in group.spans { write(span, to: &json) } }
                }
            }
        }
    }

    private static func write(_ span: Span, to json: inout JSONWriter) {
        json.object { json in
            json.field("traceId", Hex.encode(span.traceID))
            json.field("spanId", Hex.encode(span.spanID))
            json.field("traceState", span.traceState.isEmpty ? nil : span.traceState)
            json.field("parentSpanId", span.isRoot ? nil : Hex.encode(span.parentID))
            json.field("flags", span.flags == 0 ? nil : Int64(span.flags))
            json.field("name", span.name)
            json.field("kind", span.kind == .unspecified ? nil : Int64(clamping: span.kind.rawValue))
            json.field("startTimeUnixNano", String(span.startTime))
            json.field("endTimeUnixNano", span.endTime == 0 ? nil : String(span.endTime))
            write(span.attributes, to: &json)
            if !span.events.isEmpty {
                json.name("events")
                json.array { json in for event in span.events { write(event, to: &json) } }
            }
            if !span.links.isEmpty {
                json.name("links")
                json.array { json in for link in span.links { write(link, to: &json) } }
            }
            json.name("status")
            json.object { json in
                json.field("code", span.status.number)
                json.field("message", span.statusMessage.isEmpty ? nil : span.statusMessage)
            }
        }
    }

    private static func write(_ event: Span.Event, to json: inout JSONWriter) {
        json.object { json in
            json.field("timeUnixNano", String(event.time))
            json.field("name", event.name)
            write(event.attributes, to: &json)
        }
    }

    private static func write(_ link: Span.Link, to json: inout JSONWriter) {
        json.object { json in
            json.field("traceId", Hex.encode(link.traceID))
            json.field("spanId", Hex.encode(link.spanID))
            json.field("traceState", link.traceState.isEmpty ? nil : link.traceState)
            write(link.attributes, to: &json)
        }
    }

    private static func write(_ attributes: [Attribute], to json: inout JSONWriter) {
        guard !attributes.isEmpty else { return }
        json.name("attributes")
        json.array { json in for attribute in attributes { write(attribute, to: &json) } }
    }

    private static func write(_ attribute: Attribute, to json: inout JSONWriter) {
        json.object { json in
            json.field("key", attribute.key)
            json.name("value")
            write(attribute.value, to: &json)
        }
    }

    private static func write(_ value: AttributeValue, to json: inout JSONWriter) {
        json.object { json in
            switch value {
            // An empty value is null.
            case .none: break
            case .string(let text): json.field("stringValue", text)
            case .bool(let flag): json.field("boolValue", flag)
            case .integer(let integer): json.field("intValue", String(integer))
            case .number(let number): json.field("doubleValue", number)
            case .bytes(let bytes): json.field("bytesValue", Base64.encode(bytes))
            case .array(let values):
                json.name("arrayValue")
                json.object { json in
                    json.name("values")
                    json.array { json in for value in values { write(value, to: &json) } }
                }
            case .object(let members):
                json.name("kvlistValue")
                json.object { json in
                    json.name("values")
                    json.array { json in for member in members { write(member, to: &json) } }
                }
            }
        }
    }
}
