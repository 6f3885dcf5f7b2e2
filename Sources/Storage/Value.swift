/// One value in a row, or bound to a statement.
public enum Value: Hashable, Sendable {
    /// Nothing.
    case null
    /// A 64-bit integer.
    case integer(Int64)
    /// A double.
    case real(Double)
    /// UTF-8 text.
    case text(String)
    /// Bytes.
    case blob([UInt8])

    /// An integer, or null for nil.
    public static func integer(_ value: Int64?) -> Value { value.map { .integer($0) } ?? .null }
    /// An integer, or null for nil.
    public static func integer(_ value: Int?) -> Value { value.map { .integer(Int64($0)) } ?? .null }
    /// A double, or null for nil.
    public static func real(_ value: Double?) -> Value { value.map { .real($0) } ?? .null }
    /// Text, or null for nil.
    public static func text(_ value: String?) -> Value { value.map { .text($0) } ?? .null }
    /// Bytes, or null for nil.
    public static func blob(_ value: [UInt8]?) -> Value { value.map { .blob($0) } ?? .null }
}

extension Value: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral,
    ExpressibleByFloatLiteral
{
    /// An integer written in the source.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// Text written in the source.
    public init(stringLiteral value: String) { self = .text(value) }
    /// `nil` written in the source.
    public init(nilLiteral: ()) { self = .null }
    /// A number with a point written in the source.
    public init(floatLiteral value: Double) { self = .real(value) }
}
