#include <vips/vips.h>
#include "CVips.h"
int cvips_version(int part) { return vips_version(part); }
