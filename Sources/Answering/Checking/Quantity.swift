/// A number with its unit: `30 s`, `1,000`, `25%`, `256MB`.
///
/// Equal quantities are equal in whatever unit they are written: 60 seconds are a minute, 1,024 KiB are a MiB. A GB is
/// no GiB.
struct Quantity: Equatable {
    /// What stands there, thousands separators left out.
    let digits: String
    let value: Double
    let unit: Unit?
    /// `three` for 3.
    var isSpelled = false

    /// A unit and how many of the smallest one of its kind it holds.
    struct Unit: Equatable {
        let kind: Kind
        let factor: Double
    }

    enum Kind { case time, bytes, share, rate, count }

    /// Reads a token such as `30`, `1,000`, `3.5`, `64mb`, `25%`; `nil` where it is none.
    init?(_ text: Substring, unit next: Unit? = nil) {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == ",") }
        guard let first = number.first, first.isNumber, let last = number.last, last.isNumber,
            number.count(where: { $0 == "." }) < 2, hasThousands(number),
            let value = Double(number.filter { $0 != "," })
        else { return nil }
        let rest = text.dropFirst(number.count)
        if rest.isEmpty {
            unit = next
        } else {
            guard let own = Unit.named(String(rest)) else { return nil }
            unit = own
        }
        digits = number.filter { $0 != "," }
        self.value = value
    }

    init(digits: String, value: Double, unit: Unit?) {
        self.digits = digits
        self.value = value
        self.unit = unit
    }

    func with(unit: Unit) -> Quantity {
        var quantity = Quantity(digits: digits, value: value, unit: unit)
        quantity.isSpelled = isSpelled
        return quantity
    }

    /// Whether a span that says `other` says this. Where only one has a unit, the number decides.
    func agrees(with other: Quantity) -> Bool {
        guard let unit, let otherUnit = other.unit else {
            return digits == other.digits || (self.unit != nil || other.unit != nil) && value == other.value
        }
        guard unit.kind == otherUnit.kind else { return false }
        let (left, right) = (value * unit.factor, other.value * otherUnit.factor)
        return abs(left - right) <= 1e-9 * max(abs(left), abs(right))
    }
}

/// Commas stand before groups of three digits only: `1,000`, but not `1,2`.
private func hasThousands(_ number: Substring) -> Bool {
    let groups = number.prefix { $0 != "." }.split(separator: ",", omittingEmptySubsequences: false)
    return groups.count == 1 || groups.dropFirst().allSatisfy { $0.count == 3 }
}

extension Quantity.Unit {
    static func named(_ name: String) -> Self? { named[name] ?? named[name.lowercased()] }

    /// By the names in use. Prefixes of bytes keep their case where it tells: `MiB` is 2^20, `MB` 10^6.
    private static let named: [String: Self] = {
        var units: [String: Self] = [:]
        func add(_ kind: Quantity.Kind, _ factor: Double, _ names: String) {
            for name in names.split(separator: " ") { units[String(name)] = Self(kind: kind, factor: factor) }
        }
        add(.time, 1e-6, "us µs microsecond microseconds")
        add(.time, 1e-3, "ms millisecond milliseconds")
        add(.time, 1, "s sec secs second seconds")
        add(.time, 60, "m min mins minute minutes")
        add(.time, 3600, "h hr hour hours")
        add(.time, 86_400, "d day days")
        add(.time, 604_800, "w week weeks")
        add(.time, 2_629_800, "month months")
        add(.time, 31_557_600, "y year years")
        for (power, prefix) in ["k", "m", "g", "t", "p"].enumerated() {
            let (decimal, binary) = (pow(1000, power + 1), pow(1024, power + 1))
            add(.bytes, decimal, "\(prefix)b")
            add(.bytes, binary, "\(prefix)ib")
        }
        add(.bytes, 1, "b byte bytes")
        add(.bytes, 1e6, "megabyte megabytes")
        add(.bytes, 1e9, "gigabyte gigabytes")
        add(.bytes, 1e3, "kilobyte kilobytes K k")
        add(.bytes, 1e9, "G")
        add(.bytes, 1e12, "T")
        add(.bytes, 1e6, "M")
        add(.share, 1, "% percent")
        add(.rate, 1, "r/s")
        add(.rate, 1.0 / 60, "r/m")
        add(.count, 1, "x times")
        return units
    }()
}

private func pow(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
}
