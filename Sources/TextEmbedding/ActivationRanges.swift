/// The largest magnitude that each input of each linear map takes, over the texts that a model is tried with.
///
/// Not thread-safe: it belongs to the one workspace that records.
final class ActivationRanges {
    private var largest: [Linear.Name: [Float]] = [:]

    /// - Parameter input: `[rowCount, inputCount]`
    func observe(_ input: UnsafePointer<Float>, rowCount: Int, inputCount: Int, of name: Linear.Name) {
        var ranges = largest[name] ?? [Float](repeating: 0, count: inputCount)
        for row in 0..<rowCount {
            for column in 0..<inputCount {
                ranges[column] = unsafe max(ranges[column], abs(input[row * inputCount + column]))
            }
        }
        largest[name] = ranges
    }

    subscript(name: Linear.Name) -> [Float] { largest[name] ?? [] }

    /// What a model is tried with: short and long, prose and code, several languages. It decides only how levels are
    /// shared out between the inputs, which depends on the model far more than on the text.
    static let texts = [
        "", "a", "How do I reset my password?", "The quick brown fox jumps over the lazy dog.",
        "FATAL: sorry, too many clients already (SQLSTATE 53300)",
        "2026-11-23T08:14:52Z db1 postgres[812]: ERROR: could not extend file \"base/16384/24601\": No space left on device",
        "Restart the service with `systemctl restart nginx`, then check that port 443 answers.",
        "In 1998, more than 3,500 people were living in the valley; today there are fewer than 200.",
        "SELECT count(*) FROM orders WHERE state = 'open' AND created_at > now() - interval '1 day';",
        "Der Dienst antwortet nicht mehr, seit wir das Zertifikat erneuert haben.",
        "Protein synthesis in yeast cells is inhibited by low temperatures, which suggests a role for the kinase.",
        "yes no yes no yes no 12345 67890 !!! ??? ...",
        """
        The certificate expired yesterday, so every browser shows a warning. What should we tell our customers, and how \
        can we stop it from happening again? We renewed it by hand last year, and the person who did that has left.
        """,
    ]
}
