#include "CTagDictionaries.h"

extern const char tag_dictionary_1[];
extern const size_t tag_dictionary_1_size;

const void *tag_dictionary(int version, size_t *count) {
    switch (version) {
    case 1: *count = tag_dictionary_1_size; return tag_dictionary_1;
    default: *count = 0; return NULL;
    }
}
