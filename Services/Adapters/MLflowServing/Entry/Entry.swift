internal import AdapterKit
internal import MLflowServingAdapter
public import PluginABI

/// The entry point of the library: see `unladen_adapter.h`.
@c(unladen_adapter_v1)
public func entry() -> UnsafePointer<unladen_adapter>? { AdapterTable.make(for: MLflowServingAdapter.self) }
