import HTTPTypes
import Testing

@Suite struct ContentTypeTests {
    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", nil])
    func `A JSON body requires a JSON content type, whatever the method`(type: String?) async throws {
        try await withRegistry { registry in
            _ = try await registry.post("registered-models/create", #"{"name": "m"}"#)
            let requests: [(HTTPRequest.Method, String, String)] = [
                (.post, "registered-models/create", #"{"name": "n"}"#),
                (.post, "registered-models/rename", #"{"name": "m", "new_name": "n"}"#),
                (.patch, "registered-models/update", #"{"name": "m", "description": "x"}"#),
                (.delete, "registered-models/delete", #"{"name": "m"}"#),
            ]
            for (method, path, body) in requests {
                let response = try await registry.send(method, path, body, type: type)
                #expect(response.status == 400, "\(method) \(path)")
                #expect(response.message?.hasPrefix("Bad Request. Content-Type") == true)
            }
            #expect(try await registry.get("registered-models/get", "name=m").status == 200)
        }
    }
}
