internal import WireProtocol
func openAPI(endpoints: [(name: String, task: String, isMLflow25: Bool)], version: String) -> JSONValue { [:] }
