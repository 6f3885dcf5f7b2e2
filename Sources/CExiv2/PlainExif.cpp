#include "ExifSources.hpp"
#include "ExifText.hpp"
#include "Tags.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <unordered_map>

// Exif without a maker's note that exiv2 could read is a handful of directories (TIFF 6.0 section 2, Exif 2.32 §4.6), which
// exiv2 makes a tree of objects of, with a name put together for each. Where every entry is as it should be, this says the
// same for a tenth of that; what is not, from the first doubtful offset on, is exiv2's.

namespace {

constexpr uint16_t exifPointer = 0x8769, gpsPointer = 0x8825, interopPointer = 0xa005, subImages = 0x014a, makerNote = 0x927c;

/// exiv2 reads no directory that has more.
constexpr size_t mostEntries = 256;
/// In all directories together: one may lie across another, and tell the same bytes many times over.
constexpr size_t mostTags = 2048;

enum class Group { image, photo, gps, interop, thumbnail };

struct PlainTag {
    std::string key;
    Source source = nowhere;

    PlainTag(Group group, uint16_t tag) {
        static const char *const names[] = {"Image", "Photo", "GPSInfo", "Iop", "Thumbnail"};
        key = Exiv2::ExifKey(tag, names[static_cast<size_t>(group)]).key();
        if (group != Group::thumbnail) source = exifSource(static_cast<TagDirectory>(group), tag);
    }
};

/// Every tag's name, put together once.
const PlainTag &plainTag(Group group, uint16_t tag) {
    static std::unordered_map<uint32_t, PlainTag> known;
    // Five directories of the few hundred tags there are; only files that are made to can name more.
    if (known.size() > 16384) known.clear();
    auto place = static_cast<uint32_t>(group) << 16 | tag;
    auto found = known.find(place);
    if (found == known.end()) found = known.emplace(place, PlainTag(group, tag)).first;
    return found->second;
}

struct Type {
    const char *name;
    size_t width;
};

/// By their numbers in the file; those without a name here are rare in Exif, and left to exiv2.
constexpr Type types[] = {
    {nullptr, 0}, {"Byte", 1}, {"Ascii", 1}, {"Short", 2}, {"Long", 4}, {"Rational", 8},
    {nullptr, 0}, {"Undefined", 1}, {"SShort", 2}, {"SLong", 4}, {"SRational", 8},
};

struct Block {
    Tags &tags;
    std::string_view bytes;
    bool isLittle = false;
    bool isApple = false;
    std::string_view note;
    std::string text;
    /// Where each directory begins that was met: none is read twice.
    std::vector<size_t> directories;
    size_t entries = 0;

    uint16_t word(size_t at) const {
        auto low = static_cast<uint8_t>(bytes[at]), high = static_cast<uint8_t>(bytes[at + 1]);
        return static_cast<uint16_t>(isLittle ? high << 8 | low : low << 8 | high);
    }

    uint32_t number(size_t at) const {
        uint32_t first = word(at), second = word(at + 2);
        return isLittle ? second << 16 | first : first << 16 | second;
    }

    bool read() {
        if (bytes.size() < 8) return false;
        isLittle = bytes[0] == 'I';
        if (bytes.substr(0, 2) != (isLittle ? "II" : "MM") || word(2) != 42) return false;
        return directory(Group::image, number(4)) && finish();
    }

    bool directory(Group group, size_t at) {
        if (at < 8 || at > bytes.size() || bytes.size() - at < 2) return false;
        if (std::find(directories.begin(), directories.end(), at) != directories.end()) return false;
        directories.push_back(at);
        size_t count = word(at);
        if (count > mostEntries || bytes.size() - at - 2 < count * 12) return false;
        entries += count;
        if (entries > mostTags) return false;
        size_t end = at + 2 + count * 12;
        for (size_t place = at + 2; place < end; place += 12)
            if (!entry(group, place)) return false;
        if (group != Group::image && group != Group::thumbnail) return true;
        if (bytes.size() - end < 4) return false;
        size_t next = number(end);
        // A picture and its thumbnail are what Exif has.
        return next == 0 || (group == Group::image && directory(Group::thumbnail, next));
    }

