// The manifests and self-tests of the adapters. The build places them next to the executables, where the host finds them. They can't be
// resources of the adapter targets, because the code that SwiftPM generates for resources would link Foundation into the libraries.
