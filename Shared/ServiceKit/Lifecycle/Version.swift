/// The version of Unladen. All executables of a release have the same version.
package let unladenVersion = "0.1.0"
