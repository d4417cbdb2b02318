import ArgumentParser
import Foundation
import ServiceKit
import Testing

/// The locations of the web UI's files.
@Suite struct WebUIOptionsTests {
    private func files(_ arguments: [String] = [], with directories: [String]) throws -> WebUIFiles {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("unladen-ui-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for directory in directories {
            let directory = root.appendingPathComponent(directory)
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try Data().write(to: directory.appendingPathComponent("index.html"))
        }
        let arguments = arguments.map { $0.replacing("ROOT", with: root.path) }
        let found = try WebUIOptions.parse(arguments).files(executableDirectory: root.path + "/x/bin")
        guard case .directory(let path) = found else { return found }
        return .directory(path.replacing(root.path + "/", with: ""))
    }

    @Test func `Files next to the executable take precedence over shared ones, and those over the build directory's`() throws {
        let directories = ["x/bin/mlflow-ui", "x/share/unladen/mlflow-ui", "mlflow-ui"]
        for index in directories.indices { #expect(try files(with: Array(directories[index...])) == .directory(directories[index])) }
    }

    @Test func `Without files, the UI is missing, which isn't an error`() throws {
        #expect(try files(with: ["elsewhere"]) == .missing)
    }

    @Test func `The flag sets the directory or disables the UI`() throws {
        #expect(try files(["--mlflow-ui", "ROOT/elsewhere"], with: ["elsewhere", "x/bin/mlflow-ui"]) == .directory("elsewhere"))
        #expect(try files(["--mlflow-ui", "off"], with: ["x/bin/mlflow-ui"]) == .off)
    }

    @Test func `A directory without the files is an error`() {
        #expect(throws: ConfigurationError.self) { try files(["--mlflow-ui", "ROOT/nowhere"], with: ["x/bin/mlflow-ui"]) }
    }

    @Test func `Flags are passed on`() throws {
        let flags = ["--mlflow-ui", "off", "--static-prefix", "/a"]
        #expect(try WebUIOptions.parse(flags).arguments == flags)
        #expect(try WebUIOptions.parse([]).arguments == [])
        #expect(try WebUIOptions.parse(flags).prefix()?.path == "/a")
    }
}
