/* Identifiers of PROTOCOL 1: kinds, ids, scopes, and UUIDv7 (RFC 9562) for what is created. */
#pragma once

#include "common/base/clock.h"
#include "common/base/rng.h"
#include "common/base/str.h"

enum { KIND_MAX = 32, ID_MAX = 96, ID_PART_MAX = 40, SCOPE_MAX = 8 + ID_MAX, UUID_LEN = 36 };

typedef struct Uuid {
    char text[UUID_LEN + 1];
} Uuid;

Uuid uuid_new(Millis now, Rng *rng);
Uuid uuid_secret(Millis now); /* the random part from the kernel */
bool uuid_is_valid(Str text);

bool kind_is_valid(Str kind);    /* [a-z][a-z0-9_]{0,31} */
bool id_is_valid(Str id);        /* [0-9A-Za-z_.~-]{1,96}, not "." or ".." */
bool id_part_is_valid(Str part); /* the same without ~, at most 40 */
bool scope_is_valid(Str scope);  /* public | hub | pool:, org:, site:, device: and an id */

/* "a~b" or "a~b~c": the natural id of a thing that done twice is the same thing. */
Str id_join(Arena *arena, Str a, Str b);
Str id_join3(Arena *arena, Str a, Str b, Str c);
Str scope_join(Arena *arena, const char *type, Str id); /* "org", "olivet" → "org:olivet" */
