/* One line of a table → a candidate: the drafts it wants, what they refer to, what is to be remembered. */
#include "syncd/content/inside.h"

#include <assert.h>
#include <string.h>

static size_t index_of(const RowReader *reader, const Column *column) {
    return (size_t)(column - reader->type->columns);
}

const Cell *cell_of(const RowReader *reader, const Column *column) {
    for (size_t i = 0; i < reader->table->name_count; i++)
        if (reader->columns[i] == column && !reader->langs[i].at) return &reader->row->cells[i];
    return NULL;
}

Json *value_of(const RowReader *reader, const char *french) {
    for (size_t i = 0; i < reader->type->column_count; i++)
        if (strcmp(reader->type->columns[i].french, french) == 0) return reader->values[i];
    return NULL;
}

Draft *draft_add(RowReader *reader, Kind kind, Str id, Str scope, Json *doc) {
    Candidate *candidate = reader->candidate;
    Draft *draft =
        LIST_ADD(reader->plan->arena, candidate->drafts, candidate->draft_count, candidate->draft_capacity);
    *draft = (Draft){.kind = kind, .id = id, .scope = scope, .doc = doc};
    return draft;
}

/* ---- header ---- */
static void name_unknown(const RowReader *reader, Cell name) {
    Issues *issues = &reader->file->issues;
    const char *near = column_nearest(reader->type, reader->plan->arena, name.text);
    if (near)
        issue_add(issues, name.line, name.column, name.text, name.text, "unknown_column",
                  "unknown name; is it “%s”?", near);
    else
        issue_add(issues, name.line, name.column, name.text, name.text, "unknown_column",
                  "unknown name; assets/content/README.md lists those of this file");
}

static bool same_name(const RowReader *reader, size_t a, size_t b) {
    return reader->columns[a] && reader->columns[a] == reader->columns[b] &&
           str_equal(reader->langs[a], reader->langs[b]);
}

/* False where a required column is missing: then no line can be read. */
static bool header_read(RowReader *reader) {
    const Table *table = reader->table;
    Arena *arena = reader->plan->arena;
    Issues *issues = &reader->file->issues;
    reader->columns = ARENA_ARRAY(arena, const Column *, table->name_count + 1);
    reader->langs = ARENA_ARRAY(arena, Str, table->name_count + 1);
    for (size_t i = 0; i < table->name_count; i++) {
        Cell name = table->names[i];
        if (name.text.len)
            reader->columns[i] = column_of_name(reader->type, arena, name.text, &reader->langs[i]);
        if (name.text.len && !reader->columns[i]) name_unknown(reader, name);
        for (size_t j = 0; j < i; j++)
            if (same_name(reader, i, j))
                issue_add(issues, name.line, name.column, name.text, name.text, "repeated",
                          "this name stands there twice");
    }
    bool whole = true;
    for (size_t i = 0; i < reader->type->column_count; i++) {
        const Column *column = &reader->type->columns[i];
        bool given = (column->flags & COL_OWNER && reader->plan->request->owner.len) ||
                     (column->type == V_SCOPE && reader->plan->request->scope.len);
        bool found = false;
        for (size_t j = 0; j < table->name_count; j++) found = found || reader->columns[j] == column;
        if (found || given || !(column->flags & COL_REQUIRED)) continue;
        issue_add(issues, table->name_count ? table->names[0].line : 1, 1, column_name(column), (Str){0},
                  "missing_column", "“%s” is required", column->french);
        whole = false;
    }
    return whole;
}

/* ---- cells ---- */
/* What counts for a column: what was written, else what the import or the table of columns says. */
static bool cell_effective(const RowReader *reader, const Column *column, Cell *out) {
    const Cell *written = cell_of(reader, column);
    const ContentRequest *request = reader->plan->request;
    *out = written ? *written : (Cell){{0}, reader->row->line, reader->type->markdown ? 1 : 0};
    if (out->text.len) return true;
    if (column->flags & COL_OWNER && request->owner.len)
        out->text = request->owner;
    else if (column->type == V_SCOPE && request->scope.len)
        out->text = request->scope;
    else if (column->otherwise && (written || reader->type->markdown || !reader->old))
        out->text = str_of(column->otherwise);
    else
        return false;
    return true;
}

static void column_take(RowReader *reader, const Column *column) {
    Cell cell;
    if (column->flags & COL_ONCE && reader->old) return;
    if (cell_effective(reader, column, &cell)) {
        reader->values[index_of(reader, column)] = value_read(reader, column, cell);
        return;
    }
    if (column->flags & COL_REQUIRED)
        row_issue(reader, column, cell, "missing", "“%s” is required", column->french);
}

