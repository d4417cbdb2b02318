internal import AdapterHost
internal import Foundation
internal import Yams

/// Reads configuration files.
struct ConfigurationReader {
    let catalog: AdapterCatalog

    /// Bytes; a larger file isn't a configuration.
    private static let sizeLimit = 4 << 20

    /// Reads and checks a file.
    ///
    /// - Throws: `InvalidConfiguration` with all mistakes.
    func read(_ path: String) throws(InvalidConfiguration) -> GatewayConfiguration {
        let problems = ProblemList(file: path)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InvalidConfiguration(problems: [.init(file: path, message: "the file doesn't exist or can't be read")])
        }
        guard data.count <= Self.sizeLimit else {
            throw InvalidConfiguration(problems: [.init(file: path, message: "the file is larger than \(Self.sizeLimit >> 20) MiB")])
        }
        return try read(String(decoding: data, as: UTF8.self), problems)
    }

    /// Reads and checks the text of a file.
    func read(_ text: String, _ problems: ProblemList) throws(InvalidConfiguration) -> GatewayConfiguration {
        let configuration = document(text, problems).map { root in
            let parser = ConfigurationParser(catalog: catalog, problems: problems)
            return parser.configuration(ConfigurationNode(node: root, path: "", problems: problems))
        }
        try problems.check()
        return configuration ?? GatewayConfiguration()
    }

    private func document(_ text: String, _ problems: ProblemList) -> Node? {
        do {
            if let line = try YAMLAliasKeyCheck.firstAliasedKeyLine(in: text) {
                problems.add(line, "aliases are not allowed in the names of keys")
                return nil
            }
            guard let root = try Yams.compose(yaml: text) else {
                problems.add(nil, "the file is empty; expected 'endpoints:' or 'routes:'")
                return nil
            }
            guard YAMLLimits.allows(root) else {
                problems.add(
                    nil,
                    "the file has more than \(YAMLLimits.maximumNodes) values with its aliases expanded, or is nested"
                        + " deeper than \(YAMLLimits.maximumDepth) levels")
                return nil
            }
            return root
        } catch let error as YamlError {
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
                problems.add(mark.line, "invalid YAML: \(problem)")
            case .duplicatedKeysInMapping(let duplicates, let context):
                let names = duplicates.map { "'\($0)'" }.joined(separator: ", ")
                problems.add(context.mark.line, "duplicate key: \(names)")
            case .reader(let problem, _, _, _): problems.add(nil, "invalid YAML: \(problem)")
            default: problems.add(nil, "invalid YAML")
            }
        } catch {
            problems.add(nil, "invalid YAML")
        }
        return nil
    }
}
