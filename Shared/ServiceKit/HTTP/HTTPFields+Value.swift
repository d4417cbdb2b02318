package import HTTPTypes

extension HTTPFields {
    /// The value of a field, like `self[name]`, but several times as fast: that subscript joins the values with unspecialized generic
    /// code, also if there is only one. For the fields that every request has.
    package func value(of name: HTTPField.Name) -> String? {
        var value: String?
        for field in self where field.name == name {
            guard value == nil else { return self[name] }
            value = field.value
        }
        return value
    }
}
