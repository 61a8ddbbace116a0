#include "common/wire/wire.h"

static bool is_digits(Str text) {
    if (text.len == 0 || (text.len > 1 && text.at[0] == '0')) return false;
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < '0' || text.at[i] > '9') return false;
    return true;
}

static bool read_number(Str text, int64_t *out) {
    return is_digits(text) && str_to_int(text, out);
}

static bool read_item(Str text, CursorItem *out) {
    Str scope = {0}, seq = {0};
    CursorItem item = {.head0 = -1};
    if (!str_cut(&text, '@', &scope) || !text.at || !scope_is_valid(scope)) return false;
    str_cut(&text, '*', &seq);
    if (!read_number(seq, &item.seq) || (text.at && !read_number(text, &item.head0))) return false;
    item.scope = scope;
    *out = item;
    return true;
}

static bool is_named(const CursorItem *items, size_t count, Str scope) {
    for (size_t i = 0; i < count; i++)
        if (str_equal(items[i].scope, scope)) return true;
    return false;
}

static size_t items_in(Str text) {
    size_t count = 1;
    for (size_t i = 0; i < text.len; i++) count += text.at[i] == ',';
    return count;
}

Status cursor_read(Arena *arena, Str text, CursorItem **out, size_t *count, Err *err) {
    size_t most = text.len ? items_in(text) : 0, found = 0;
    if (most > SCOPES_MAX) return err_set(err, E_TOOBIG, "a cursor has at most %d items", SCOPES_MAX);
    CursorItem *items = ARENA_ARRAY(arena, CursorItem, most + 1);
    Str part = {0};
    while (found < most && str_cut(&text, ',', &part)) {
        if (!read_item(part, &items[found]))
            return err_set(err, E_INVALID, "“%.*s” is no item of a cursor", STR_FORMAT(str_first(part, 80)));
        if (is_named(items, found, items[found].scope))
            return err_set(err, E_INVALID, "the cursor names %.*s twice", STR_FORMAT(items[found].scope));
        found++;
    }
    *out = items;
    *count = found;
    return OK;
}

void cursor_write(Buf *out, const CursorItem *items, size_t count) {
    for (size_t i = 0; i < count; i++) {
        buf_print(out, "%s%.*s@%lld", i ? "," : "", STR_FORMAT(items[i].scope), (long long)items[i].seq);
        if (items[i].head0 >= 0) buf_print(out, "*%lld", (long long)items[i].head0);
    }
}

/* ---- epoch ---- */
enum { EPOCH_RANDOM_MAX = 64 };

static bool is_random_part(Str text) {
    if (text.len == 0 || text.len > EPOCH_RANDOM_MAX) return false;
    for (size_t i = 0; i < text.len; i++)
        if (!(text.at[i] >= '0' && text.at[i] <= '9') && !(text.at[i] >= 'a' && text.at[i] <= 'z'))
            return false;
    return true;
}

int64_t epoch_generation(Str epoch) {
    int64_t generation = -1;
    Str first = {0};
    if (!str_cut(&epoch, '-', &first) || !read_number(first, &generation) || !is_random_part(epoch))
        return -1;
    return generation;
}

bool epoch_is_valid(Str epoch) {
    return epoch_generation(epoch) >= 0;
}
