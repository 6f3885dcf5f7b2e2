// Writes the text files named on the command line into one Swift constant: `embed OUTPUT FILE…`.
// A raw string with enough number signs holds any text unchanged; long SQL compiles in no time this way.
import Foundation

guard CommandLine.arguments.count >= 2 else {
    FileHandle.standardError.write(Data("usage: EmbedTextTool OUTPUT FILE…\n".utf8))
    exit(64)
}

var source = """
    /// A text file of the source tree, as it was when the program was built.
    public struct EmbeddedText: Sendable {
        /// The file's name, without its folder.
        public let name: String
        /// Its content.
        public let text: String
    }

    /// The files, ordered by name.
    public let embeddedTexts: [EmbeddedText] = [

    """
for path in CommandLine.arguments.dropFirst(2).sorted() {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let name = URL(fileURLWithPath: path).lastPathComponent
    let fence = String(repeating: "#", count: 6)
    source += "    EmbeddedText(name: \"\(name)\", text: \(fence)\"\"\"\n"
    source += text.hasSuffix("\n") ? text : text + "\n"
    source += "\"\"\"\(fence)),\n"
}
source += "]\n"
try source.write(toFile: CommandLine.arguments[1], atomically: true, encoding: .utf8)
