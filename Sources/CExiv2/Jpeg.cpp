#include "Collected.hpp"

#include <map>

namespace {

template <size_t N>
bool takes(Bytes &segment, const char (&signature)[N]) {
    if (!segment.begins(signature, N - 1)) return false;
    segment = segment.from(N - 1);
    return true;
}

// XMP too long for one segment: pieces with the MD5 of the whole, its length, and the piece's place.
struct Extension {
    std::string bytes;
    size_t filled = 0;
};

void addPiece(Bytes segment, std::map<std::string, Extension> &extensions) {
    if (segment.count < 40) return;
    std::string name = segment.slice(0, 32).text();
    uint32_t whole = segment.big32(32), place = segment.big32(36);
    Bytes piece = segment.from(40);
    if (whole > 64u << 20 || place > whole || piece.count > whole - place) return;
    auto &extension = extensions[name];
    if (extension.bytes.size() != whole) extension.bytes.assign(whole, ' ');
    std::copy(piece.start, piece.start + piece.count, extension.bytes.begin() + place);
    extension.filled += piece.count;
}

}  // namespace

// Walks the segments before the picture's data; nothing else of the file is touched, however large it is.
void readJpeg(Bytes file, Collected &found) {
    found.format = "JPEG";
    std::map<std::string, Extension> extensions;
    std::string photoshop;
    size_t at = 2;
    while (true) {
        while (at < file.count && file.start[at] != 0xFF) at++;
        while (at < file.count && file.start[at] == 0xFF) at++;
        if (at >= file.count) {
            found.note("the file ends before its picture");
            break;
        }
        uint8_t marker = file.start[at++];
        if (marker == 0xDA || marker == 0xD9) break;
        if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) continue;
        uint16_t length = file.big16(at);
        if (length < 2 || file.slice(at, length).start == nullptr) {
            found.note("the file ends before its picture");
            break;
        }
        Bytes segment = file.slice(at + 2, length - 2u);
        at += length;
        bool isFrame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (isFrame && segment.count >= 5 && found.width == 0) {
            found.height = segment.big16(1);
            found.width = segment.big16(3);
        } else if (marker == 0xE1 && takes(segment, "Exif\0\0")) {
            readExif(segment, found);
        } else if (marker == 0xE1 && takes(segment, "http://ns.adobe.com/xap/1.0/\0")) {
            readXmp(segment, found);
        } else if (marker == 0xE1 && takes(segment, "http://ns.adobe.com/xmp/extension/\0")) {
            addPiece(segment, extensions);
        } else if (marker == 0xED && takes(segment, "Photoshop 3.0\0")) {
            photoshop.append(segment.text());
        } else if (marker == 0xE2 && takes(segment, "ICC_PROFILE\0") && segment.count > 2) {
            // The name stands near the beginning, so the first piece of a profile is enough.
            if (segment.start[0] == 1) found.profile = profileName(segment.from(2));
        } else if (marker == 0xFE && found.comment.empty()) {
            found.comment = segment.text();
        }
    }
    for (auto &extension : extensions)
        if (extension.second.filled >= extension.second.bytes.size())
            readXmp({reinterpret_cast<const uint8_t *>(extension.second.bytes.data()), extension.second.bytes.size()},
                    found);
    readPhotoshop({reinterpret_cast<const uint8_t *>(photoshop.data()), photoshop.size()}, found);
    if (found.width == 0) found.note("the file holds no picture");
}

void readExif(Bytes tiff, Collected &found) {
    if (tiff.count < 8) return;
    try {
        Exiv2::ExifParser::decode(found.exif, tiff.start, uint32_t(tiff.count));
    } catch (const std::exception &error) {
        found.note(std::string("its Exif data are damaged: ") + error.what());
    }
}

// Photoshop's image resources: 8BIM, a number, a name, a length, the bytes.
void readPhotoshop(Bytes resources, Collected &found) {
    size_t at = 0;
    while (resources.slice(at, 12).start) {
        if (!resources.from(at).begins("8BIM", 4)) return;
        uint16_t number = resources.big16(at + 4);
        size_t name = size_t(resources.start[at + 6]) + 1;
        name += name & 1;
        size_t sizeAt = at + 6 + name;
        if (!resources.slice(sizeAt, 4).start) return;
        size_t size = resources.big32(sizeAt);
        Bytes data = resources.slice(sizeAt + 4, size);
        if (!data.start && size > 0) return;
        if (number == 0x0404) readIptc(data, found);
        if (number == 0x0425 && data.count == 16) found.iptcDigest = data.text();
        at = sizeAt + 4 + size + (size & 1);
    }
}

void readIptc(Bytes block, Collected &found) {
    if (block.count == 0) return;
    found.iptcBlock = block.text();
    if (Exiv2::IptcParser::decode(found.iptc, block.start, uint32_t(block.count)) != 0)
        found.note("its IPTC data are damaged");
}

// The description of an ICC profile: `desc` (version 2, ASCII) or `mluc` (version 4, UTF-16).
std::string profileName(Bytes profile) {
    uint32_t tags = profile.big32(128);
    for (uint32_t index = 0; index < tags && index < 100; index++) {
        size_t entry = 132 + 12 * size_t(index);
        if (!profile.slice(entry, 12).start) break;
        if (!profile.from(entry).begins("desc", 4)) continue;
        Bytes tag = profile.slice(profile.big32(entry + 4), profile.big32(entry + 8));
        if (tag.begins("desc", 4)) {
            Bytes text = tag.slice(12, tag.big32(8));
            std::string name = text.start ? text.text() : "";
            return name.substr(0, name.find('\0'));
        }
        if (tag.begins("mluc", 4) && tag.big32(8) > 0) {
            Bytes text = tag.slice(tag.big32(24), tag.big32(20));
            std::string name;
            for (size_t at = 0; at + 1 < text.count; at += 2) {
                uint16_t unit = text.big16(at);
                // Names of profiles are plain; what is not becomes a question mark rather than half a pair.
                if (unit < 0x80) name += char(unit);
                else if (unit < 0x800) { name += char(0xC0 | unit >> 6); name += char(0x80 | (unit & 63)); }
                else name += '?';
            }
            return name.substr(0, name.find('\0'));
        }
    }
    return profile.count > 132 ? "unnamed" : "";
}
