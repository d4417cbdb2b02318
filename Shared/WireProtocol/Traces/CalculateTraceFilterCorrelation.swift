/// How often two filters match traces, separately and together.
package enum CalculateTraceFilterCorrelation {
    /// The counts, and the correlation derived from them.
    package struct Response: ProtobufMessage, JSONWritable {
        /// Normalized pointwise mutual information, from -1 through 1; `nil` if it is undefined.
        package var npmi: Double?
        /// The same with smoothed counts.
        package var smoothedNPMI: Double?
        package var firstCount: Int64
        package var secondCount: Int64
        package var jointCount: Int64
        package var totalCount: Int64

        package init(
            npmi: Double?, smoothedNPMI: Double?, firstCount: Int64, secondCount: Int64, jointCount: Int64, totalCount: Int64
        ) {
            self.npmi = npmi
            self.smoothedNPMI = smoothedNPMI
            self.firstCount = firstCount
            self.secondCount = secondCount
            self.jointCount = jointCount
            self.totalCount = totalCount
        }

        package init(_ fields: MessageFields) throws {
            npmi = try fields.double("npmi")
            smoothedNPMI = try fields.double("npmi_smoothed")
            firstCount = try fields.integer("filter1_count") ?? 0
            secondCount = try fields.integer("filter2_count") ?? 0
            jointCount = try fields.integer("joint_count") ?? 0
            totalCount = try fields.integer("total_count") ?? 0
        }

        package func write(to json: inout JSONWriter) {
            json.object { json in
                json.field("npmi", npmi)
                json.field("npmi_smoothed", smoothedNPMI)
                json.field("filter1_count", firstCount)
                json.field("filter2_count", secondCount)
                json.field("joint_count", jointCount)
                json.field("total_count", totalCount)
            }
        }
    }
}
