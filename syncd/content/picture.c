/* Pictures and files beside the texts: paths inside the imported folder become blobs. */
#include "syncd/content/inside.h"

#include "common/base/utf8.h"
#include "common/wire/secret.h"

#include <string.h>

enum { SHA256_HEX = 64 };

FileState *file_find(const ContentPlan *plan, Str name) {
    for (size_t i = 0, at = (size_t)str_hash(name) % plan->by_name_size; i < plan->by_name_size; i++) {
        size_t index = plan->by_name[(at + i) % plan->by_name_size];
        if (index == 0) return NULL;
        if (str_equal(plan->files[index - 1].file->name, name)) return &plan->files[index - 1];
    }
    return NULL;
}

/* "livret" and "../images/x.svg" → "images/x.svg"; absent where it leaves the folder. */
static Str path_resolve(Arena *arena, Str from_file, Str path) {
    size_t cut = from_file.len, len;
    while (cut > 0 && from_file.at[cut - 1] != '/') cut--;
    char *out = arena_alloc(arena, from_file.len + path.len + 2);
    if (cut) memcpy(out, from_file.at, cut);
    len = cut;
    if (path.len == 0 || path.at[0] == '/' || str_has(path, '\\')) return (Str){0};
    for (Str rest = path, part; str_cut(&rest, '/', &part);) {
        if (str_is(part, ".")) continue;
        if (str_is(part, "..")) {
            if (len == 0) return (Str){0};
            for (len--; len > 0 && out[len - 1] != '/';) len--;
            continue;
        }
        if (part.len) memcpy(out + len, part.at, part.len);
        len += part.len;
        if (rest.at) out[len++] = '/';
    }
    return (Str){out, len};
}

static bool is_blob_name(Str path) {
    if (!str_starts(path, STR("blob:")) || path.len != 5 + SHA256_HEX) return false;
    for (size_t i = 5; i < path.len; i++)
        if (!strchr("0123456789abcdef", path.at[i])) return false;
    return true;
}

static Str blob_add(RowReader *reader, const ContentFile *picture) {
    FileState *file = reader->file;
    Arena *arena = reader->plan->arena;
    Str sha256 = sha256_hex(arena, picture->bytes);
    Blob *blob = LIST_ADD(arena, file->blobs, file->blob_count, file->blob_capacity);
    *blob = (Blob){sha256, picture->bytes};
    return str_print(arena, "blob:%.*s", STR_FORMAT(sha256));
}

Str picture_take(RowReader *reader, const Column *column, Cell cell, Str path) {
    if (is_blob_name(path)) return path;
    Str name = path_resolve(reader->plan->arena, reader->file->file->name, path);
    if (!name.at) {
        row_issue(reader, column, cell, "outside", "“%.*s” is not a path inside the imported folder",
                  STR_FORMAT(path));
        return (Str){0};
    }
    FileState *picture = file_find(reader->plan, name);
    if (!picture) {
        row_issue(reader, column, cell, "no_file", "there is no file “%.*s”", STR_FORMAT(name));
        return (Str){0};
    }
    picture->used = true;
    if (picture->file->bytes.len <= CONTENT_BLOB_MAX) return blob_add(reader, picture->file);
    row_issue(reader, column, cell, "too_large", "“%.*s” is larger than %d MiB", STR_FORMAT(name),
              CONTENT_BLOB_MAX / (1024 * 1024));
    return (Str){0};
}

/* ---- pictures in Markdown ---- */
typedef struct Scan {
    Str text;
    size_t at;
    char fence; /* '`' or '~' inside a fenced block, else 0 */
} Scan;

static bool at_line_start(const Scan *scan) {
    return scan->at == 0 || scan->text.at[scan->at - 1] == '\n';
}

static size_t run_length(Str text, size_t at, char byte) {
    size_t len = 0;
    while (at + len < text.len && text.at[at + len] == byte) len++;
    return len;
}

