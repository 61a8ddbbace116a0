#include "common/wire/wire.h"

FeedPart feed_part_of(Str line) {
    if (str_starts(line, STR("{\"feed\":"))) return FEED_HEADER;
    if (str_starts(line, STR("{\"more\":")) || str_starts(line, STR("{\"complete\":"))) return FEED_TRAILER;
    return FEED_LINE;
}

static Status read_map(Arena *arena, Str line, const char *what, Json **out, Err *err) {
    if (line.len > FEED_LINE_MAX)
        return err_set(err, E_TOOBIG, "the %s is longer than %d bytes", what, FEED_LINE_MAX);
    TRY(json_parse(arena, line, out, err));
    return (*out)->type == JSON_MAP_T ? OK : err_set(err, E_INVALID, "the %s is no JSON object", what);
}

/* ---- header ---- */
static Status read_scopes(Arena *arena, const Json *map, const char *name, ScopeList *out, Err *err) {
    const Json *list = json_get(map, name);
    if (!list || list->type != JSON_LIST_T || list->count > SCOPES_MAX)
        return err_set(err, E_INVALID, "“%s” of the feed header is no list of at most %d scopes", name,
                       SCOPES_MAX);
    ScopeList scopes = {.at = ARENA_ARRAY(arena, Str, list->count + 1)};
    for (const Json *item = list->first; item; item = item->next) {
        if (item->type != JSON_TEXT_T || !scope_is_valid(item->text))
            return err_set(err, E_INVALID, "“%s” of the feed header names what is no scope", name);
        scopes.at[scopes.count++] = item->text;
    }
    *out = scopes;
    return OK;
}

Status feed_header_read(Arena *arena, Str line, FeedHeader *out, Err *err) {
    Json *map = NULL;
    FeedHeader header = {0};
    TRY(read_map(arena, line, "feed header", &map, err));
    if (!json_get(map, "feed")) return err_set(err, E_INVALID, "the feed does not begin with its header");
    if (json_get_int(map, "feed", 0) != 1)
        return err_set(err, E_VERSION, "the feed is of another version than 1");
    header.epoch = json_get_text(map, "epoch");
    header.head = json_get_int(map, "head", -1);
    if (!epoch_is_valid(header.epoch) || header.head < 0)
        return err_set(err, E_INVALID, "the feed header has no epoch or no head");
    TRY(read_scopes(arena, map, "scopes", &header.scopes, err));
    TRY(read_scopes(arena, map, "reload", &header.reload, err));
    TRY(read_scopes(arena, map, "revoked", &header.revoked, err));
    *out = header;
    return OK;
}

static void write_scopes(Buf *out, const char *name, const ScopeList *scopes) {
    buf_print(out, ",\"%s\":[", name);
    for (size_t i = 0; i < scopes->count; i++) {
        if (i) buf_add_byte(out, ',');
        json_write_text(out, scopes->at[i]);
    }
    buf_add_byte(out, ']');
}

void feed_header_write(Buf *out, const FeedHeader *header) {
    buf_add_cstr(out, "{\"feed\":1,\"epoch\":");
    json_write_text(out, header->epoch);
    buf_print(out, ",\"head\":%lld", (long long)header->head);
    write_scopes(out, "scopes", &header->scopes);
    write_scopes(out, "reload", &header->reload);
    write_scopes(out, "revoked", &header->revoked);
    buf_add_cstr(out, "}\n");
}

/* ---- trailer ---- */
static bool read_sum(const Json *pair, ScopeSum *out) {
    if (!scope_is_valid(pair->name) || pair->type != JSON_LIST_T || pair->count != 2) return false;
    const Json *count = pair->first, *total = pair->last;
    if (count->type != JSON_INT_T || total->type != JSON_TEXT_T) return false;
    out->scope = pair->name;
    return sum_from(count->integer, total->text, &out->sum);
}

static Status read_sums(Arena *arena, const Json *sums, FeedTrailer *out, Err *err) {
    if (!sums || sums->type != JSON_MAP_T || sums->count > SCOPES_MAX)
        return err_set(err, E_INVALID, "the feed ends without sums");
    out->sums = ARENA_ARRAY(arena, ScopeSum, sums->count + 1);
    for (const Json *pair = sums->first; pair; pair = pair->next)
        if (!read_sum(pair, &out->sums[out->sum_count++]))
            return err_set(err, E_INVALID, "a sum at the end of the feed is malformed");
    return OK;
}

Status feed_trailer_read(Arena *arena, Str line, FeedTrailer *out, Err *err) {
    Json *map = NULL;
    TRY(read_map(arena, line, "end of the feed", &map, err));
    FeedTrailer trailer = {.complete = json_get_bool(map, "complete", false),
                           .seq = json_get_int(map, "seq", -1)};
    if (trailer.complete == json_get_bool(map, "more", false) || trailer.seq < 0)
        return err_set(err, E_INVALID, "the end of the feed is neither “more” nor “complete”, or has no seq");
    if (trailer.complete) TRY(read_sums(arena, json_get(map, "sums"), &trailer, err));
    *out = trailer;
    return OK;
}

void feed_trailer_write(Buf *out, const FeedTrailer *trailer) {
    if (!trailer->complete) {
        buf_print(out, "{\"more\":true,\"seq\":%lld}\n", (long long)trailer->seq);
        return;
    }
    buf_print(out, "{\"complete\":true,\"seq\":%lld,\"sums\":{", (long long)trailer->seq);
    for (size_t i = 0; i < trailer->sum_count; i++) {
        const ScopeSum *one = &trailer->sums[i];
        if (i) buf_add_byte(out, ',');
        json_write_text(out, one->scope);
        buf_print(out, ":[%lld,\"%s\"]", (long long)one->sum.count, sum_hex(one->sum).text);
    }
    buf_add_cstr(out, "}}\n");
}
