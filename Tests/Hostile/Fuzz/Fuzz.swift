import Foundation

/// Runs libFuzzer (llvm.org/docs/LibFuzzer.html) on the target that `UNLADEN_FUZZ_TARGET` names; `deploy/fuzz` builds and starts it.
@main
enum Fuzz {
    nonisolated(unsafe) private static var target: FuzzTarget?

    static func main() {
        let name = ProcessInfo.processInfo.environment["UNLADEN_FUZZ_TARGET"] ?? ""
        guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
            for target in FuzzTarget.all { print(target.name) }
            exit(name.isEmpty ? 0 : 2)
        }
        self.target = target
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(
            runFuzzer(&count, &arguments) { data, size in
                Fuzz.target?.run(Array(UnsafeBufferPointer(start: data, count: size)))
                return 0
            })
    }
}

/// libFuzzer's entry point for programs with their own `main`.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ run: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
