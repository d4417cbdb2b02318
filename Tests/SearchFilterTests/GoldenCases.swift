internal import Foundation

@testable import SearchFilter

extension Grammar {
    /// All grammars by their names in the golden files.
    static let all: [String: Grammar] = [
        "runs": .runs, "experiments": .experiments, "registeredModels": .registeredModels,
        "modelVersions": .modelVersions, "loggedModels": .loggedModels, "evaluationDatasets": .evaluationDatasets,
        "traces": .traces,
    ]

    /// All grammars in a fixed order.
    static let inOrder = all.sorted { $0.key < $1.key }.map(\.value)
}

/// MLflow's result for a filter; an entry of `Golden/filters.json`.
struct FilterCase: Decodable {
    let grammar: String
    let filter: String
    let comparisons: [Comparison]?
    let error: String?
    let crash: String?

    static func all() throws -> [FilterCase] { try Golden.read("filters") }
}

/// MLflow's result for order-by clauses; an entry of `Golden/orders.json`.
struct OrderCase: Decodable {
    let grammar: String
    let clauses: [String]
    let order: [OrderBy]?
    let error: String?
    let crash: String?

    static func all() throws -> [OrderCase] { try Golden.read("orders") }
}

/// Our grammar's result for a case.
enum Outcome<Value> {
    case value(Value)
    case error(String)

    init(_ body: () throws(FilterError) -> Value) {
        do throws(FilterError) {
            self = .value(try body())
        } catch {
            self = .error(error.message)
        }
    }
}

private enum Golden {
    static func read<Case: Decodable>(_ name: String) throws -> [Case] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name).json")
        return try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    }
}

/// `[entity, key, operator, kind of literal, literal]`
extension Comparison: Decodable {
    package init(from decoder: any Decoder) throws {
        var fields = try decoder.unkeyedContainer()
        let entity = try fields.decode(String.self)
        let key = try fields.decode(String.self)
        let sign = try fields.decode(String.self)
        let literal: Literal =
            switch try fields.decode(String.self) {
            case "string": .string(try fields.decode(String.self))
            case "integer": .integer(try fields.decode(Int64.self))
            case "number": .number(Double(try fields.decode(String.self)) ?? .nan)
            case "list": .list(try fields.decode([String].self))
            default: .none
            }
        guard let entity = Entity(rawValue: entity), let sign = Operator(rawValue: sign) else {
            throw DecodingError.dataCorruptedError(in: fields, debugDescription: "unknown entity or operator")
        }
        self.init(entity, key, sign, literal)
    }
}

/// `[entity, key, ascending]`
extension OrderBy: Decodable {
    package init(from decoder: any Decoder) throws {
        var fields = try decoder.unkeyedContainer()
        let entity = try fields.decode(String.self)
        guard let entity = Entity(rawValue: entity) else {
            throw DecodingError.dataCorruptedError(in: fields, debugDescription: "unknown entity")
        }
        self.init(entity, try fields.decode(String.self), ascending: try fields.decode(Bool.self))
    }
}
