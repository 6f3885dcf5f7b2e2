#pragma once
#include "CExiv2.h"

#include <cstdint>
#include <string>

/// Which field of a reading a tag can give, and how far it is trusted beside others that can.
struct Source {
    TagField field;
    int rank;
};

constexpr Source nowhere{TagFieldCount, 0};

/// Of a directory of Exif proper.
Source exifSource(TagDirectory directory, uint16_t tag);
/// Of a maker's note.
Source makerSource(const std::string &key);
