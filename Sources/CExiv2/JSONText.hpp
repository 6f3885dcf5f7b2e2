#pragma once
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>

/// JSON that is being written, in memory that is kept from file to file.
///
/// A string of the library would do; it costs a call for each comma, and tags are mostly commas.
class JSONText {
  public:
    size_t size() const { return count; }
    const char *data() const { return bytes.get(); }
    void clear() { count = 0; }
    /// Back to a size that it had.
    void cut(size_t size) { count = size; }

    void operator+=(char character) {
        makeRoom(1);
        bytes[count++] = character;
    }

    void operator+=(std::string_view text) {
        if (text.empty()) return;
        makeRoom(text.size());
        memcpy(bytes.get() + count, text.data(), text.size());
        count += text.size();
    }

    /// The text in quotation marks. It is UTF-8.
    void quote(std::string_view text) {
        // Six for the worst byte, so that there is no looking after room within.
        makeRoom(text.size() * 6 + 2);
        char *to = bytes.get() + count;
        const char *from = text.data(), *end = from + text.size();
        *to++ = '"';
        while (from < end) {
            uint64_t eight;
            if (end - from >= 8 && (memcpy(&eight, from, 8), isPlain(eight))) {
                memcpy(to, from, 8);
                to += 8;
                from += 8;
                continue;
            }
            // The eight that are not all plain, or the last few.
            for (const char *stop = end - from < 8 ? end : from + 8; from < stop; from++) to = escaped(to, *from);
        }
        *to++ = '"';
        count = static_cast<size_t>(to - bytes.get());
    }

  private:
    std::unique_ptr<char[]> bytes;
    size_t count = 0, capacity = 0;

    void makeRoom(size_t more) {
        if (capacity - count < more) grow(more);
    }

    void grow(size_t more) {
        size_t larger = capacity * 2 + more + 4096;
        std::unique_ptr<char[]> copy(new char[larger]);
        if (count > 0) memcpy(copy.get(), bytes.get(), count);
        bytes = std::move(copy);
        capacity = larger;
    }

    /// Whether none of eight bytes is a control character, a quotation mark or a backslash. Bytes above 0x7F are plain.
    static bool isPlain(uint64_t eight) {
        constexpr uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
        uint64_t quotes = eight ^ ones * '"', backslashes = eight ^ ones * '\\';
        return ((((eight - ones * 0x20) & ~eight) | ((quotes - ones) & ~quotes) | ((backslashes - ones) & ~backslashes)) & tops) == 0;
    }

    static char *escaped(char *to, char character) {
        auto byte = static_cast<uint8_t>(character);
        if (byte == '"' || byte == '\\') {
            *to++ = '\\';
        } else if (byte < 0x20) {
            static const char digits[] = "0123456789abcdef";
            memcpy(to, "\\u00", 4);
            to[4] = digits[byte >> 4];
            to[5] = digits[byte & 15];
            return to + 6;
        }
        *to++ = character;
        return to;
    }
};
