#include "ExifSources.hpp"
#include "ExifText.hpp"
#include "Tags.hpp"

#include <cmath>
#include <unordered_map>

using Exiv2::Exifdatum;
using Exiv2::TypeId;

namespace {

/// exiv2 numbers its directories and keeps the numbers to itself; a key of each gives them away.
struct Directories {
    int image = Exiv2::ExifKey("Exif.Image.Make").ifdId();
    int photo = Exiv2::ExifKey("Exif.Photo.ExposureTime").ifdId();
    int gps = Exiv2::ExifKey("Exif.GPSInfo.GPSLatitude").ifdId();
    int interop = Exiv2::ExifKey("Exif.Iop.InteroperabilityIndex").ifdId();
    int thumbnail = Exiv2::ExifKey("Exif.Thumbnail.ImageWidth").ifdId();
};

const Directories &directories() {
    static const Directories known;
    return known;
}

/// exiv2 knows what class a value has by the type it carries, and so do we.
template <typename Number> size_t appendNumbers(std::string &text, const Exiv2::Value &value) {
    const auto &numbers = static_cast<const Exiv2::ValueType<Number> &>(value).value_;
    size_t count = numbers.size() * sizeof(Number) > longestData ? beginning : numbers.size();
    for (size_t index = 0; index < count; index++) {
        if (index > 0) text += ' ';
        appendNumber(text, numbers[index]);
    }
    return numbers.size() - count;
}

/// What Canon's oldest cameras say in their notes alone, in numbers of their own.
struct CanonNumbers {
    long setting = -1, automatic = -1, base = -1, focal = -1, units = 1;

    enum class Part { none, setting, automatic, base, units, focal };

    static Part part(const std::string &key) {
        if (key.compare(0, 10, "Exif.Canon") != 0) return Part::none;
        if (key == "Exif.CanonCs.ISOSpeed") return Part::setting;
        if (key == "Exif.CanonSi.AutoISO") return Part::automatic;
        if (key == "Exif.CanonSi.ISOSpeed") return Part::base;
        if (key == "Exif.CanonCs.Lens") return Part::units;
        if (key == "Exif.Canon.FocalLength") return Part::focal;
        return Part::none;
    }

    void take(Part part, const Exifdatum &datum) {
        auto number = [&](long index) { return datum.count() > index ? datum.toLong(index) : -1; };
        switch (part) {
        case Part::none: break;
        case Part::setting: setting = number(0); break;
        case Part::automatic: automatic = number(0); break;
        case Part::base: base = number(0); break;
        case Part::units: units = number(2); break;
        case Part::focal: focal = number(1); break;
        }
    }

    /// The speed that was set, or what the camera chose: hundredths of a base, both as powers of two.
    void reportISO(Tags &tags) const {
        static const long speeds[] = {50, 100, 200, 400, 800};
        long speed = 0;
        if (setting >= 0x4000 && setting < 0x8000) speed = setting & 0x3fff;
        else if (setting >= 16 && setting <= 20) speed = speeds[setting - 16];
        else if (automatic >= 0 && automatic < 1024 && base > 0 && base < 1024)
            speed = std::lround(std::exp2(automatic / 32.0) * std::exp2(base / 32.0) * 100 / 32);
        if (speed > 0) tags.report(TagFieldExifISO, 2, 0, "Exif.CanonSi.ISOSpeed", std::to_string(speed));
    }

    void reportFocalLength(Tags &tags) const {
        if (focal <= 0 || focal == 65535 || units <= 0) return;
        tags.report(TagFieldExifFocalLength, 2, 0, "Exif.Canon.FocalLength",
            std::to_string(focal) + '/' + std::to_string(units));
    }
};

/// What is known of a tag by its directory and number.
struct KnownTag {
    std::string key;
    Source source = nowhere;
    CanonNumbers::Part canon = CanonNumbers::Part::none;
    /// exiv2's own note that it could decode the maker's.
    bool isNoteOffset = false;

