#pragma once
#include <stddef.h>

/// The dictionary of a version, and how long it is; NULL when there is no such version.
const void *tag_dictionary(int version, size_t *count);
