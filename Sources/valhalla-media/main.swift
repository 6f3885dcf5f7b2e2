import CFFmpeg
import CRaw
import CVips
import Glibc
import MediaProtocol

/// What `--help` says.
let usage = """
    valhalla-media: reads clips and sounds, renders pictures, inspects what leaves.

    It is started by valhalla, and answers one JSON object a line on standard output for each on standard input:

      echo '{"read":{"path":"/card/C0001.MP4"}}' | valhalla-media
      echo '{"inspect":{"path":"/exhibit/001.jpg"}}' | valhalla-media

      --memory-limit SIZE   address space at the most: 2GiB, 512MiB, or bytes
      --version             the versions of the libraries that decode
      --help                this text

    """

func say(_ text: String, on descriptor: Int32 = STDOUT_FILENO) {
    Replies(descriptor: descriptor).write(Array(text.utf8))
}

/// FFmpeg packs a version into one number: major, minor and micro.
func version(_ number: UInt32) -> String {
    "\(number >> 16).\(number >> 8 & 0xff).\(number & 0xff)"
}

var arguments = CommandLine.arguments.dropFirst()
var memory: UInt64?
while let argument = arguments.popFirst() {
    switch argument {
    case "--help", "-h":
        say(usage)
        exit(0)
    case "--version":
        let vips = (0...2).map { "\(cvips_version(Int32($0)))" }.joined(separator: ".")
        let formats = version(avformat_version())
        say(
            "valhalla-media (libavformat \(formats), libvips \(vips), LibRaw \(String(cString: craw_version())))\n"
        )
        exit(0)
    case "--memory-limit":
        guard let value = arguments.popFirst(), let bytes = Limits.bytes(value) else {
            say("valhalla-media: --memory-limit wants a size such as 2GiB\n", on: STDERR_FILENO)
            exit(64)
        }
        memory = bytes
    default:
        say("valhalla-media: there is no option \(argument); see --help\n", on: STDERR_FILENO)
        exit(64)
    }
}
guard Limits.set(memory: memory) else {
    say("valhalla-media: the memory limit cannot be set: \(systemError())\n", on: STDERR_FILENO)
    exit(1)
}

av_log_set_level(AV_LOG_QUIET)
// What a library prints must not stand between the replies.
let replies = Replies(descriptor: dup(STDOUT_FILENO))
dup2(STDERR_FILENO, STDOUT_FILENO)
var desk = Desk()
var requests = Requests()
while let line = requests.next() {
    // Sent off one by one: a request takes milliseconds, and a reply that waits dies with the worker.
    replies.write(desk.answer(line).line() + [UInt8(ascii: "\n")])
}