    explicit KnownTag(const Exifdatum &datum) : key(datum.key()) {
        int directory = datum.ifdId();
        uint16_t tag = datum.tag();
        const auto &known = directories();
        isNoteOffset = key == "Exif.MakerNote.Offset";
        if (directory == known.image) source = exifSource(TagDirectoryImage, tag);
        else if (directory == known.photo) source = exifSource(TagDirectoryPhoto, tag);
        else if (directory == known.gps) source = exifSource(TagDirectoryGPS, tag);
        else if (directory == known.interop) source = exifSource(TagDirectoryInterop, tag);
        else if (directory != known.thumbnail) {
            source = makerSource(key);
            canon = CanonNumbers::part(key);
        }
    }
};

/// Found out once each, for exiv2 puts a name together anew every time it is asked.
struct KnownTags {
    std::unordered_map<uint32_t, KnownTag> all;

    const KnownTag &operator[](const Exifdatum &datum) {
        auto place = static_cast<uint32_t>(datum.ifdId()) << 16 | datum.tag();
        auto found = all.find(place);
        if (found == all.end()) found = all.emplace(place, KnownTag(datum)).first;
        return found->second;
    }
};

/// Cameras use some two thousand tags; only files that are made to can name more.
constexpr size_t mostKnownTags = 16384;

KnownTags &knownTags() {
    static KnownTags known;
    return known;
}

struct Writer {
    Tags &tags;
    const Exiv2::ExifData &exif;
    std::string text;
    std::string bytes;
    /// A lens or a speed that only the maker's table can put in words.
    struct Maker {
        const Exifdatum *datum;
        Source source;
    };
    std::vector<Maker> makers;
    CanonNumbers canon;
    bool hasLens = false, hasISO = false, hasFocalLength = false, noteIsDecoded = false;
    const Exifdatum *note = nullptr;
    KnownTags &known = knownTags();

    void add(const Exifdatum &datum) {
        auto type = datum.typeId();
        // A damaged directory may hold types that nobody has a name for.
        if (type == Exiv2::invalidTypeId || datum.typeName() == nullptr) return;
        int directory = datum.ifdId();
        const auto &tag = known[datum];
        canon.take(tag.canon, datum);
        if (directory == directories().photo && datum.tag() == 0x927c) {
            note = &datum;
            return;
        }
        if (tag.isNoteOffset) noteIsDecoded = true;
        if (directory == directories().image && addBlock(datum)) return;
        write(datum, type, tag.key, tag.source);
    }

    /// XMP and IIM inside a TIFF are tags, and are taken for what they hold.
    bool addBlock(const Exifdatum &datum) {
        if (datum.tag() == 0x02bc) {
            copy(datum);
            addXMP(tags, bytes);
            return true;
        }
        if (datum.tag() != 0x83bb) return false;
        // exiv2 reads the IIM of a TIFF by itself; its bytes are wanted for their digest. As numbers of four bytes, which
        // is how some write it, they stand in the file's order, and every data set begins with 1C.
        copy(datum);
        if (!bytes.empty() && bytes[0] != 0x1c)
            datum.copy(reinterpret_cast<Exiv2::byte *>(bytes.data()), Exiv2::littleEndian);
        tags.report(TagFieldExifIptc, 0, 0, "", bytes);
        return true;
    }

    void copy(const Exifdatum &datum) {
        bytes.resize(static_cast<size_t>(datum.size()));
        datum.copy(reinterpret_cast<Exiv2::byte *>(bytes.data()), Exiv2::bigEndian);
    }

    void write(const Exifdatum &datum, TypeId type, const std::string &key, Source source) {
        text.clear();
        const auto &value = datum.value();
        size_t left = 0;
        switch (type) {
        case Exiv2::asciiString:
            text.assign(withoutTrailingZeros(static_cast<const Exiv2::AsciiValue &>(value).value_));
            break;
        case Exiv2::unsignedShort: left = appendNumbers<uint16_t>(text, value); break;
        case Exiv2::signedShort: left = appendNumbers<int16_t>(text, value); break;
        case Exiv2::unsignedLong:
        case Exiv2::tiffIfd: left = appendNumbers<uint32_t>(text, value); break;
        case Exiv2::signedLong: left = appendNumbers<int32_t>(text, value); break;
        case Exiv2::unsignedRational: left = appendNumbers<Exiv2::URational>(text, value); break;
        case Exiv2::signedRational: left = appendNumbers<Exiv2::Rational>(text, value); break;
        case Exiv2::tiffFloat: left = appendNumbers<float>(text, value); break;
        case Exiv2::tiffDouble: left = appendNumbers<double>(text, value); break;
        case Exiv2::comment:
            text.assign(withoutTrailingZeros(static_cast<const Exiv2::CommentValue &>(value).comment()));
            break;
        case Exiv2::unsignedByte:
        case Exiv2::signedByte:
        case Exiv2::undefined: return writeData(datum, key, source);
        default: text = value.toString(); break;
        }
        if (left > 0) {
            tags.append(key, std::string(datum.typeName()) + " of " + std::to_string(datum.count()), text);
        } else {
            tags.append(key, datum.typeName(), text);
        }
        if (source.field != TagFieldCount) report(datum, key, source);
    }

