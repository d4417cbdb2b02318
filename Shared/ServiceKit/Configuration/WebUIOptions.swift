package import ArgumentParser
internal import Foundation

/// Where the web UI comes from, and below which path everything is served.
package struct WebUIOptions: ParsableArguments, Sendable {
    @Option(
        help: """
            Folder with the built files of MLflow's web UI, or off. Default: mlflow-ui beside the executable, \
            ../share/unladen/mlflow-ui or ../../mlflow-ui. [UNLADEN_MLFLOW_UI]
            """)
    package var mlflowUi: String?

    @Option(
        help: """
            Path such as /mlflow below which the UI and the whole API are served as well, for a reverse proxy that keeps it. \
            [UNLADEN_STATIC_PREFIX, MLFLOW_STATIC_PREFIX]
            """)
    package var staticPrefix: String?

    package init() {}

    /// The path that the flag or the environment names.
    ///
    /// - Throws: `ConfigurationError` for what can't be a prefix.
    package func prefix() throws -> PathPrefix? {
        try (staticPrefix ?? Environment["UNLADEN_STATIC_PREFIX"] ?? Environment["MLFLOW_STATIC_PREFIX"]).map { try PathPrefix($0) }
    }

    /// Where the UI's files are.
    ///
    /// - Parameter executableFolder: the folder of the tracking service's executable.
    /// - Throws: `ConfigurationError` when there are none in the folder that the flag or the environment names.
    package func files(executableFolder: String = Executable.folder) throws -> WebUIFiles {
        guard let named = mlflowUi ?? Environment["UNLADEN_MLFLOW_UI"] else {
            let executables = URL(fileURLWithPath: executableFolder)
            let found = ["mlflow-ui", "../share/unladen/mlflow-ui", "../../mlflow-ui"]
                .map { executables.appendingPathComponent($0).standardizedFileURL.path }
                .first(where: WebUIFiles.areIn)
            return found.map(WebUIFiles.folder) ?? .missing
        }
        if named == "off" { return .off }
        let folder = URL(fileURLWithPath: named).standardizedFileURL.path
        guard WebUIFiles.areIn(folder) else {
            throw ConfigurationError("--mlflow-ui: there is no index.html in \(folder); name the folder of the built UI, or off")
        }
        return .folder(folder)
    }

    /// The flags that hand on what was given as flags; environment variables reach a child anyway.
    package var arguments: [String] {
        (mlflowUi.map { ["--mlflow-ui", $0] } ?? []) + (staticPrefix.map { ["--static-prefix", $0] } ?? [])
    }
}

/// Where the files of MLflow's web UI are.
package enum WebUIFiles: Sendable, Hashable {
    /// The UI is switched off.
    case off
    /// Nothing was configured, and there are none where they would be.
    case missing
    /// In this folder, as an absolute path.
    case folder(String)

    fileprivate static func areIn(_ folder: String) -> Bool { FileManager.default.fileExists(atPath: folder + "/index.html") }
}
