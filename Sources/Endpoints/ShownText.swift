/// What others wrote, fit for a message: its first `countMax` characters on one line, without control characters.
func shown(_ text: some StringProtocol, countMax: Int) -> String {
    var scalars = String.UnicodeScalarView()
    // The words of a long body are not looked at behind what can be shown.
    for scalar in text.unicodeScalars.prefix(4 * countMax) {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: scalars.append(" ")
        default: scalars.append(scalar)
        }
    }
    let line = String(scalars).split(separator: " ").joined(separator: " ")
    return line.count > countMax ? line.prefix(countMax) + "…" : line
}
