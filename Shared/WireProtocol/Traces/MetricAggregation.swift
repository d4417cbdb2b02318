/// A function that reduces the values of a group to one (MLflow's `MetricAggregation`).
package enum MetricAggregation: Sendable, Hashable {
    case count, sum, average, minimum, maximum
    /// A percentile between 0 and 100, interpolated linearly between two ranks.
    case percentile(Double)

    /// MLflow's `AggregationType`.
    package enum Kind: String, WireEnumeration {
        case count = "COUNT"
        case sum = "SUM"
        case average = "AVG"
        case percentile = "PERCENTILE"
        case minimum = "MIN"
        case maximum = "MAX"

        package init?(number: Int64) {
            switch number {
            case 1: self = .count
            case 2: self = .sum
            case 3: self = .average
            case 4: self = .percentile
            case 5: self = .minimum
            case 6: self = .maximum
            default: return nil
            }
        }
    }

    package var kind: Kind {
        switch self {
        case .count: .count
        case .sum: .sum
        case .average: .average
        case .minimum: .minimum
        case .maximum: .maximum
        case .percentile: .percentile
        }
    }

    /// The name of the value in a data point, such as `AVG` or `P99.0`.
    package var label: String {
        if case .percentile(let value) = self { "P\(value)" } else { kind.rawValue }
    }
}

extension MetricAggregation: ProtobufMessage {
    package init(_ fields: MessageFields) throws {
        let kind: Kind = try fields.enumeration("aggregation_type") ?? .count
        let percentile = try fields.double("percentile_value")
        guard percentile == nil || kind == .percentile else {
            throw ServiceError.invalidParameter(
                "Percentile value is only allowed for PERCENTILE aggregation type, got \(kind.rawValue)")
        }
        switch kind {
        case .count: self = .count
        case .sum: self = .sum
        case .average: self = .average
        case .minimum: self = .minimum
        case .maximum: self = .maximum
        case .percentile:
            guard let percentile else {
                throw ServiceError.invalidParameter("Percentile value is required for PERCENTILE aggregation")
            }
            guard (0...100).contains(percentile) else {
                throw ServiceError.invalidParameter("Percentile value must be between 0 and 100, got \(percentile)")
            }
            self = .percentile(percentile)
        }
    }
}

extension MetricAggregation: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("aggregation_type", kind.rawValue)
            if case .percentile(let value) = self { json.field("percentile_value", value) }
        }
    }
}
