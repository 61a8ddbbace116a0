/* An import as a whole: its files, in the order in which what is referred to comes first. */
#include "syncd/content/inside.h"

#include <stdlib.h>
#include <string.h>

/* ---- files ---- */
static Status request_check(const ContentRequest *request, int64_t *base_day, Err *err) {
    size_t bytes = 0;
    bool relative = false;
    if (request->file_count > CONTENT_FILES_MAX)
        return err_set(err, E_TOOBIG, "an import takes at most %d files", CONTENT_FILES_MAX);
    for (size_t i = 0; i < request->file_count; i++) bytes += request->files[i].bytes.len;
    if (bytes > CONTENT_BYTES_MAX)
        return err_set(err, E_TOOBIG, "an import takes at most %d MiB", CONTENT_BYTES_MAX / (1024 * 1024));
    if (!day_read(request->base_date, 0, &relative, base_day) || relative)
        return err_set_field(err, "base_date", "the base date is written as 2026-11-24");
    if (request->owner.len && !id_part_is_valid(request->owner))
        return err_set_field(err, "owner", "“%.*s” is no id of an org", STR_FORMAT(request->owner));
    if (request->scope.len && !scope_is_valid(request->scope))
        return err_set_field(err, "scope", "“%.*s” is no scope", STR_FORMAT(request->scope));
    return OK;
}

static void name_add(ContentPlan *plan, size_t index) {
    size_t at = (size_t)str_hash(plan->files[index].file->name) % plan->by_name_size;
    while (plan->by_name[at]) at = (at + 1) % plan->by_name_size;
    plan->by_name[at] = index + 1;
}

static Status files_open(ContentPlan *plan, const ContentRequest *request, Err *err) {
    plan->file_count = request->file_count;
    plan->files = ARENA_ARRAY(plan->arena, FileState, request->file_count + 1);
    plan->order = ARENA_ARRAY(plan->arena, FileState *, request->file_count + 1);
    plan->by_name_size = 2 * request->file_count + 1;
    plan->by_name = ARENA_ARRAY(plan->arena, size_t, plan->by_name_size);
    for (size_t i = 0; i < request->file_count; i++) {
        FileState *file = &plan->files[i];
        file->file = &request->files[i];
        file->type = file_type_of_name(file->file->name);
        file->issues = (Issues){.arena = plan->arena, .room = &plan->error_room};
        file->report.name = file->file->name;
        plan->order[i] = file;
        if (file_find(plan, file->file->name))
            return err_set(err, E_INVALID, "the file “%.*s” is there twice", STR_FORMAT(file->file->name));
        name_add(plan, i);
    }
    return OK;
}

/* The order of the table of file types (FileType is an array), files of one type by name, what is unknown at
 * the end. */
static int by_type_and_name(const void *a, const void *b) {
    const FileState *left = *(FileState *const *)a, *right = *(FileState *const *)b;
    if (left->type != right->type) {
        if (!left->type || !right->type) return left->type ? -1 : 1;
        return left->type < right->type ? -1 : 1;
    }
    return str_compare(left->file->name, right->file->name);
}

/* ---- one file ---- */
static Status markdown_take(ContentPlan *plan, FileState *file, Str text, Err *err) {
    Table head;
    Cell body;
    if (!head_read(&file->issues, plan->arena, text, &head, &body)) return OK;
    Cell *names = ARENA_ARRAY(plan->arena, Cell, head.name_count + 1);
    memcpy(names, head.names, head.name_count * sizeof *names);
    names[head.name_count] = (Cell){STR("body"), body.line, body.column};
    head.rows[0].cells[head.name_count] = body;
    head.names = names;
    head.name_count++;
    return table_take(plan, file, file->type, &head, NULL, err);
}

static Status file_take(ContentPlan *plan, FileState *file, Err *err) {
    Str text;
    Table table;
    if (!text_read(&file->issues, plan->arena, file->file->bytes, &text)) {
        file->whole_refused = true;
    } else if (file->type->markdown) {
        TRY(markdown_take(plan, file, text, err));
        if (file->candidate_count == 0) file->whole_refused = true;
    } else if (csv_read(&file->issues, plan->arena, text, &table)) {
        TRY(table_take(plan, file, file->type, &table, NULL, err));
    } else {
        file->whole_refused = true;
    }
    return file_settle(plan, file, err);
}

static bool has_part(Str name, const char *part) {
    for (Str rest = name, found; str_cut(&rest, '/', &found);)
        if (str_is(found, part)) return true;
    return false;
}

static bool is_hidden(Str name) {
    for (Str rest = name, part; str_cut(&rest, '/', &part);)
        if (part.len && part.at[0] == '.') return true;
    return false;
}

