#include <exiv2/exiv2.hpp>
