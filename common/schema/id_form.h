/* The forms of ids that kinds.def declares: "event~person", "<uuid>", "run~<number>,<slug>~step". */
#pragma once

#include "common/base/json.h"

/* Does the id have the form? A part that names a field must equal its value in the document (a composite
 * value is spliced in). */
bool id_form_fits(const char *form, Str id, const Json *doc);