static bool is_beside(const FileState *file) {
    Str name = file->file->name;
    return file->used || is_hidden(name) || has_part(name, "images") || str_is(name, "README.md") ||
           str_ends(name, STR("/README.md"));
}

static void unknown_file(FileState *file) {
    issue_add(&file->issues, 0, 0, (Str){0}, (Str){0}, "unknown_file",
              "no such file is known; assets/content/README.md lists names and folders");
    file->report.refused = true;
}

static void reports_close(ContentPlan *plan) {
    size_t kept = 0;
    for (size_t i = 0; i < plan->file_count; i++) {
        FileState *file = plan->order[i];
        if (is_hidden(file->file->name) || (!file->type && is_beside(file))) continue;
        if (!file->type) unknown_file(file);
        file->report.errors = file->issues.errors;
        file->report.error_count = file->issues.count;
        file->report.error_total = file->issues.total;
        plan->order[kept++] = file;
    }
    plan->file_count = kept;
}

Status content_plan(Arena *arena, const ContentRequest *request, Records *records, ContentHub *hub,
                    ContentPlan **out, Err *err) {
    ContentPlan *plan = ARENA_NEW(arena, ContentPlan);
    plan->arena = arena;
    plan->request = request;
    plan->hub = hub;
    plan->error_room = CONTENT_ERRORS_MAX;
    TRY(request_check(request, &plan->base_day, err));
    overlay_init(&plan->overlay, records, arena);
    TRY(files_open(plan, request, err));
    qsort(plan->order, plan->file_count, sizeof(FileState *), by_type_and_name);
    for (size_t i = 0; i < plan->file_count; i++)
        if (plan->order[i]->type && !is_hidden(plan->order[i]->file->name))
            TRY(file_take(plan, plan->order[i], err));
    reports_close(plan);
    *out = plan;
    return OK;
}

/* ---- apply ---- */
static Status entry_apply(const OverlayEntry *entry, Records *records, Arena *scratch, Err *err) {
    StoredRecord now;
    Status status = records->verbs->get(records, entry->kind, entry->id, scratch, &now, err);
    if (status != OK && status != E_NOTFOUND) return status;
    if (entry->removed)
        return status == OK ? records->verbs->remove(records, entry->kind, entry->id, err) : OK;
    if (status == OK && str_equal(now.doc, entry->doc) && str_equal(now.scope, entry->scope)) return OK;
    return records->verbs->put(records, entry->kind, entry->id, entry->scope, entry->doc, err);
}

static Status blobs_put(const FileState *file, ContentHub *hub, Err *err) {
    for (size_t i = 0; i < file->blob_count; i++)
        TRY(hub->put_blob(hub, file->blobs[i].sha256, file->blobs[i].bytes, err));
    return OK;
}

Status content_apply(ContentPlan *plan, Records *records, ContentHub *hub, Err *err) {
    AUTO(arena_close_auto) Arena *scratch = arena_open();
    for (size_t i = 0; i < plan->file_count; i++) TRY(blobs_put(plan->order[i], hub, err));
    for (size_t i = 0; i < plan->overlay.count; i++) {
        if (!overlay_is_newest(&plan->overlay, i)) continue;
        TRY(entry_apply(&plan->overlay.entries[i], records, scratch, err));
        arena_reset(scratch);
    }
    for (size_t i = 0; i < plan->note_count; i++)
        TRY(hub->note_put(hub, plan->notes[i].key, plan->notes[i].value, err));
    return OK;
}

int content_pending(const ContentPlan *plan) {
    return plan->pending;
}

Status content_keep_hashes(ContentPlan *plan, ContentHub *hub, Err *err) {
    for (size_t i = 0; i < plan->note_count; i++)
        if (plan->notes[i].secret) TRY(hub->note_put(hub, plan->notes[i].key, plan->notes[i].value, err));
    return OK;
}

/* ---- what it says ---- */
size_t content_file_count(const ContentPlan *plan) {
    return plan->file_count;
}

const ContentFileReport *content_file_report(const ContentPlan *plan, size_t index) {
    return &plan->order[index]->report;
}

int content_error_total(const ContentPlan *plan) {
    int total = 0;
    for (size_t i = 0; i < plan->file_count; i++) total += plan->order[i]->report.error_total;
    return total;
}

bool content_name_is_known(Str name) {
    return file_type_of_name(name) != NULL;
}

bool content_folder_is_known(Str name) {
    if (str_is(name, "images")) return true;
    for (size_t i = 0; i < file_type_count(); i++)
        if (file_type_at(i)->folder && str_is(name, file_type_at(i)->folder)) return true;
    return false;
}