static bool leads(const Column *column) {
    return column->flags & (COL_OWNER | COL_KEY) || column->type == V_ID || column->type == V_ZONE ||
           column->type == V_SCOPE;
}

static void columns_take(RowReader *reader, bool leading) {
    for (size_t i = 0; i < reader->type->column_count; i++) {
        const Column *column = &reader->type->columns[i];
        if (leads(column) != leading) continue;
        column_take(reader, column);
        Json *value = reader->values[i];
        if (value && column->flags & COL_OWNER) reader->org = value->text;
        if (value && column->type == V_ZONE) reader->zone = value->text;
        if (value && column->type == V_SCOPE) reader->scope = value->text;
    }
}

static void unnamed_cells_check(RowReader *reader) {
    for (size_t i = 0; i < reader->table->name_count; i++) {
        Cell cell = reader->row->cells[i];
        if (reader->table->names[i].text.len || cell.text.len == 0) continue;
        row_issue(reader, NULL, cell, "unnamed", "the column of this cell has no name in the first line");
    }
}

/* ---- identity ---- */
static Str key_text(const RowReader *reader) {
    for (size_t i = 0; i < reader->type->column_count; i++)
        if (reader->type->columns[i].flags & COL_KEY && reader->values[i]) return reader->values[i]->text;
    return (Str){0};
}

static Str id_derive(const RowReader *reader) {
    Arena *arena = reader->plan->arena;
    const Column *given = column_of_type(reader->type, V_ID);
    const Json *id = given ? reader->values[index_of(reader, given)] : NULL;
    Str key = key_text(reader);
    if (id) return id->text;
    if (!key.at) return (Str){0};
    switch (reader->type->id) {
    case ID_PERSON:
        return person_id(arena, reader->org, key);
    case ID_EVENT:
        return event_id(arena, key);
    case ID_NUMBERED:
        return numbered_id(arena, reader->type->kind, reader->org, key);
    case ID_AGENT:
        return key;
    case ID_GIVEN:
    case ID_RUN:
    case ID_STEP:
    case ID_REGISTRATION:
        break;
    }
    return (Str){0};
}

static Str id_join_values(const RowReader *reader, const char *first, const char *second) {
    const Json *a = value_of(reader, first), *b = value_of(reader, second);
    return a && b ? id_join(reader->plan->arena, a->text, b->text) : (Str){0};
}

static Str id_of_step(const RowReader *reader) {
    const Json *number = value_of(reader, "n°");
    if (!number || !reader->path) return (Str){0};
    return id_join(reader->plan->arena, reader->path->id,
                   str_print(reader->plan->arena, "%lld", (long long)number->integer));
}

static const Column *key_column(const RowReader *reader) {
    const Column *first = NULL;
    for (size_t i = 0; i < reader->type->column_count; i++) {
        const Column *column = &reader->type->columns[i];
        if (!(column->flags & COL_KEY) && column->type != V_ID) continue;
        if (reader->values[i]) return column;
        if (!first) first = column;
    }
    return first;
}

static void id_take(RowReader *reader) {
    if (reader->type->id == ID_RUN)
        reader->id = id_join_values(reader, "matricule", "parcours");
    else if (reader->type->id == ID_REGISTRATION)
        reader->id = id_join_values(reader, "événement", "matricule");
    else if (reader->type->id == ID_STEP)
        reader->id = id_of_step(reader);
    else
        reader->id = id_derive(reader);
    const Column *column = key_column(reader);
    const Cell *cell = cell_of(reader, column);
    reader->candidate->key = cell ? *cell : (Cell){{0}, reader->row->line, 1};
    if (!reader->id.at && !reader->candidate->refused)
        row_issue(reader, column, reader->candidate->key, "missing", "“%s” is required", column->french);
}

static void twice_check(RowReader *reader) {
    ContentPlan *plan = reader->plan;
    const SeenId *seen = seen_find(plan, reader->type->kind, reader->id);
    if (!seen) {
        seen_add(plan, reader->type->kind, reader->id, reader->file, reader->candidate, reader->row->line);
        return;
    }
    const Column *column = key_column(reader);
    if (seen->file == reader->file)
        row_issue(reader, column, reader->candidate->key, "twice", "line %d has it already", seen->line);
    else
        row_issue(reader, column, reader->candidate->key, "twice", "line %d of %.*s has it already",
                  seen->line, STR_FORMAT(seen->file->file->name));
}

/* ---- what is there already ---- */
static Str base_key(const RowReader *reader) {
    return str_print(reader->plan->arena, "base:%s:%.*s", kind_info(reader->type->kind)->name,
                     STR_FORMAT(reader->id));
}

