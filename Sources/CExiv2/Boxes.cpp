#include "Collected.hpp"

#include <map>

// HEIC, AVIF and CR3: boxes of a length, four letters and what they hold (ISO/IEC 14496-12, 23008-12).
namespace {

struct Box {
    std::string type;
    Bytes content;
};

// The boxes in a stretch; a box that is longer than the stretch ends it.
std::vector<Box> boxes(Bytes stretch) {
    std::vector<Box> all;
    size_t at = 0;
    while (stretch.slice(at, 8).start && all.size() < 4096) {
        uint64_t size = stretch.big32(at);
        size_t head = 8;
        if (size == 1) {
            size = stretch.big64(at + 8);
            head = 16;
        } else if (size == 0) {
            size = stretch.count - at;
        }
        if (size < head) break;
        std::string type = stretch.slice(at + 4, 4).text();
        bool isWhole = size <= stretch.count - at;
        Bytes content = stretch.slice(at + head, isWhole ? size_t(size) - head : stretch.count - at - head);
        all.push_back({type, content});
        if (!isWhole) break;
        at += size_t(size);
    }
    return all;
}

struct Extent {
    uint64_t offset = 0, length = 0;
    bool isInside = false;  // in the `idat` box, not in the file
};

uint64_t sized(Bytes bytes, size_t &at, int size) {
    uint64_t value = size == 8 ? bytes.big64(at) : size == 4 ? bytes.big32(at) : 0;
    at += size_t(size);
    return value;
}

std::map<uint32_t, std::vector<Extent>> locations(Bytes iloc) {
    std::map<uint32_t, std::vector<Extent>> all;
    if (iloc.count < 8) return all;
    int version = iloc.start[0];
    int offsetSize = iloc.start[4] >> 4, lengthSize = iloc.start[4] & 15;
    int baseSize = iloc.start[5] >> 4, indexSize = version > 0 ? iloc.start[5] & 15 : 0;
    size_t at = 6;
    uint32_t count = version < 2 ? iloc.big16(at) : iloc.big32(at);
    at += version < 2 ? 2 : 4;
    for (uint32_t item = 0; item < count && at < iloc.count; item++) {
        uint32_t id = version < 2 ? iloc.big16(at) : iloc.big32(at);
        at += version < 2 ? 2 : 4;
        bool isInside = false;
        if (version > 0) {
            isInside = (iloc.big16(at) & 15) == 1;
            at += 2;
        }
        at += 2;
        uint64_t base = sized(iloc, at, baseSize);
        uint16_t extents = iloc.big16(at);
        at += 2;
        for (uint16_t extent = 0; extent < extents && at < iloc.count; extent++) {
            if (indexSize) sized(iloc, at, indexSize);
            uint64_t offset = sized(iloc, at, offsetSize);
            uint64_t length = sized(iloc, at, lengthSize);
            all[id].push_back({base + offset, length, isInside});
        }
    }
    return all;
}

struct Item {
    std::string type, content;
};

std::map<uint32_t, Item> items(Bytes iinf) {
    std::map<uint32_t, Item> all;
    if (iinf.count < 6) return all;
    for (auto &entry : boxes(iinf.from(iinf.start[0] == 0 ? 6 : 8))) {
        if (entry.type != "infe" || entry.content.count < 12) continue;
        int version = entry.content.start[0];
        if (version < 2) continue;
        size_t at = 4;
        uint32_t id = version == 2 ? entry.content.big16(at) : entry.content.big32(at);
        at += version == 2 ? 4 : 6;
        Item item;
        item.type = entry.content.slice(at, 4).text();
        Bytes names = entry.content.from(at + 4);
        std::string text = names.text();
        // The item's name, then for `mime` the type of what it is.
        auto end = text.find('\0');
        if (item.type == "mime" && end != std::string::npos) item.content = text.substr(end + 1, text.find('\0', end + 1) - end - 1);
        all[id] = item;
    }
    return all;
}

std::string bytesOf(const std::vector<Extent> &extents, Bytes file, Bytes idat) {
    std::string whole;
    for (auto &extent : extents) {
        Bytes from = extent.isInside ? idat : file;
        uint64_t length = extent.length == 0 && extent.offset <= from.count ? from.count - extent.offset : extent.length;
        Bytes part = from.slice(size_t(extent.offset), size_t(length));
        // Metadata of tens of megabytes is none.
        if (!part.start || whole.size() + part.count > 32u << 20) return {};
        whole += part.text();
    }
    return whole;
}

// Width, height, turns and colour of the primary item.
void readProperties(Bytes iprp, uint32_t primary, Collected &found) {
    std::vector<Box> properties;
    std::vector<uint16_t> used;
    for (auto &part : boxes(iprp)) {
        if (part.type == "ipco") properties = boxes(part.content);
        if (part.type != "ipma" || part.content.count < 8) continue;
        Bytes map = part.content;
        bool isLarge = map.start[0] >= 1, isWide = map.start[3] & 1;
        uint32_t count = map.big32(4);
        size_t at = 8;
        for (uint32_t entry = 0; entry < count && at < map.count; entry++) {
            uint32_t id = isLarge ? map.big32(at) : map.big16(at);
            at += isLarge ? 4 : 2;
            if (at >= map.count) break;
            uint8_t links = map.start[at++];
            for (uint8_t link = 0; link < links && at < map.count; link++) {
                uint16_t index = isWide ? map.big16(at) & 0x7FFF : map.start[at] & 0x7F;
                at += isWide ? 2 : 1;
                if (id == primary) used.push_back(index);
            }
        }
    }
    for (uint16_t index : used) {
        if (index == 0 || index > properties.size()) continue;
        auto &property = properties[index - 1u];
        if (property.type == "ispe" && property.content.count >= 12) {
            found.width = property.content.big32(4);
            found.height = property.content.big32(8);
        } else if (property.type == "irot" && property.content.count >= 1) {
            // Stored as quarter turns to the left.
            found.rotation = (360 - 90 * (property.content.start[0] & 3)) % 360;
        } else if (property.type == "colr" && (property.content.begins("prof", 4) || property.content.begins("rICC", 4))) {
            found.profile = profileName(property.content.from(4));
        }
    }
}

void readMeta(Bytes meta, Bytes file, Collected &found) {
    std::map<uint32_t, Item> items_;
    std::map<uint32_t, std::vector<Extent>> places;
    Bytes idat, iprp;
    uint32_t primary = 0;
    for (auto &box : boxes(meta.from(4))) {
        if (box.type == "iinf") items_ = items(box.content);
        if (box.type == "iloc") places = locations(box.content);
        if (box.type == "idat") idat = box.content;
        if (box.type == "iprp") iprp = box.content;
        if (box.type == "pitm" && box.content.count >= 6)
            primary = box.content.start[0] == 0 ? box.content.big16(4) : box.content.big32(4);
    }
    readProperties(iprp, primary, found);
    for (auto &item : items_) {
        bool isExif = item.second.type == "Exif";
        bool isXmp = item.second.type == "mime" && item.second.content == "application/rdf+xml";
        if (!isExif && !isXmp) continue;
        std::string content = bytesOf(places[item.first], file, idat);
        Bytes bytes{reinterpret_cast<const uint8_t *>(content.data()), content.size()};
        if (isXmp) readXmp(bytes, found);
        // Four bytes say how far the TIFF header lies behind them.
        if (isExif && bytes.count > 8) readExif(bytes.from(size_t(4) + bytes.big32(0)), found);
    }
}

// Canon keeps four TIFF structures apart: the first directory, Exif, its maker note and GPS. The second and the fourth
// are read as first directories, and their tags put where they belong.
void readCanon(Bytes uuid, Collected &found) {
    for (auto &box : boxes(uuid)) {
        if (box.type == "CMT1") {
            readExif(box.content, found);
        } else if (box.type == "CMT2" || box.type == "CMT4") {
            Collected part;
            readExif(box.content, part);
            std::string group = box.type == "CMT2" ? "Photo" : "GPSInfo";
            for (auto &tag : part.exif) {
                if (tag.groupName() != "Image" || tag.count() == 0) continue;
                try {
                    found.exif.add(Exiv2::ExifKey(tag.tag(), group), &tag.value());
                } catch (const Exiv2::AnyError &) {
                    // A tag that exiv2 does not know there.
                }
            }
        }
    }
}

void readMovie(Bytes moov, Collected &found) {
    static const uint8_t canon[] = {0x85, 0xc0, 0xb6, 0x87, 0x82, 0x0f, 0x11, 0xe0,
                                    0x81, 0x11, 0xf4, 0xce, 0x46, 0x2b, 0x6a, 0x48};
    for (auto &box : boxes(moov))
        if (box.type == "uuid" && box.content.begins(reinterpret_cast<const char *>(canon), 16))
            readCanon(box.content.from(16), found);
}

std::string formatOf(Bytes brands) {
    std::string major = brands.slice(0, 4).text(), all = brands.text();
    if (major == "crx ") return "CR3";
    if (all.find("avif") != std::string::npos || all.find("avis") != std::string::npos) return "AVIF";
    for (auto brand : {"heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"})
        if (all.find(brand) != std::string::npos) return major == "mif1" || major == "msf1" ? "HEIF" : "HEIC";
    return "";
}

}  // namespace

void readBoxes(Bytes file, Collected &found) {
    for (auto &box : boxes(file)) {
        if (box.type == "ftyp") {
            found.format = formatOf(box.content);
            if (found.format.empty()) return;
        } else if (box.type == "meta") {
            readMeta(box.content, file, found);
        } else if (box.type == "moov" && found.format == "CR3") {
            readMovie(box.content, found);
        } else if (box.type == "uuid") {
            static const uint8_t xmp[] = {0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8,
                                          0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3, 0xaf, 0xac};
            if (box.content.begins(reinterpret_cast<const char *>(xmp), 16)) readXmp(box.content.from(16), found);
        }
    }
    if (found.format == "CR3") {
        auto number = [&](const char *key) -> uint32_t {
            auto tag = found.exif.findKey(Exiv2::ExifKey(key));
            return tag == found.exif.end() || tag->count() == 0 ? 0 : uint32_t(tag->toLong());
        };
        found.width = number("Exif.Photo.PixelXDimension");
        found.height = number("Exif.Photo.PixelYDimension");
        if (found.width == 0) {
            found.width = number("Exif.Image.ImageWidth");
            found.height = number("Exif.Image.ImageLength");
        }
    }
    if (found.width == 0) found.note("its size could not be found");
}
