import Foundation
import Launcher
import TestSupport

extension ScratchDirectory {
    /// The directory of a suite's data.
    var data: DataDirectory { DataDirectory(path: path + "/data") }

    /// Writes a program that behaves like one of our services to the launcher: it listens on its address, is ready, stops on SIGTERM, and
    /// appends every signal to the file `signals`. While it is running, it keeps the named pipe `alive` open.
    func fakeService(_ name: String) throws {
        try program("unladen-" + name, "#!/usr/bin/env python3\nNAME = '\(name)'\nHERE = '\(path)'\n" + Self.service)
    }

    private static let service = #"""
        import argparse, http.server, os, signal, sys

        flags = argparse.ArgumentParser()
        flags.add_argument("--host")
        flags.add_argument("--port", type=int)
        port = flags.parse_known_args()[0].port

        alive = open(HERE + "/alive", "w")
        alive.write(NAME + " ")
        alive.flush()

        def note(number, frame):
            with open(HERE + "/signals", "a") as file:
                file.write(NAME + " " + signal.Signals(number).name + "\n")
            if number == signal.SIGTERM:
                os._exit(0)

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, note)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                response = {"/readyz": b'{"status":"ready","checks":{"database":"ok"}}', "/version": b"3.17.2"}[self.path]
                self.send_response(200)
                self.send_header("Content-Length", str(len(response)))
                self.end_headers()
                self.wfile.write(response)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        print(f"listening on http://127.0.0.1:{port}", flush=True)
        print("store " + os.environ["UNLADEN_BACKEND_STORE_URI"], "flags " + " ".join(sys.argv[1:]), file=sys.stderr, flush=True)
        server.serve_forever()
        """#
}

/// The built executable `unladen`, which SwiftPM puts next to the tests.
let unladen: String = {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: tests).deletingLastPathComponent().path + "/unladen"
}()
