import Foundation
import Testing

/// A JSON object whose members are asked for by name and type; a member that is missing or of another type fails the test.
struct JSONObject {
    let members: [String: Any]

    init(_ members: [String: Any]) { self.members = members }

    var keys: Set<String> { Set(members.keys) }

    func string(_ key: String) throws -> String { try value(key) }
    func strings(_ key: String) throws -> [String] { try value(key) }
    func object(_ key: String) throws -> JSONObject { JSONObject(try value(key)) }
    func objects(_ key: String) throws -> [JSONObject] {
        let values: [[String: Any]] = try value(key)
        return values.map(JSONObject.init)
    }

    /// A number written without a fraction.
    func integer(_ key: String) throws -> Int {
        let number: NSNumber = try value(key)
        try #require(!isBoolean(number) && Double(number.intValue) == number.doubleValue, "\(key) is \(number)")
        return number.intValue
    }

    func number(_ key: String) throws -> Double {
        let number: NSNumber = try value(key)
        try #require(!isBoolean(number), "\(key) is \(number)")
        return number.doubleValue
    }

    func boolean(_ key: String) throws -> Bool { try value(key) }
    func isNull(_ key: String) -> Bool { members[key] is NSNull }

    /// A half-open range written `[start, end)`.
    func range(_ key: String) throws -> Range<Int> {
        let bounds: [Int] = try value(key)
        try #require(bounds.count == 2 && bounds[0] <= bounds[1], "\(bounds)")
        return bounds[0]..<bounds[1]
    }

    private func value<Value>(_ key: String) throws -> Value {
        try #require(members[key] as? Value, "\(key) in \(members)")
    }

    private func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}
