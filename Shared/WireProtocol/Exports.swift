// Every message is JSON: who knows the messages knows its values.
@_exported public import JSON
