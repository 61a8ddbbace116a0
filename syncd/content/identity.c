#include "syncd/content/inside.h"

#include "common/wire/secret.h"

#include <string.h>

void *list_grow(Arena *arena, void *items, size_t count, size_t *capacity, size_t item_size) {
    if (count < *capacity) return items;
    *capacity = *capacity ? 2 * *capacity : 4;
    char *grown = arena_alloc(arena, *capacity * item_size);
    if (count) memcpy(grown, items, count * item_size);
    return grown;
}

/* README: the 16 bytes of a BLAKE2b-128 with version 8 and the variant of RFC 9562. */
static Str uuid_derived(Arena *arena, const char *what, Str org, Str number) {
    Str source = str_print(arena, "%s\n%.*s\n%.*s", what, STR_FORMAT(org), STR_FORMAT(number));
    unsigned char bytes[16];
    (void)hex_decode(blake2b_hex(arena, sizeof bytes, source), bytes, sizeof bytes);
    bytes[6] = (unsigned char)(0x80 | (bytes[6] & 0x0F));
    bytes[8] = (unsigned char)(0x80 | (bytes[8] & 0x3F));
    char *text = arena_alloc(arena, UUID_LEN + 1);
    size_t at = 0;
    for (size_t i = 0; i < sizeof bytes; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text[at++] = '-';
        text[at++] = "0123456789abcdef"[bytes[i] >> 4];
        text[at++] = "0123456789abcdef"[bytes[i] & 15];
    }
    return (Str){text, at};
}

Str person_id(Arena *arena, Str org, Str number) {
    return uuid_is_valid(number) ? number : uuid_derived(arena, "person", org, number);
}

Str event_id(Arena *arena, Str uid) {
    return str_first(blake2b_hex(arena, 32, str_print(arena, "%.*s\n", STR_FORMAT(uid))), 32);
}

Str numbered_id(Arena *arena, Kind kind, Str org, Str number) {
    return uuid_derived(arena, kind_info(kind)->name, org, number);
}

static size_t seen_bucket(const ContentPlan *plan, Kind kind, Str id) {
    return (size_t)(str_hash(id) * 31 + (uint64_t)kind) % plan->seen_bucket_count;
}

static void seen_link(ContentPlan *plan, size_t index) {
    SeenId *seen = &plan->seen[index];
    size_t *bucket = &plan->seen_buckets[seen_bucket(plan, seen->kind, seen->id)];
    seen->next = *bucket;
    *bucket = index + 1;
}

void seen_add(ContentPlan *plan, Kind kind, Str id, const FileState *file, const Candidate *candidate,
              int line) {
    SeenId *seen = LIST_ADD(plan->arena, plan->seen, plan->seen_count, plan->seen_capacity);
    *seen = (SeenId){kind, id, file, candidate, line, 0};
    if (plan->seen_count <= plan->seen_bucket_count) {
        seen_link(plan, plan->seen_count - 1);
        return;
    }
    plan->seen_bucket_count = plan->seen_bucket_count ? 4 * plan->seen_bucket_count : 1024;
    plan->seen_buckets = ARENA_ARRAY(plan->arena, size_t, plan->seen_bucket_count);
    for (size_t i = 0; i < plan->seen_count; i++) seen_link(plan, i);
}

const SeenId *seen_find(const ContentPlan *plan, Kind kind, Str id) {
    if (plan->seen_bucket_count == 0) return NULL;
    size_t at = plan->seen_buckets[seen_bucket(plan, kind, id)];
    for (; at; at = plan->seen[at - 1].next) {
        const SeenId *seen = &plan->seen[at - 1];
        if (seen->kind == kind && str_equal(seen->id, id)) return seen;
    }
    return NULL;
}
