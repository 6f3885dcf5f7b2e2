#pragma once
#include <exiv2/exiv2.hpp>

#include <cstdint>
#include <string>
#include <vector>

// One XMP value with its place: Xmp.dc.subject[2], Xmp.Iptc4xmpExt.LocationShown[1]/Iptc4xmpExt:City.
struct XmpValue {
    std::string path;
    std::string value;
    std::string language;
};

// Everything that was found in one file, before it becomes text.
struct Collected {
    std::string format;
    std::string damage;
    uint32_t width = 0;
    uint32_t height = 0;
    int32_t rotation = 0;
    std::string profile;
    std::string comment;
    // Photoshop's note of what the IPTC block was when XMP was last made to agree with it: an MD5, 16 bytes.
    std::string iptcDigest;
    // The IPTC block as it stands, for that comparison.
    std::string iptcBlock;
    Exiv2::ExifData exif;
    Exiv2::IptcData iptc;
    std::vector<XmpValue> xmp;

    void note(const std::string &what) {
        if (damage.empty()) damage = what;
    }
};

// A stretch of a file in memory.
struct Bytes {
    const uint8_t *start = nullptr;
    size_t count = 0;

    Bytes slice(size_t from, size_t length) const {
        if (from > count || length > count - from) return {};
        return {start + from, length};
    }
    Bytes from(size_t offset) const { return offset > count ? Bytes{} : Bytes{start + offset, count - offset}; }
    bool begins(const char *text, size_t length) const {
        return count >= length && std::equal(start, start + length, reinterpret_cast<const uint8_t *>(text));
    }
    uint16_t big16(size_t at) const { return at + 2 <= count ? uint16_t(start[at] << 8 | start[at + 1]) : 0; }
    uint32_t big32(size_t at) const { return uint32_t(big16(at)) << 16 | big16(at + 2); }
    uint64_t big64(size_t at) const { return uint64_t(big32(at)) << 32 | big32(at + 4); }
    std::string text() const { return {reinterpret_cast<const char *>(start), count}; }
};

void readJpeg(Bytes file, Collected &found);
void readBoxes(Bytes file, Collected &found);
void readXmp(Bytes packet, Collected &found);
void readExif(Bytes tiff, Collected &found);
void readPhotoshop(Bytes resources, Collected &found);
void readIptc(Bytes block, Collected &found);
std::string profileName(Bytes profile);

std::string fieldsOf(const Collected &found);
std::string tagsOf(const Collected &found);
bool isUtf8(const std::string &text);
