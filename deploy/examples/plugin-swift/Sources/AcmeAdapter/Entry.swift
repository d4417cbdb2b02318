internal import AdapterKit
public import PluginABI

/// The function that the gateway looks up; see `unladen_adapter.h`.
@c(unladen_adapter_v1)
public func entry() -> UnsafePointer<unladen_adapter>? { AdapterTable.make(for: AcmeAdapter.self) }
