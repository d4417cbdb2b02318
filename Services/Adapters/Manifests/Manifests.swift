// The manifests and the self-tests of the adapters, which the build puts beside the executables, where the host finds them. A
// target of an adapter can't carry them: the code that SwiftPM adds for resources would bring Foundation into the library.
