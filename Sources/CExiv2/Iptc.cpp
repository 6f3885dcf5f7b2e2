#include "Tags.hpp"

#include <charconv>
#include <optional>
#include <utility>

namespace {

using Exiv2::IptcDataSets;
using Exiv2::TypeId;

TagField field(uint16_t record, uint16_t dataset) {
    if (record != 2) return TagFieldCount;
    switch (dataset) {
    case 5: return TagFieldIptcTitle;
    case 30: return TagFieldIptcReleaseDate;
    case 37: return TagFieldIptcExpirationDate;
    case 105: return TagFieldIptcHeadline;
    case 25: return TagFieldIptcKeyword;
    case 40: return TagFieldIptcInstructions;
    case 55: return TagFieldIptcDate;
    case 60: return TagFieldIptcTime;
    case 80: return TagFieldIptcByline;
    case 90: return TagFieldIptcCity;
    case 92: return TagFieldIptcSublocation;
    case 95: return TagFieldIptcState;
    case 101: return TagFieldIptcCountry;
    case 110: return TagFieldIptcCredit;
    case 116: return TagFieldIptcCopyright;
    case 120: return TagFieldIptcCaption;
    default: return TagFieldCount;
    }
}

/// What exiv2 knows of a dataset.
struct Dataset {
    std::string key;
    TypeId type = Exiv2::invalidTypeId;
    std::string typeName;
    bool isRepeatable = false;
    TagField field = TagFieldCount;

    Dataset(uint16_t record, uint16_t number)
        : key(Exiv2::IptcKey(number, record).key()), type(IptcDataSets::dataSetType(number, record)),
          typeName(Exiv2::TypeInfo::typeName(type)), isRepeatable(IptcDataSets::dataSetRepeatable(number, record)),
          field(::field(record, number)) {}
};

/// Asked for once each: exiv2 goes through its whole list for every answer.
const Dataset &dataset(uint16_t record, uint16_t number) {
    static std::optional<Dataset> known[2][256];
    auto &place = known[record - 1][number];
    if (!place) place.emplace(record, number);
    return *place;
}

bool areDigits(std::string_view text) {
    for (char character : text)
        if (character < '0' || character > '9') return false;
    return !text.empty();
}

int number(std::string_view digits) {
    int value = 0;
    for (char digit : digits) value = value * 10 + (digit - '0');
    return value;
}

/// `20160513` as exiv2 writes it; nothing when it is not a plain day.
bool appendDate(std::string &text, std::string_view value) {
    if (value.size() != 8 || !areDigits(value)) return false;
    int month = number(value.substr(4, 2)), day = number(value.substr(6));
    if (month < 1 || month > 12 || day < 1 || day > 28 || number(value.substr(0, 4)) < 1000) return false;
    text.append(value.substr(0, 4)).append("-").append(value.substr(4, 2)).append("-").append(value.substr(6));
    return true;
}

/// `214000+0100` as exiv2 writes it.
bool appendTime(std::string &text, std::string_view value) {
    if (value.size() != 11 || (value[6] != '+' && value[6] != '-')) return false;
    auto clock = value.substr(0, 6), zone = value.substr(7);
    if (!areDigits(clock) || !areDigits(zone) || number(clock.substr(0, 2)) > 23 || number(clock.substr(2, 2)) > 59 ||
        number(clock.substr(4)) > 59 || number(zone.substr(0, 2)) > 12 || number(zone.substr(2)) > 59)
        return false;
    text.append(clock.substr(0, 2)).append(":").append(clock.substr(2, 2)).append(":").append(clock.substr(4));
    text += value[6] == '-' && zone != "0000" ? '-' : '+';
    text.append(zone.substr(0, 2)).append(":").append(zone.substr(2));
    return true;
}

void appendNumber(std::string &text, int number) {
    char digits[16];
    text.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

/// A value of one dataset in exiv2's notation; false for what is out of the ordinary.
bool appendValue(std::string &text, TypeId type, std::string_view value) {
    switch (type) {
    case Exiv2::string: text.append(value); return true;
    case Exiv2::date: return appendDate(text, value);
    case Exiv2::time: return appendTime(text, value);
    case Exiv2::unsignedShort:
        if (value.size() != 2) return false;
        appendNumber(text, static_cast<uint8_t>(value[0]) << 8 | static_cast<uint8_t>(value[1]));
        return true;
    case Exiv2::undefined:
        if (value.empty() || value.size() > 32) return false;
        for (size_t at = 0; at < value.size(); at++) {
            if (at > 0) text += ' ';
            appendNumber(text, static_cast<uint8_t>(value[at]));
        }
        return true;
    default: return false;
    }
}

} // namespace

void addIptc(Tags &tags, const Exiv2::IptcData &iptc) {
    for (const auto &datum : iptc) {
        if (datum.typeId() == Exiv2::invalidTypeId) continue;
        auto text = datum.toString();
        auto source = field(datum.record(), datum.tag());
        auto key = datum.key();
        if (datum.typeId() == Exiv2::undefined && source == TagFieldCount && datum.size() > 32) {
            std::string bytes(static_cast<size_t>(datum.size()), '\0');
            datum.copy(reinterpret_cast<Exiv2::byte *>(bytes.data()), Exiv2::bigEndian);
            tags.appendBytes(key, std::string_view(bytes).substr(0, bytes.size() > longestData ? beginning : bytes.size()),
                bytes.size());
        } else {
            tags.append(key, Exiv2::TypeInfo::typeName(datum.typeId()), text);
        }
        if (source != TagFieldCount) tags.report(source, 0, 0, key, text);
    }
}

// IIM is a list of marker, record, dataset, length and value (IPTC-IIM 4.1, 1.6): where it is no more than that, and its
// values are as they should be, exiv2 would say the same with a dozen allocations for each.
bool addPlainIptc(Tags &tags, std::string_view block) {
    auto mark = tags.mark();
    bool seen[2][256] = {};
    std::string text;
    while (block.size() >= 6 && block[0] == 0x1c) {
        auto byte = [&](size_t at) { return static_cast<uint8_t>(block[at]); };
        uint16_t record = byte(1), number = byte(2);
        size_t size = static_cast<size_t>(byte(3) << 8 | byte(4));
        // A length of 32768 says that a longer one follows.
        if (record < 1 || record > 2 || size >= 0x8000 || size > block.size() - 5) break;
        const auto &known = dataset(record, number);
        text.clear();
        if (!appendValue(text, known.type, block.substr(5, size))) break;
        block.remove_prefix(5 + size);
        // Of what may stand only once exiv2 keeps the first.
        if (!known.isRepeatable && std::exchange(seen[record - 1][number], true)) continue;
        tags.append(known.key, known.typeName, text);
        if (known.field != TagFieldCount) tags.report(known.field, 0, 0, known.key, text);
    }
    // Zeros fill a block up.
    if (block.find_first_not_of('\0') == std::string_view::npos) return true;
    tags.goBack(mark);
    return false;
}
