/* Structs filled by dice, for properties that must hold for every kind. */
#pragma once

#include "common/base/rng.h"
#include "common/schema/schema.h"

/* Every field of the kind by its type: required ones always, optional ones half the time. id and scope fit
 * the kind. */
void random_record(Kind kind, Arena *arena, Rng *rng, void *out);