static void skip_line(Scan *scan) {
    while (scan->at < scan->text.len && scan->text.at[scan->at] != '\n') scan->at++;
    if (scan->at < scan->text.len) scan->at++;
}

/* Steps over a fence, a line inside one, or a code span; false where none begins here. */
static bool code_skipped(Scan *scan) {
    if (at_line_start(scan)) {
        size_t at = scan->at + run_length(scan->text, scan->at, ' ');
        char byte = at < scan->text.len ? scan->text.at[at] : 0;
        bool is_fence = (byte == '`' || byte == '~') && run_length(scan->text, at, byte) >= 3;
        if (is_fence && (!scan->fence || scan->fence == byte)) {
            scan->fence = scan->fence ? 0 : byte;
            skip_line(scan);
            return true;
        }
        if (scan->fence) {
            skip_line(scan);
            return true;
        }
    }
    if (scan->text.at[scan->at] != '`') return false;
    size_t ticks = run_length(scan->text, scan->at, '`');
    for (size_t end = scan->at + ticks; end < scan->text.len; end++) {
        size_t closing = run_length(scan->text, end, '`');
        if (closing == ticks) {
            scan->at = end + closing;
            return true;
        }
        if (closing) end += closing - 1;
    }
    scan->at += ticks;
    return true;
}

/* "![alt](path" from scan->at: where the path stands. */
static bool picture_at(const Scan *scan, Str *path) {
    Str rest = str_skip(scan->text, scan->at);
    if (!str_starts(rest, STR("!["))) return false;
    ptrdiff_t middle = str_find(rest, STR("]("));
    ptrdiff_t paragraph = str_find(rest, STR("\n\n"));
    if (middle < 0 || (paragraph >= 0 && paragraph < middle)) return false;
    Str from = str_skip(rest, (size_t)middle + 2);
    size_t len = 0;
    while (len < from.len && !strchr(" )\n\t", from.at[len])) len++;
    *path = str_first(from, len);
    return len > 0;
}

static Cell cell_at(Cell cell, size_t offset, bool markdown_file) {
    if (!markdown_file) return cell;
    Str before = str_first(cell.text, offset);
    size_t line_start = 0;
    int line = cell.line;
    for (size_t i = 0; i < before.len; i++)
        if (before.at[i] == '\n') line_start = i + 1, line++;
    int first = line == cell.line ? cell.column : 1;
    return (Cell){cell.text, line, first + (int)utf8_length(str_skip(before, line_start))};
}

static bool picture_replaced(RowReader *reader, const Column *column, Cell cell, Scan *scan, Buf *out) {
    Str path;
    if (!picture_at(scan, &path)) {
        buf_add_byte(out, scan->text.at[scan->at++]);
        return true;
    }
    size_t offset = (size_t)(path.at - scan->text.at);
    Cell place = cell_at(cell, offset, reader->type->markdown);
    place.text = path;
    Str blob = picture_take(reader, column, place, path);
    buf_add(out, (Str){scan->text.at + scan->at, offset - scan->at});
    buf_add(out, blob);
    scan->at = offset + path.len;
    return blob.at;
}

Str markdown_read(RowReader *reader, const Column *column, Cell cell) {
    if (cell.text.len > BODY_FIELD_MAX) {
        cell.text = str_first(cell.text, 0);
        row_issue(reader, column, cell, "too_long", "the text is longer than %d KiB", BODY_FIELD_MAX / 1024);
        return (Str){0};
    }
    if (str_find(cell.text, STR("![")) < 0) return cell.text;
    AUTO(buf_free) Buf out = buf_new(4 * BODY_FIELD_MAX);
    Scan scan = {cell.text, 0, 0};
    bool right = true;
    while (scan.at < scan.text.len) {
        size_t from = scan.at;
        if (code_skipped(&scan))
            buf_add(&out, (Str){scan.text.at + from, scan.at - from});
        else if (!picture_replaced(reader, column, cell, &scan, &out))
            right = false;
    }
    return right ? str_copy(reader->plan->arena, buf_str(&out)) : (Str){0};
}
