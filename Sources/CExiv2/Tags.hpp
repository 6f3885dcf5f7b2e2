#pragma once
#include "CExiv2.h"
#include "JSONText.hpp"
#include "PlainXML.hpp"

// exiv2 0.27 still hands out std::auto_ptr, wherever one of its templates is used.
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
#include <exiv2/exiv2.hpp>
#include <expat.h>

#include <string>
#include <string_view>
#include <vector>

/// Where the parsers put what they find. The strings keep their memory from file to file.
struct Tags {
    JSONText json;
    std::string complaint;
    PlainXML plain;

    /// The colour profile of the file exiv2 opened last.
    std::string profile;
    /// True once the JSON has its last bracket.
    bool isClosed = false;

    Tags() { clear(); }

    void clear() {
        json.clear();
        json += '[';
        isClosed = false;
        arena.clear();
        found.clear();
        complaint.clear();
        profile.clear();
    }

    /// Adds a tag to the JSON. The value is text if it is UTF-8, and bytes if not.
    void append(std::string_view key, std::string_view type, std::string_view value);

    /// The same for what is known to be bytes. `whole` is how many there were before they were cut.
    void appendBytes(std::string_view key, std::string_view bytes, size_t whole);

    void report(TagField field, int rank, int item, std::string_view name, std::string_view value);

    const TagFact *facts(size_t *count);

    /// How much there is, to go back to.
    struct Mark {
        size_t json, arena, found;
    };
    Mark mark() const { return {json.size(), arena.size(), found.size()}; }
    void goBack(const Mark &mark) {
        json.cut(mark.json);
        arena.resize(mark.arena);
        found.resize(mark.found);
    }

  private:
    struct Found {
        TagField field;
        int rank;
        int item;
        size_t name, nameCount, value, valueCount;
    };
    std::string arena;
    std::vector<Found> found;
    std::vector<TagFact> resolved;
};

/// Text longer than this is cut: a depth map inside XMP is not a tag.
constexpr size_t longestText = 65536;
/// Data longer than this is cut to its beginning.
constexpr size_t longestData = 4096;
constexpr size_t beginning = 64;

bool isUTF8(std::string_view text);

void addExif(Tags &tags, const Exiv2::ExifData &exif);
/// False, and nothing added, when a block is not a plain one: exiv2 then has to say what it is.
bool addPlainExif(Tags &tags, std::string_view block);
/// A copy of an Exif block in which a Canon note that was moved points to where its values are, or nothing when none was.
std::string withCanonNoteMended(const Exiv2::ExifData &exif, std::string_view block);
void addExifTag(Tags &tags, TagDirectory directory, uint16_t tag, std::string_view type, std::string_view value);
void addIptc(Tags &tags, const Exiv2::IptcData &iptc);
/// False, and nothing added, when a block is not a plain one: exiv2 then has to say what it is.
bool addPlainIptc(Tags &tags, std::string_view block);
bool addXMP(Tags &tags, std::string_view packet);
bool addXML(Tags &tags, std::string_view document);
bool addXMPBy(Tags &tags, TagWay way, std::string_view packet);
bool addXMLBy(Tags &tags, TagWay way, std::string_view document);
