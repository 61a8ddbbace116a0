/* Records → the files that an import takes back: the columns of columns.c read the other way. Kinds that have
 * no such file become a table of their fields. */
#include "syncd/content/inside.h"

#include "syncd/content/export_cell.h"

#include <string.h>

enum { EXPORT_FILE_MAX = 64 * 1024 * 1024, EXPORT_LANGS_MAX = 16 };

typedef struct Exporter {
    Arena *arena;
    const FileType *type;
    Exported *records;
    size_t count;
    const Exported *parts;
    size_t part_count;
    Str langs[EXPORT_LANGS_MAX];
    size_t lang_count;
} Exporter;

Kind content_parts_of(Kind kind) {
    if (kind == K_path) return K_step;
    return kind == K_event ? K_quota : K_unknown;
}

static Status records_open(Arena *arena, const StoredRecord *stored, size_t count, Exported **out, Err *err) {
    *out = ARENA_ARRAY(arena, Exported, count + 1);
    for (size_t i = 0; i < count; i++) {
        Json *doc;
        TRY(json_parse(arena, stored[i].doc, &doc, err));
        Str zone = json_get_text(doc, "tz");
        (*out)[i] = (Exported){stored[i].id, stored[i].scope, zone.len ? zone : STR("Europe/Paris"), doc};
    }
    return OK;
}

/* ---- which columns ---- */
static void lang_add(Exporter *exporter, Str lang) {
    for (size_t i = 0; i < exporter->lang_count; i++)
        if (str_equal(exporter->langs[i], lang)) return;
    if (lang.len == 2 && exporter->lang_count < EXPORT_LANGS_MAX)
        exporter->langs[exporter->lang_count++] = lang;
}

static void langs_find(Exporter *exporter, const Exported *records, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const Json *all = json_get(records[i].doc, "tr");
        for (const Json *lang = all && all->type == JSON_MAP_T ? all->first : NULL; lang; lang = lang->next)
            lang_add(exporter, lang->name);
    }
}

/* Secrets never leave; what an id was derived from is not known any more, the id itself stands in its place.
 */
static bool is_written(const Column *column) {
    if (column->type == V_SECRET || column->type == V_NUMBERS) return false;
    return column->field || !(column->flags & COL_KEY) || column->type != V_TEXT;
}

static Str translation(Arena *arena, const Exported *record, const Column *column, Str lang) {
    const Json *one = json_get(json_get(record->doc, "tr"), str_cstr(arena, lang));
    return column->field ? json_get_text(one, column->field) : (Str){0};
}

static bool is_translated(const Exporter *exporter, const Exported *records, size_t count,
                          const Column *column, Str lang) {
    for (size_t i = 0; i < count; i++)
        if (translation(exporter->arena, &records[i], column, lang).len) return true;
    return false;
}

/* A column of the file: one of the type's, or its translation. */
typedef struct OutColumn {
    const Column *column;
    Str lang;
} OutColumn;

static size_t columns_choose(const Exporter *exporter, const FileType *type, const Exported *records,
                             size_t count, OutColumn *out) {
    size_t chosen = 0;
    for (size_t i = 0; i < type->column_count; i++) {
        const Column *column = &type->columns[i];
        if (!is_written(column)) continue;
        out[chosen++] = (OutColumn){column, {0}};
        for (size_t j = 0; j < exporter->lang_count && column->flags & COL_TRANSLATES; j++)
            if (is_translated(exporter, records, count, column, exporter->langs[j]))
                out[chosen++] = (OutColumn){column, exporter->langs[j]};
    }
    return chosen;
}

static Str out_name(Arena *arena, const OutColumn *column) {
    Str name = str_of(column->column->french);
    return column->lang.len ? str_print(arena, "%.*s.%.*s", STR_FORMAT(name), STR_FORMAT(column->lang))
                            : name;
}

/* ---- quotas stand on the line of their event ---- */
static Str quotas_cell(const Exporter *exporter, const Exported *event, bool release) {
    Str all = {0};
    for (size_t i = 0; i < exporter->part_count; i++) {
        const Json *doc = exporter->parts[i].doc;
        if (!str_equal(json_get_text(doc, "event"), event->id)) continue;
        if (release) {
            const Json *at = json_get(doc, "release_at");
            return at ? moment_write(exporter->arena, event->zone, at->integer) : (Str){0};
        }
        all = str_print(exporter->arena, "%.*s%s%.*s:%lld", STR_FORMAT(all), all.len ? "," : "",
                        STR_FORMAT(json_get_text(doc, "org")), (long long)json_get_int(doc, "seats", 0));
    }
    return all;
}

