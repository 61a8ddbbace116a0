#include "common/base/id.h"

#include <stdio.h>
#include <string.h>

enum { UUID_BYTES = 16 };

static Uuid uuid_from(Millis now, const unsigned char random[UUID_BYTES]) {
    unsigned char bytes[UUID_BYTES];
    Uuid uuid;
    char *to = uuid.text;
    memcpy(bytes, random, UUID_BYTES);
    for (int i = 0; i < 6; i++) bytes[i] = (unsigned char)((uint64_t)now >> (40 - 8 * i));
    bytes[6] = (unsigned char)(0x70 | (bytes[6] & 0x0F));
    bytes[8] = (unsigned char)(0x80 | (bytes[8] & 0x3F));
    for (int i = 0; i < UUID_BYTES; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) *to++ = '-';
        to += snprintf(to, 3, "%02x", bytes[i]);
    }
    return uuid;
}

Uuid uuid_new(Millis now, Rng *rng) {
    unsigned char random[UUID_BYTES];
    rng_fill(rng, random, sizeof(random));
    return uuid_from(now, random);
}

Uuid uuid_secret(Millis now) {
    unsigned char random[UUID_BYTES];
    random_secret(random, sizeof(random));
    return uuid_from(now, random);
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool is_lower(char byte) {
    return byte >= 'a' && byte <= 'z';
}

bool uuid_is_valid(Str text) {
    if (text.len != UUID_LEN) return false;
    for (size_t i = 0; i < UUID_LEN; i++) {
        char byte = text.at[i];
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? byte != '-' : !is_digit(byte) && !(byte >= 'a' && byte <= 'f')) return false;
    }
    return true;
}

bool kind_is_valid(Str kind) {
    if (kind.len == 0 || kind.len > KIND_MAX || !is_lower(kind.at[0])) return false;
    for (size_t i = 1; i < kind.len; i++)
        if (!is_lower(kind.at[i]) && !is_digit(kind.at[i]) && kind.at[i] != '_') return false;
    return true;
}

static bool is_id_byte(char byte) {
    return is_digit(byte) || is_lower(byte) || (byte >= 'A' && byte <= 'Z') || (byte && strchr("_.~-", byte));
}

bool id_is_valid(Str id) {
    if (id.len == 0 || id.len > ID_MAX) return false;
    for (size_t i = 0; i < id.len; i++)
        if (!is_id_byte(id.at[i])) return false;
    return !str_is(id, ".") && !str_is(id, "..");
}

bool id_part_is_valid(Str part) {
    return part.len <= ID_PART_MAX && id_is_valid(part) && !str_has(part, '~');
}

bool scope_is_valid(Str scope) {
    static const char *const types[] = {"pool:", "org:", "site:", "device:"};
    if (str_is(scope, "public") || str_is(scope, "hub")) return true;
    for (size_t i = 0; i < COUNT(types); i++) {
        Str type = str_of(types[i]);
        if (str_starts(scope, type)) return id_is_valid(str_skip(scope, type.len));
    }
    return false;
}

Str id_join(Arena *arena, Str a, Str b) {
    return str_print(arena, "%.*s~%.*s", STR_FORMAT(a), STR_FORMAT(b));
}

Str id_join3(Arena *arena, Str a, Str b, Str c) {
    return str_print(arena, "%.*s~%.*s~%.*s", STR_FORMAT(a), STR_FORMAT(b), STR_FORMAT(c));
}

Str scope_join(Arena *arena, const char *type, Str id) {
    return str_print(arena, "%s:%.*s", type, STR_FORMAT(id));
}
