import CExiv2
import Glibc
import MediaProtocol

let usage = """
    valhalla-read: reads the metadata of photographs and of the small files beside them.

    It is started by valhalla, and answers one JSON object a line on standard output for each on standard input:

      echo '{"read":{"path":"/card/IMG_0001.JPG"}}' | valhalla-read

      --memory-limit SIZE   address space at the most: 1GiB, 512MiB, or bytes
      --version             the version of the library that decodes
      --help                this text

    """

func say(_ text: String, on descriptor: Int32 = STDOUT_FILENO) {
    _ = write(descriptor, text, text.utf8.count)
}

var arguments = CommandLine.arguments.dropFirst()
var memoryLimit: Int?
while let argument = arguments.popFirst() {
    switch argument {
    case "--help", "-h":
        say(usage)
        exit(0)
    case "--version":
        say("valhalla-read (exiv2 \(String(cString: tags_library_version())))\n")
        exit(0)
    case "--memory-limit":
        guard let bytes = arguments.popFirst().flatMap(MemorySize.bytes) else {
            say("valhalla-read: --memory-limit wants a size such as 1GiB\n", on: STDERR_FILENO)
            exit(64)
        }
        memoryLimit = bytes
    default:
        say("valhalla-read: there is no option \(argument); see --help\n", on: STDERR_FILENO)
        exit(64)
    }
}
guard Conversation.prepare(memoryLimit: memoryLimit) else {
    say("valhalla-read: the memory limit cannot be set: \(systemWords())\n", on: STDERR_FILENO)
    exit(1)
}
guard let reader = FileReader() else {
    say("valhalla-read: there is no memory to begin with\n", on: STDERR_FILENO)
    exit(1)
}
var conversation = Conversation(reader: reader)
conversation.run()
