#include "Tags.hpp"

#include <signal.h>
#include <sys/prctl.h>

#include <cstring>
#include <new>

using namespace std::string_view_literals;

/// Nothing may be thrown into Swift: whatever goes wrong becomes a complaint.
template <typename Body> static bool guarded(Tags *tags, Body body) noexcept {
    try {
        tags->complaint.clear();
        return body();
    } catch (const std::bad_alloc &) {
        // Short enough to need no memory.
        tags->complaint = "no memory left";
        return false;
    } catch (const std::exception &error) {
        try {
            tags->complaint = error.what();
        } catch (...) {
        }
        return false;
    } catch (...) {
        return false;
    }
}

bool isUTF8(std::string_view text) {
    auto at = reinterpret_cast<const uint8_t *>(text.data());
    auto end = at + text.size();
    while (at < end) {
        uint64_t eight;
        while (end - at >= 8 && (memcpy(&eight, at, 8), (eight & 0x8080808080808080) == 0)) at += 8;
        if (at == end) break;
        uint8_t lead = *at++;
        if (lead < 0x80) continue;
        int more = lead >= 0xF0 && lead < 0xF5 ? 3 : lead >= 0xE0 && lead < 0xF0 ? 2 : lead >= 0xC2 && lead < 0xE0 ? 1 : 0;
        if (more == 0 || end - at < more) return false;
        // The second byte rules out what is written longer than need be, surrogates, and what is beyond Unicode.
        uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (*at < low || *at > high) return false;
        for (at++; --more > 0; at++)
            if ((*at & 0xC0) != 0x80) return false;
    }
    return true;
}

void Tags::append(std::string_view key, std::string_view type, std::string_view value) {
    if (!isUTF8(value)) return appendBytes(key, value.substr(0, std::min(value.size(), longestData)), value.size());
    std::string cutType;
    if (value.size() > longestText) {
        cutType = std::string(type) + " of " + std::to_string(value.size());
        type = cutType;
        size_t end = longestData;
        while ((static_cast<uint8_t>(value[end]) & 0xC0) == 0x80) end--;
        value = value.substr(0, end);
    }
    json += json.size() > 1 ? ",["sv : "["sv;
    json.quote(key);
    json += ',';
    json.quote(type);
    json += ',';
    json.quote(value);
    json += ']';
}

void Tags::appendBytes(std::string_view key, std::string_view bytes, size_t whole) {
    static const char digits[] = "0123456789abcdef";
    std::string type = "Bytes";
    if (bytes.size() < whole) type += " of " + std::to_string(whole);
    json += json.size() > 1 ? ",["sv : "["sv;
    json.quote(key);
    json += ',';
    json.quote(type);
    json += ",\""sv;
    for (char byte : bytes) {
        json += digits[static_cast<uint8_t>(byte) >> 4];
        json += digits[static_cast<uint8_t>(byte) & 15];
    }
    json += "\"]"sv;
}

void Tags::report(TagField field, int rank, int item, std::string_view name, std::string_view value) {
    found.push_back({field, rank, item, arena.size(), name.size(), arena.size() + name.size(), value.size()});
    arena.append(name);
    arena.append(value);
}

const TagFact *Tags::facts(size_t *count) {
    // Only now does the arena stand still, so only now are there pointers into it.
    auto start = reinterpret_cast<const uint8_t *>(arena.data());
    resolved.clear();
    for (const auto &fact : found)
        resolved.push_back(
            {fact.field, fact.rank, fact.item, {start + fact.name, fact.nameCount}, {start + fact.value, fact.valueCount}});
    *count = resolved.size();
    return resolved.data();
}

static std::string_view view(const uint8_t *bytes, size_t count) {
    return {reinterpret_cast<const char *>(bytes), count};
}

static const uint8_t *bytes(std::string_view block) { return reinterpret_cast<const uint8_t *>(block.data()); }

/// By exiv2, which knows the makers' notes.
static bool decodeExif(Tags &tags, std::string_view block) {
    if (block.size() > UINT32_MAX) return false;
    Exiv2::ExifData exif;
    Exiv2::ExifParser::decode(exif, bytes(block), static_cast<uint32_t>(block.size()));
    auto mended = withCanonNoteMended(exif, block);
    if (!mended.empty()) {
        exif.clear();
        Exiv2::ExifParser::decode(exif, bytes(mended), static_cast<uint32_t>(mended.size()));
    }
    addExif(tags, exif);
    return true;
}

/// By exiv2, which takes what is out of the ordinary.
static bool decodeIptc(Tags &tags, std::string_view block) {
    if (block.size() > UINT32_MAX) return false;
    Exiv2::IptcData iptc;
    bool isWhole = Exiv2::IptcParser::decode(iptc, bytes(block), static_cast<uint32_t>(block.size())) == 0;
    addIptc(tags, iptc);
    return isWhole;
}

