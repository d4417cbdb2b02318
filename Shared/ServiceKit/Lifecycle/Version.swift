/// The version of Unladen that this executable was built from; all executables of a release have the same.
package let unladenVersion = "0.1.0"