static Status base_load(RowReader *reader, Err *err) {
    Str kept;
    bool ignored;
    Status status =
        reader->plan->hub->note_get(reader->plan->hub, base_key(reader), reader->plan->arena, &kept, err);
    if (status == E_NOTFOUND) return OK;
    TRY(status);
    reader->base_kept = day_read(kept, 0, &ignored, &reader->base_day);
    return OK;
}

static Status old_load(RowReader *reader, Err *err) {
    ContentPlan *plan = reader->plan;
    Records *records = &plan->overlay.records;
    StoredRecord stored;
    Json *old, *copy;
    reader->doc = json_new_map(plan->arena);
    Status status = records->verbs->get(records, reader->type->kind, reader->id, plan->arena, &stored, err);
    if (status == E_NOTFOUND) return OK;
    TRY(status);
    TRY(json_parse(plan->arena, stored.doc, &old, err));
    TRY(json_parse(plan->arena, stored.doc, &copy, err));
    reader->existed = true;
    reader->old = old;
    reader->doc = copy;
    reader->old_scope = stored.scope;
    return base_load(reader, err);
}

static void base_keep(RowReader *reader) {
    Candidate *candidate = reader->candidate;
    if (!reader->base_used || reader->base_kept) return;
    Note *note =
        LIST_ADD(reader->plan->arena, candidate->notes, candidate->note_count, candidate->note_capacity);
    *note = (Note){base_key(reader), day_write(reader->plan->arena, reader->base_day), false};
}

/* ---- document ---- */
static void translation_put(RowReader *reader, const Column *column, Str lang, Cell cell) {
    Arena *arena = reader->plan->arena;
    const char *language = str_cstr(arena, lang);
    Json *all = NULL, *one = NULL, *value = cell.text.len ? value_read(reader, column, cell) : NULL;
    for (Json *member = reader->doc->first; member; member = member->next)
        if (str_is(member->name, "tr")) all = member;
    if (!all && !value) return;
    if (!all) all = json_put_map(arena, reader->doc, "tr");
    for (Json *member = all->first; member; member = member->next)
        if (str_equal(member->name, lang)) one = member;
    if (!one && value) one = json_put_map(arena, all, language);
    if (value)
        json_put(arena, one, str_of(column->field), value);
    else if (one)
        json_drop(one, column->field);
    if (one && one->count == 0) json_drop(all, language);
    if (all->count == 0) json_drop(reader->doc, "tr");
}

static void document_fill(RowReader *reader) {
    Arena *arena = reader->plan->arena;
    for (size_t i = 0; i < reader->type->column_count; i++) {
        const Column *column = &reader->type->columns[i];
        bool aside = !column->field || column->flags & COL_ASIDE || column->type == V_SECRET;
        if (aside || (column->flags & COL_ONCE && reader->old)) continue;
        bool written = cell_of(reader, column) || reader->type->markdown;
        if (reader->values[i])
            json_put(arena, reader->doc, str_of(column->field), reader->values[i]);
        else if (written)
            json_drop(reader->doc, column->field);
    }
    const Cell *cells = reader->row->cells;
    assert(cells);
    for (size_t i = 0; i < reader->table->name_count; i++)
        if (reader->columns[i] && reader->langs[i].at)
            translation_put(reader, reader->columns[i], reader->langs[i], cells[i]);
}

static Status row_read(RowReader *reader, Err *err) {
    ContentPlan *plan = reader->plan;
    reader->values = ARENA_ARRAY(plan->arena, Json *, reader->type->column_count);
    reader->candidate->line = reader->row->line;
    unnamed_cells_check(reader);
    columns_take(reader, true);
    id_take(reader);
    if (!reader->id.at) return OK;
    twice_check(reader);
    TRY(old_load(reader, err));
    columns_take(reader, false);
    document_fill(reader);
    base_keep(reader);
    TRY(row_finish(reader, err));
    return reader->candidate->refused ? OK : drafts_check(reader, err);
}

Status table_take(ContentPlan *plan, FileState *file, const FileType *type, const Table *table,
                  const RowReader *path, Err *err) {
    RowReader start = {.plan = plan, .file = file, .type = type, .table = table, .path = path};
    if (!header_read(&start)) {
        file->whole_refused = true;
        return OK;
    }
    for (size_t i = 0; i < table->row_count; i++) {
        RowReader reader = start;
        reader.row = &table->rows[i];
        reader.zone = STR("Europe/Paris");
        reader.base_day = path ? path->base_day : plan->base_day;
        reader.candidate = ARENA_NEW(plan->arena, Candidate);
        *LIST_ADD(plan->arena, file->candidates, file->candidate_count, file->candidate_capacity) =
            reader.candidate;
        TRY(row_read(&reader, err));
    }
    return OK;
}