    void writeData(const Exifdatum &datum, const std::string &key, Source source) {
        copy(datum);
        if (isWideText(datum.tag()) && datum.ifdId() == directories().image) {
            text = fromUTF16(bytes);
            tags.append(key, datum.typeName(), text);
        } else if (bytes.size() <= 32) {
            for (size_t at = 0; at < bytes.size(); at++) {
                if (at > 0) text += ' ';
                auto byte = static_cast<uint8_t>(bytes[at]);
                appendNumber(text, datum.typeId() == Exiv2::signedByte ? static_cast<int8_t>(byte) : static_cast<int>(byte));
            }
            tags.append(key, datum.typeName(), text);
        } else {
            tags.appendBytes(key, std::string_view(bytes).substr(0, bytes.size() > longestData ? beginning : bytes.size()),
                bytes.size());
        }
        if (source.field == TagFieldExifImageResources || source.field == TagFieldExifICCProfile) text = bytes;
        if (source.field != TagFieldCount) report(datum, key, source);
    }

    void report(const Exifdatum &datum, const std::string &key, Source source) {
        bool blank = text.find_first_not_of(" \t\r\n") == std::string::npos;
        if ((source.field == TagFieldExifLens || source.field == TagFieldExifISO) && source.rank > 1) {
            makers.push_back({&datum, source});
            return;
        }
        // Where a note was moved without its offsets, its texts are other bytes.
        if (source.field == TagFieldExifLens && source.rank == 1 && !isReadable(text)) return;
        if (blank) return;
        if (source.field == TagFieldExifLens) hasLens = true;
        if (source.field == TagFieldExifISO) hasISO = true;
        if (source.field == TagFieldExifFocalLength) hasFocalLength = true;
        tags.report(source.field, source.rank, 0, key, text);
    }

    void finish() {
        if (note != nullptr) {
            if (!noteIsDecoded) {
                copy(*note);
                // An Exif block is at most 64 kB, and what nobody can read yet is kept whole.
                tags.appendBytes("Exif.Photo.MakerNote", std::string_view(bytes).substr(0, longestText), bytes.size());
                tags.report(TagFieldExifMakerNote, 0, 0, "", bytes);
            }
        }
        // Asking exiv2 to put a number in words is slow, so only when there is need.
        for (const auto &maker : makers) {
            if (maker.source.field == TagFieldExifLens ? hasLens : hasISO) continue;
            tags.report(maker.source.field, maker.source.rank, 0, maker.datum->key(), maker.datum->print(&exif));
        }
        if (!hasISO) canon.reportISO(tags);
        if (!hasFocalLength) canon.reportFocalLength(tags);
    }
};

} // namespace

