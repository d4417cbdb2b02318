// Every message is JSON, so modules that use the messages need its values, too.
@_exported public import JSON
