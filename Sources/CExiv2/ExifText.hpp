#pragma once
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

// How values of Exif become text: in exiv2's notation, whoever read them.

template <typename Number> void appendNumber(std::string &text, Number number) {
    char digits[32];
    auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    text.append(digits, end);
}

template <typename Number> void appendNumber(std::string &text, const std::pair<Number, Number> &fraction) {
    appendNumber(text, fraction.first);
    text += '/';
    appendNumber(text, fraction.second);
}

inline std::string_view withoutTrailingZeros(std::string_view text) {
    size_t end = text.size();
    while (end > 0 && text[end - 1] == 0) end--;
    return text.substr(0, end);
}

/// Windows writes its titles and keywords as UTF-16 in tags of bytes.
inline bool isWideText(uint16_t tag) { return tag >= 0x9c9b && tag <= 0x9c9f; }

std::string fromUTF16(std::string_view bytes);

/// Whether a maker's text is one: letters, digits and signs up to its first zero.
inline bool isReadable(std::string_view text) {
    for (char character : text.substr(0, text.find('\0'))) {
        auto byte = static_cast<uint8_t>(character);
        if (byte < 0x20 || byte == 0x7f) return false;
    }
    return true;
}