std::string fromUTF16(std::string_view bytes) {
    std::string text;
    auto unit = [&](size_t at) {
        return static_cast<uint32_t>(static_cast<uint8_t>(bytes[at]) | static_cast<uint8_t>(bytes[at + 1]) << 8);
    };
    for (size_t at = 0; at + 1 < bytes.size(); at += 2) {
        uint32_t code = unit(at);
        if (code == 0) break;
        if (code >= 0xD800 && code < 0xDC00 && at + 3 < bytes.size() && (unit(at + 2) & 0xFC00) == 0xDC00) {
            code = 0x10000 + ((code - 0xD800) << 10) + (unit(at + 2) - 0xDC00);
            at += 2;
        }
        if (code >= 0xD800 && code < 0xE000) code = 0xFFFD;
        if (code < 0x80) {
            text += static_cast<char>(code);
        } else if (code < 0x800) {
            text += static_cast<char>(0xC0 | code >> 6);
            text += static_cast<char>(0x80 | (code & 63));
        } else if (code < 0x10000) {
            text += static_cast<char>(0xE0 | code >> 12);
            text += static_cast<char>(0x80 | (code >> 6 & 63));
            text += static_cast<char>(0x80 | (code & 63));
        } else {
            text += static_cast<char>(0xF0 | code >> 18);
            text += static_cast<char>(0x80 | (code >> 12 & 63));
            text += static_cast<char>(0x80 | (code >> 6 & 63));
            text += static_cast<char>(0x80 | (code & 63));
        }
    }
    return text;
}

void addExif(Tags &tags, const Exiv2::ExifData &exif) {
    if (knownTags().all.size() > mostKnownTags) knownTags().all.clear();
    Writer writer{tags, exif};
    for (const auto &datum : exif) writer.add(datum);
    writer.finish();
}

// Offsets in Canon's notes count from the beginning of the Exif block, so an editor that moves a note breaks them. The note's
// last eight bytes say where it was written first.
std::string withCanonNoteMended(const Exiv2::ExifData &exif, std::string_view block) {
    // Not by findKey, which puts every tag's name together until it meets the right one.
    static const int notes = Exiv2::ExifKey("Exif.MakerNote.Offset").ifdId();
    const Exifdatum *place = nullptr, *note = nullptr;
    bool isCanon = false;
    for (const auto &datum : exif) {
        int directory = datum.ifdId();
        if (directory == directories().image && datum.tag() == 0x010f) {
            isCanon = datum.toString().compare(0, 5, "Canon") == 0;
            if (!isCanon) return {};
        }
        if (directory == directories().photo && datum.tag() == 0x927c) note = &datum;
        if (directory == notes && datum.tag() == 1) place = &datum;
    }
    if (!isCanon || place == nullptr || note == nullptr) return {};
    auto start = static_cast<size_t>(place->toLong()), size = static_cast<size_t>(note->size());
    if (size < 16 || start > block.size() || size > block.size() - start) return {};
    auto foot = block.substr(start + size - 8, 8);
    bool isLittle = foot.substr(0, 4) == std::string_view("II*\0", 4);
    if (!isLittle && foot.substr(0, 4) != std::string_view("MM\0*", 4)) return {};
    auto order = isLittle ? Exiv2::littleEndian : Exiv2::bigEndian;
    std::string copy(block);
    auto bytes = reinterpret_cast<Exiv2::byte *>(copy.data());
    uint32_t shift = static_cast<uint32_t>(start) - Exiv2::getULong(bytes + start + size - 4, order);
    if (shift == 0) return {};
    size_t count = Exiv2::getUShort(bytes + start, order);
    if (2 + count * 12 > size) return {};
    for (size_t entry = start + 2; entry < start + 2 + count * 12; entry += 12) {
        auto width = Exiv2::TypeInfo::typeSize(static_cast<TypeId>(Exiv2::getUShort(bytes + entry + 2, order)));
        if (width * uint64_t{Exiv2::getULong(bytes + entry + 4, order)} <= 4) continue;
        Exiv2::ul2Data(bytes + entry + 8, Exiv2::getULong(bytes + entry + 8, order) + shift, order);
    }
    return copy;
}

void addExifTag(Tags &tags, TagDirectory directory, uint16_t tag, std::string_view type, std::string_view value) {
    static const char *const groups[] = {"Image", "Photo", "GPSInfo", "Iop"};
    auto key = Exiv2::ExifKey(tag, groups[directory]).key();
    Source source = exifSource(directory, tag);
    if (isWideText(tag) && directory == TagDirectoryImage) {
        auto text = fromUTF16(value);
        tags.append(key, type, text);
        tags.report(source.field, source.rank, 0, key, text);
        return;
    }
    tags.append(key, type, value);
    if (source.field != TagFieldCount && value.find_first_not_of(" \t\r\n") != std::string_view::npos)
        tags.report(source.field, source.rank, 0, key, value);
}
