internal import Foundation
internal import PluginHost
internal import Yams

/// Reads a configuration file.
struct ConfigurationReader {
    let catalog: AdapterCatalog

    /// A configuration is written by people; a larger file is another one. In bytes.
    private static let sizeLimit = 4 << 20

    /// Reads and checks a file.
    ///
    /// - Throws: `InvalidConfiguration` with all mistakes.
    func read(_ path: String) throws(InvalidConfiguration) -> GatewayConfiguration {
        let problems = ProblemList(file: path)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InvalidConfiguration(problems: [.init(file: path, line: 1, message: "the file can't be read")])
        }
        guard data.count <= Self.sizeLimit else {
            throw InvalidConfiguration(problems: [.init(file: path, line: 1, message: "the file is too long for a configuration")])
        }
        return try read(String(decoding: data, as: UTF8.self), problems)
    }

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
                problems.add(line, "an alias can't be, or be in, the name of a key")
                return nil
            }
            guard let root = try Yams.compose(yaml: text) else {
                problems.add(1, "the file is empty; expected 'endpoints:' or 'routes:'")
                return nil
            }
            guard YAMLLimits.allows(root) else {
                problems.add(
                    1, "the file has more than \(YAMLLimits.maximumNodes) values, counted wherever an alias stands for them, or nests them"
                        + " deeper than \(YAMLLimits.maximumDepth) levels")
                return nil
            }
            return root
        } catch let error as YamlError {
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
                problems.add(mark.line, "no valid YAML: \(problem)")
            case .duplicatedKeysInMapping(let duplicates, let context):
                let names = duplicates.map { "'\($0)'" }.joined(separator: ", ")
                problems.add(context.mark.line, "a key stands twice: \(names)")
            case .reader(let problem, _, _, _): problems.add(1, "no valid YAML: \(problem)")
            default: problems.add(1, "no valid YAML")
            }
        } catch {
            problems.add(1, "no valid YAML")
        }
        return nil
    }
}