    bool entry(Group group, size_t at) {
        uint16_t tag = word(at), type = word(at + 2);
        size_t count = number(at + 4);
        if (type >= std::size(types) || types[type].name == nullptr || count == 0 || count > bytes.size()) return false;
        size_t size = count * types[type].width, place = at + 8;
        if (size > 4) place = number(at + 8);
        if (place < 8 || place > bytes.size() || bytes.size() - place < size) return false;
        auto value = bytes.substr(place, size);
        switch (tag) {
        case makerNote:
            // Of the notes that exiv2 cannot read Apple's is the common one, and is kept whole.
            if (group != Group::photo || !isApple || type != 7 || !note.empty()) return false;
            note = value;
            return true;
        case exifPointer: return group == Group::image && pointer(group, tag, Group::photo, type, count, value);
        case gpsPointer: return group == Group::image && pointer(group, tag, Group::gps, type, count, value);
        case interopPointer: return group == Group::photo && pointer(group, tag, Group::interop, type, count, value);
        // Other pictures; XMP, IIM and Photoshop's resources; private data, which may be a maker's note in disguise.
        case subImages:
        case 0x02bc:
        case 0x83bb:
        case 0x8649:
        case 0xc634: return false;
        // Of two encodings, one is turned about.
        case 0x9286:
        case 0x001b:
        case 0x001c:
            if (value.substr(0, 7) == "UNICODE") return false;
            break;
        case 0x010f:
            if (group == Group::image) isApple = value.substr(0, 5) == "Apple";
            break;
        default: break;
        }
        write(plainTag(group, tag), group, tag, type, value);
        return true;
    }

    /// A directory's place is a tag too, in front of what stands there.
    bool pointer(Group from, uint16_t tag, Group to, uint16_t type, size_t count, std::string_view value) {
        if (type != 4 || count != 1) return false;
        write(plainTag(from, tag), from, tag, type, value);
        return directory(to, number(static_cast<size_t>(value.data() - bytes.data())));
    }

    void write(const PlainTag &tag, Group group, uint16_t number, uint16_t type, std::string_view value) {
        text.clear();
        size_t left = 0;
        const char *name = types[type].name;
        switch (type) {
        case 2: text.assign(withoutTrailingZeros(value)); break;
        case 3: left = appendNumbers(value, 2, [&](size_t at) { appendNumber(text, word(at)); }); break;
        case 4: left = appendNumbers(value, 4, [&](size_t at) { appendNumber(text, this->number(at)); }); break;
        case 8: left = appendNumbers(value, 2, [&](size_t at) { appendNumber(text, static_cast<int16_t>(word(at))); }); break;
        case 9: left = appendNumbers(value, 4, [&](size_t at) { appendNumber(text, static_cast<int32_t>(this->number(at))); }); break;
        case 5:
            left = appendNumbers(
                value, 8, [&](size_t at) { appendNumber(text, std::pair(this->number(at), this->number(at + 4))); });
            break;
        case 10:
            left = appendNumbers(value, 8, [&](size_t at) {
                appendNumber(text, std::pair(static_cast<int32_t>(this->number(at)), static_cast<int32_t>(this->number(at + 4))));
            });
            break;
        default: return writeData(tag, group, number, name, value);
        }
        if (left > 0) {
            tags.append(tag.key, std::string(name) + " of " + std::to_string(value.size() / types[type].width), text);
        } else {
            tags.append(tag.key, name, text);
        }
        report(tag, text);
    }

    template <typename Append> size_t appendNumbers(std::string_view value, size_t width, Append append) {
        size_t whole = value.size() / width, count = value.size() > longestData ? beginning : whole;
        size_t start = static_cast<size_t>(value.data() - bytes.data());
        for (size_t index = 0; index < count; index++) {
            if (index > 0) text += ' ';
            append(start + index * width);
        }
        return whole - count;
    }

    void writeData(const PlainTag &tag, Group group, uint16_t number, const char *name, std::string_view value) {
        if (group == Group::image && isWideText(number)) {
            text = fromUTF16(value);
            tags.append(tag.key, name, text);
        } else if (value.size() <= 32) {
            for (size_t at = 0; at < value.size(); at++) {
                if (at > 0) text += ' ';
                appendNumber(text, static_cast<int>(static_cast<uint8_t>(value[at])));
            }
            tags.append(tag.key, name, text);
        } else {
            tags.appendBytes(tag.key, value.substr(0, value.size() > longestData ? beginning : value.size()), value.size());
        }
        report(tag, tag.source.field == TagFieldExifICCProfile ? value : std::string_view(text));
    }

    void report(const PlainTag &tag, std::string_view value) {
        const auto &source = tag.source;
        if (source.field == TagFieldCount || value.find_first_not_of(" \t\r\n") == std::string_view::npos) return;
        if (source.field == TagFieldExifLens && source.rank == 1 && !isReadable(value)) return;
        tags.report(source.field, source.rank, 0, tag.key, value);
    }

    bool finish() {
        if (note.empty()) return true;
        tags.appendBytes("Exif.Photo.MakerNote", note.substr(0, longestText), note.size());
        tags.report(TagFieldExifMakerNote, 0, 0, "", note);
        return true;
    }
};

} // namespace

bool addPlainExif(Tags &tags, std::string_view block) {
    auto mark = tags.mark();
    Block reader{tags, block};
    if (reader.read()) return true;
    tags.goBack(mark);
    return false;
}
