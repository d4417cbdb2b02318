internal import AdapterKit
internal import BedrockAdapter
public import PluginABI

/// What the host looks up; see `unladen_adapter.h`.
@c(unladen_adapter_v1)
public func entry() -> UnsafePointer<unladen_adapter>? { AdapterTable.make(for: BedrockAdapter.self) }