extern "C" {

void tags_prepare(void) {
    // Whoever started us may be killed while we hang in a file, and nobody would ever read the end of our input.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    try {
        // Muted first: setting up already has something to say.
        Exiv2::LogMsg::setLevel(Exiv2::LogMsg::mute);
        Exiv2::XmpParser::initialize();
        Exiv2::enableBMFF(true);
    } catch (...) {
    }
}

Tags *tags_create(void) {
    try {
        return new Tags;
    } catch (...) {
        return nullptr;
    }
}

void tags_destroy(Tags *tags) { delete tags; }

void tags_clear(Tags *tags) {
    guarded(tags, [&] {
        tags->clear();
        return true;
    });
}

bool tags_add_exif(Tags *tags, const uint8_t *bytes, size_t count) {
    return guarded(tags, [&] { return addPlainExif(*tags, view(bytes, count)) || decodeExif(*tags, view(bytes, count)); });
}

bool tags_add_iptc(Tags *tags, const uint8_t *bytes, size_t count) {
    return guarded(tags, [&] { return addPlainIptc(*tags, view(bytes, count)) || decodeIptc(*tags, view(bytes, count)); });
}

bool tags_add_exif_by(Tags *tags, enum TagWay way, const uint8_t *bytes, size_t count) {
    return guarded(tags, [&] {
        return way == TagWayPlain ? addPlainExif(*tags, view(bytes, count)) : decodeExif(*tags, view(bytes, count));
    });
}

bool tags_add_iptc_by(Tags *tags, enum TagWay way, const uint8_t *bytes, size_t count) {
    return guarded(tags, [&] {
        return way == TagWayPlain ? addPlainIptc(*tags, view(bytes, count)) : decodeIptc(*tags, view(bytes, count));
    });
}

bool tags_add_xmp_by(Tags *tags, enum TagWay way, const uint8_t *bytes, size_t count) {
    return guarded(tags, [&] { return addXMPBy(*tags, way, view(bytes, count)); });
}

bool tags_add_xml_by(Tags *tags, enum TagWay way, const uint8_t *bytes, size_t count) {
    return guarded(tags, [&] { return addXMLBy(*tags, way, view(bytes, count)); });
}

bool tags_add_xmp(Tags *tags, const uint8_t *bytes, size_t count) {
    return guarded(tags, [&] { return addXMP(*tags, view(bytes, count)); });
}

bool tags_add_xml(Tags *tags, const uint8_t *bytes, size_t count) {
    return guarded(tags, [&] { return addXML(*tags, view(bytes, count)); });
}

bool tags_add_tag(
    Tags *tags, enum TagDirectory directory, uint16_t tag, const char *type, const uint8_t *bytes, size_t count) {
    return guarded(tags, [&] {
        addExifTag(*tags, directory, tag, type, view(bytes, count));
        return true;
    });
}

bool tags_add_text(Tags *tags, const char *key, const char *type, const uint8_t *bytes, size_t count) {
    return guarded(tags, [&] {
        tags->append(key, type, view(bytes, count));
        return true;
    });
}

bool tags_add_file(Tags *tags, const char *path, TagPicture *picture) {
    *picture = {};
    return guarded(tags, [&] {
        auto image = Exiv2::ImageFactory::open(std::string(path));
        image->readMetadata();
        addExif(*tags, image->exifData());
        addIptc(*tags, image->iptcData());
        // The packet itself and not what exiv2 made of it, so that every format gives the same keys. Through a constant
        // reference, or exiv2 writes the packet anew.
        const auto &constant = *image;
        const auto &packet = constant.xmpPacket();
        if (!packet.empty()) addXMP(*tags, packet);
        if (image->iccProfileDefined()) {
            auto profile = image->iccProfile();
            if (profile->pData_) tags->profile.assign(reinterpret_cast<const char *>(profile->pData_), profile->size_);
        }
        picture->width = image->pixelWidth();
        picture->height = image->pixelHeight();
        picture->profile = {reinterpret_cast<const uint8_t *>(tags->profile.data()), tags->profile.size()};
        return true;
    });
}

const char *tags_complaint(const Tags *tags) { return tags->complaint.c_str(); }

const TagFact *tags_facts(Tags *tags, size_t *count) {
    *count = 0;
    const TagFact *facts = nullptr;
    guarded(tags, [&] {
        facts = tags->facts(count);
        return true;
    });
    return facts;
}

TagBytes tags_json(Tags *tags) {
    guarded(tags, [&] {
        if (!tags->isClosed) tags->json += ']';
        tags->isClosed = true;
        return true;
    });
    return {reinterpret_cast<const uint8_t *>(tags->json.data()), tags->json.size()};
}
}
