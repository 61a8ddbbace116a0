/* Is this one JSON object (RFC 8259), spelled without spaces, at most JSON_DEPTH_MAX deep? Without building a
 * tree: the documents of feed lines pass through here. What passes can be read by json_parse and by SQLite.
 */
#pragma once

#include "common/base/str.h"

bool json_scan_object(Str text);