static Str out_cell(const Exporter *exporter, const FileType *type, const Exported *record,
                    const OutColumn *column) {
    if (column->lang.len) return translation(exporter->arena, record, column->column, column->lang);
    if (type->kind == K_event && column->column->flags & COL_ASIDE)
        return quotas_cell(exporter, record, column->column->type == V_TIME);
    return cell_write(exporter->arena, type, record, column->column);
}

/* ---- CSV ---- */
static void csv_cell(Buf *out, Str text, bool first) {
    if (!first) buf_add_byte(out, ';');
    bool quoted = str_has(text, ';') || str_has(text, '"') || str_has(text, '\n') || str_has(text, '\t') ||
                  str_has(text, ',');
    if (!quoted) {
        buf_add(out, text);
        return;
    }
    buf_add_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"') buf_add_byte(out, '"');
        buf_add_byte(out, text.at[i]);
    }
    buf_add_byte(out, '"');
}

static void csv_write(const Exporter *exporter, Buf *out) {
    const FileType *type = exporter->type;
    OutColumn *columns = ARENA_ARRAY(exporter->arena, OutColumn, type->column_count * (1 + EXPORT_LANGS_MAX));
    size_t count = columns_choose(exporter, type, exporter->records, exporter->count, columns);
    for (size_t j = 0; j < count; j++) csv_cell(out, out_name(exporter->arena, &columns[j]), j == 0);
    buf_add_byte(out, '\n');
    for (size_t i = 0; i < exporter->count; i++) {
        for (size_t j = 0; j < count; j++)
            csv_cell(out, out_cell(exporter, type, &exporter->records[i], &columns[j]), j == 0);
        buf_add_byte(out, '\n');
    }
}

/* A kind that is not written by people: all its fields by their own names. */
static void csv_write_fields(const Exporter *exporter, Kind kind, Buf *out) {
    const KindInfo *info = kind_info(kind);
    buf_add_cstr(out, "id;scope");
    for (size_t j = 0; j < info->field_count; j++)
        if (!(info->fields[j].flags & SECRET)) csv_cell(out, str_of(info->fields[j].name), false);
    buf_add_byte(out, '\n');
    for (size_t i = 0; i < exporter->count; i++) {
        const Exported *record = &exporter->records[i];
        csv_cell(out, record->id, true);
        csv_cell(out, record->scope, false);
        for (size_t j = 0; j < info->field_count; j++)
            if (!(info->fields[j].flags & SECRET))
                csv_cell(out, field_write(exporter->arena, record, &info->fields[j]), false);
        buf_add_byte(out, '\n');
    }
}

/* ---- Markdown ---- */
static void head_write(const Exporter *exporter, const Exported *record, Buf *out) {
    OutColumn *columns =
        ARENA_ARRAY(exporter->arena, OutColumn, exporter->type->column_count * (1 + EXPORT_LANGS_MAX));
    size_t count = columns_choose(exporter, exporter->type, record, 1, columns);
    buf_add_cstr(out, "---\n");
    for (size_t j = 0; j < count; j++) {
        Str text = out_cell(exporter, exporter->type, record, &columns[j]);
        if (text.len == 0 || strcmp(columns[j].column->french, "body") == 0) continue;
        buf_print(out, "%.*s: %.*s\n", STR_FORMAT(out_name(exporter->arena, &columns[j])),
                  STR_FORMAT(on_one_line(exporter->arena, text, false)));
    }
    buf_add_cstr(out, "---\n");
}

static void steps_row(const Exporter *exporter, const Exported *step, const OutColumn *columns, size_t count,
                      Buf *out) {
    buf_add_byte(out, '|');
    for (size_t j = 0; j < count; j++) {
        Str text = step ? out_cell(exporter, file_type_of_steps(), step, &columns[j])
                        : out_name(exporter->arena, &columns[j]);
        buf_print(out, " %.*s |", STR_FORMAT(on_one_line(exporter->arena, text, true)));
    }
    buf_add_byte(out, '\n');
    if (step) return;
    buf_add_byte(out, '|');
    for (size_t j = 0; j < count; j++) buf_add_cstr(out, "---|");
    buf_add_byte(out, '\n');
}

