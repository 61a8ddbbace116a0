#include "common/wire/json_scan.h"
#include "common/wire/wire.h"

#include <string.h>

#define SEQ_MAX ((int64_t)9007199254740991) /* PROTOCOL 1 */

static bool skip(Str *rest, Str expected) {
    if (!str_starts(*rest, expected)) return false;
    *rest = str_skip(*rest, expected.len);
    return true;
}

/* Digits without a leading zero, from 1 on. */
static bool take_seq(Str *rest, int64_t *out) {
    size_t len = 0;
    while (len < rest->len && rest->at[len] >= '0' && rest->at[len] <= '9') len++;
    if (len == 0 || rest->at[0] == '0' || !str_to_int(str_first(*rest, len), out) || *out > SEQ_MAX)
        return false;
    *rest = str_skip(*rest, len);
    return true;
}

/* The rest of a quoted text that holds no escapes. */
static bool take_quoted(Str *rest, Str *out) {
    const char *quote = rest->len ? memchr(rest->at, '"', rest->len) : NULL;
    if (!quote) return false;
    *out = str_first(*rest, (size_t)(quote - rest->at));
    *rest = str_skip(*rest, out->len + 1);
    return true;
}

static bool take_name(Str *rest, Str *out, bool (*is_valid)(Str)) {
    return take_quoted(rest, out) && is_valid(*out);
}

static bool take_hash(Str *rest, Hash *out) {
    Str hex = {0};
    return take_quoted(rest, &hex) && hash_from_hex(hex, out);
}

static bool take_identity(Str *rest, FeedLine *line) {
    return skip(rest, STR("{\"seq\":")) && take_seq(rest, &line->seq) && skip(rest, STR(",\"kind\":\"")) &&
           take_name(rest, &line->kind, kind_is_valid) && skip(rest, STR(",\"id\":\"")) &&
           take_name(rest, &line->id, id_is_valid) && skip(rest, STR(",\"scope\":\"")) &&
           take_name(rest, &line->scope, scope_is_valid);
}

static bool take_document(Str *rest, FeedLine *line) {
    if (!skip(rest, STR(",\"hash\":\"")) || !take_hash(rest, &line->hash) || !skip(rest, STR(",\"doc\":")))
        return false;
    if (rest->len == 0 || rest->at[rest->len - 1] != '}') return false;
    line->doc = str_first(*rest, rest->len - 1);
    return json_scan_object(line->doc);
}

Status feed_line_scan(Str line, FeedLine *out, Err *err) {
    if (line.len > FEED_LINE_MAX)
        return err_set(err, E_TOOBIG, "a feed line is longer than %d bytes", FEED_LINE_MAX);
    FeedLine found = {0};
    Str rest = line;
    if (!take_identity(&rest, &found)) return err_set(err, E_INVALID, "this is no feed line");
    if (str_is(rest, ",\"left\":true}"))
        found.left = true;
    else if (!take_document(&rest, &found))
        return err_set(err, E_INVALID, "the feed line %lld is cut or misspelled", (long long)found.seq);
    *out = found;
    return OK;
}

bool feed_line_is_true(const FeedLine *line) {
    return line->left || hash_equal(line->hash, hash_record(line->kind, line->id, line->scope, line->doc));
}

void feed_line_write(Buf *out, const FeedLine *line) {
    buf_print(out, "{\"seq\":%lld,\"kind\":\"%.*s\",\"id\":\"%.*s\",\"scope\":\"%.*s\"", (long long)line->seq,
              STR_FORMAT(line->kind), STR_FORMAT(line->id), STR_FORMAT(line->scope));
    if (line->left) {
        buf_add_cstr(out, ",\"left\":true}\n");
        return;
    }
    buf_print(out, ",\"hash\":\"%s\",\"doc\":", hash_hex(line->hash).text);
    buf_add(out, line->doc);
    buf_add_cstr(out, "}\n");
}