static size_t step_columns(const Exporter *exporter, const Exported *steps, size_t step_count,
                           OutColumn *out) {
    size_t count = columns_choose(exporter, file_type_of_steps(), steps, step_count, out), kept = 0;
    for (size_t j = 0; j < count; j++)
        if (strcmp(out[j].column->french, "moment") != 0) out[kept++] = out[j];
    return kept;
}

/* A heading and a table for each moment that has steps. */
static void steps_write(const Exporter *exporter, const Exported *path, Buf *out) {
    const Column *moment = column_of_field(file_type_of_steps(), "anchor");
    OutColumn *columns =
        ARENA_ARRAY(exporter->arena, OutColumn, file_type_of_steps()->column_count * (1 + EXPORT_LANGS_MAX));
    size_t count = step_columns(exporter, exporter->parts, exporter->part_count, columns);
    for (Str words = str_of(moment->words), anchor, heading; str_cut(&words, ',', &anchor);) {
        bool begun = false;
        (void)str_cut(&anchor, '=', &heading);
        for (size_t i = 0; i < exporter->part_count; i++) {
            const Exported *step = &exporter->parts[i];
            if (!str_equal(json_get_text(step->doc, "path"), path->id)) continue;
            if (!str_equal(json_get_text(step->doc, "anchor"), anchor)) continue;
            if (!begun) {
                buf_print(out, "\n## %.*s\n\n", STR_FORMAT(heading));
                steps_row(exporter, NULL, columns, count, out);
            }
            begun = true;
            steps_row(exporter, step, columns, count, out);
        }
    }
}

static Status markdown_write(const Exporter *exporter, ContentOut *out, Err *err) {
    for (size_t i = 0; i < exporter->count; i++) {
        const Exported *record = &exporter->records[i];
        AUTO(buf_free) Buf text = buf_new(4 * DOC_MAX);
        head_write(exporter, record, &text);
        Str body = json_get_text(record->doc, "body");
        if (exporter->type->kind == K_path) steps_write(exporter, record, &text);
        if (body.len) buf_print(&text, "\n%.*s\n", STR_FORMAT(body));
        if (text.over) return err_set(err, E_TOOBIG, "%.*s is too long", STR_FORMAT(record->id));
        out[i].name =
            str_print(exporter->arena, "%s/%.*s.md", exporter->type->folder, STR_FORMAT(record->id));
        out[i].bytes = str_copy(exporter->arena, buf_str(&text));
    }
    return OK;
}

static Str csv_name(Arena *arena, const FileType *type, Kind kind) {
    if (!type) return str_print(arena, "%s.csv", kind_info(kind)->name);
    return type->folder ? str_print(arena, "%s/%s.csv", type->folder, kind_info(kind)->name)
                        : str_of(type->name);
}

Status content_export(Arena *arena, Kind kind, ContentFormat format, const StoredRecord *records,
                      size_t count, const StoredRecord *parts, size_t part_count, ContentOut **out,
                      size_t *out_count, Err *err) {
    const FileType *type = file_type_of_kind(kind);
    Exported *opened;
    if (kind == K_step || kind == K_registration) type = NULL;
    Exporter exporter = {.arena = arena, .type = type, .count = count, .part_count = part_count};
    bool markdown = format == CONTENT_MARKDOWN;
    if (markdown && !(type && type->markdown))
        return err_set(err, E_NOTFOUND, "%s has no Markdown form", kind_info(kind)->name);
    TRY(records_open(arena, records, count, &exporter.records, err));
    TRY(records_open(arena, parts, part_count, &opened, err));
    exporter.parts = opened;
    langs_find(&exporter, exporter.records, count);
    langs_find(&exporter, opened, part_count);
    *out_count = markdown ? count : 1;
    *out = ARENA_ARRAY(arena, ContentOut, *out_count + 1);
    if (markdown) return markdown_write(&exporter, *out, err);
    AUTO(buf_free) Buf text = buf_new(EXPORT_FILE_MAX);
    bool as_written = type && !type->markdown;
    if (as_written)
        csv_write(&exporter, &text);
    else
        csv_write_fields(&exporter, kind, &text);
    if (text.over)
        return err_set(err, E_TOOBIG, "the file would be larger than %d MiB",
                       EXPORT_FILE_MAX / (1024 * 1024));
    (*out)[0] =
        (ContentOut){csv_name(arena, as_written ? type : NULL, kind), str_copy(arena, buf_str(&text))};
    return OK;
}
