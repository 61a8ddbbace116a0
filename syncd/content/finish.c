/* What is particular to a kind: fields that follow from others, records that stand on the same line. */
#include "syncd/content/inside.h"

#include "common/base/utf8.h"

#include <string.h>

static Cell cell_or_row(const RowReader *reader, const Column *column) {
    const Cell *cell = column ? cell_of(reader, column) : NULL;
    return cell ? *cell : (Cell){{0}, reader->row->line, reader->type->markdown ? 1 : 0};
}

static const Column *column_french(const RowReader *reader, const char *french) {
    for (size_t i = 0; i < reader->type->column_count; i++)
        if (strcmp(reader->type->columns[i].french, french) == 0) return &reader->type->columns[i];
    return NULL;
}

/* ---- person ---- */
static Status note_load(RowReader *reader, Str key, Str *out, Err *err) {
    *out = (Str){0};
    Status status = reader->plan->hub->note_get(reader->plan->hub, key, reader->plan->arena, out, err);
    return status == E_NOTFOUND ? OK : status;
}

static Str secret_key(const RowReader *reader, const Column *column) {
    return str_print(reader->plan->arena, "%s:person:%.*s", column->field, STR_FORMAT(reader->id));
}

enum { BADGES_MAX = 16 }; /* fewer than a hub hashes in a turn */

/* The hashes of a cell, as one text separated by commas; absent after an issue, or where the hub has no time
 * left (then the line waits). */
static Status badges_hash(RowReader *reader, const Column *column, Cell cell, Str *out, Err *err) {
    Arena *arena = reader->plan->arena;
    ContentHub *hub = reader->plan->hub;
    Str rest = cell.text, badge, hash, all = {0};
    int count = 0;
    while (str_cut(&rest, ',', &badge)) {
        badge = str_trim(badge);
        if (badge.len == 0) continue;
        if (++count > BADGES_MAX) {
            row_issue(reader, column, cell, "too_many", "a person has at most %d badges", BADGES_MAX);
            return OK;
        }
        Status status = hub->hash_badge(hub, reader->org, badge, arena, &hash, err);
        if (status == E_INVALID)
            row_issue(reader, column, cell, "badge",
                      "a badge is what the reader types: 4 to 20 letters or digits");
        if (status == E_INVALID) return OK;
        TRY(status);
        all = all.at ? str_print(arena, "%.*s,%.*s", STR_FORMAT(all), STR_FORMAT(hash)) : hash;
    }
    *out = all;
    return OK;
}

static Status code_hash(RowReader *reader, const Column *column, Cell cell, Str *out, Err *err) {
    Status status = reader->plan->hub->hash_code(reader->plan->hub, cell.text, reader->plan->arena, out, err);
    if (status != E_INVALID) return status;
    *out = (Str){0};
    row_issue(reader, column, cell, "code", "a code has 6 to 12 digits");
    return OK;
}

static void secret_put(RowReader *reader, const Column *column, Str hashes) {
    Arena *arena = reader->plan->arena;
    if (strcmp(column->field, "badges") != 0) {
        json_put_text(arena, reader->doc, column->field, hashes);
        return;
    }
    Json *list = json_put_list(arena, reader->doc, column->field);
    for (Str rest = hashes, hash; str_cut(&rest, ',', &hash);) json_add_text(arena, list, hash);
}

/* A slow hash differs each time: the note says which secret (by its keyed hash) has become which hash, so
 * that an unchanged one is recognised. */
static Status secret_take(RowReader *reader, const Column *column, Cell cell, Err *err) {
    Arena *arena = reader->plan->arena;
    Candidate *candidate = reader->candidate;
    Str key = secret_key(reader, column), mac, kept, kept_mac = {0}, hashes = {0};
    TRY(reader->plan->hub->mac(reader->plan->hub, reader->org, cell.text, arena, &mac, err));
    TRY(note_load(reader, key, &kept, err));
    (void)str_cut(&kept, ' ', &kept_mac);
    if (kept.at && str_equal(mac, kept_mac)) {
        secret_put(reader, column, kept);
        return OK;
    }
    bool badges = strcmp(column->field, "badges") == 0;
    Status status = (badges ? badges_hash : code_hash)(reader, column, cell, &hashes, err);
    if (status == E_BUSY) candidate->pending++;
    if (status == E_BUSY) return OK;
    TRY(status);
    if (!hashes.at) return OK;
    secret_put(reader, column, hashes);
    Note *note = LIST_ADD(arena, candidate->notes, candidate->note_count, candidate->note_capacity);
    *note = (Note){key, str_print(arena, "%.*s %.*s", STR_FORMAT(mac), STR_FORMAT(hashes)), true};
    return OK;
}

Status secrets_take(RowReader *reader, Err *err) {
    for (size_t i = 0; i < reader->type->column_count; i++) {
        const Column *column = &reader->type->columns[i];
        const Cell *cell = column->type == V_SECRET ? cell_of(reader, column) : NULL;
        if (!cell) continue;
        if (cell->text.len)
            TRY(secret_take(reader, column, *cell, err));
        else
            json_drop(reader->doc, column->field);
    }
    return OK;
}

static Status person_finish(RowReader *reader, Err *err) {
    Str name = json_get_text(reader->doc, "name");
    if (name.at)
        json_put_text(reader->plan->arena, reader->doc, "name_key", utf8_fold(reader->plan->arena, name));
    return reader->candidate->refused ? OK : secrets_take(reader, err);
}

/* ---- event ---- */
static void quota_draft(RowReader *reader, Str org, int64_t seats, const Json *release) {
    Arena *arena = reader->plan->arena;
    Json *doc = json_new_map(arena);
    json_put_text(arena, doc, "event", reader->id);
    json_put_text(arena, doc, "org", org);
    json_put_int(arena, doc, "seats", seats);
    if (release) json_put_int(arena, doc, "release_at", release->integer);
    draft_add(reader, K_quota, id_join(arena, reader->id, org), reader->scope, doc);
}

static Status records_of_field(RowReader *reader, Kind kind, const char *field, StoredRecord **out,
                               size_t *count, Err *err) {
    Records *records = &reader->plan->overlay.records;
    RecordsQuery query = {.kind = kind, .field = field, .equals = reader->id, .limit = RECORDS_LIST_MAX};
    return records->verbs->list(records, &query, reader->plan->arena, out, count, err);
}

static bool has_draft(const Candidate *candidate, Kind kind, Str id) {
    for (size_t i = 0; i < candidate->draft_count; i++)
        if (candidate->drafts[i].kind == kind && str_equal(candidate->drafts[i].id, id)) return true;
    return false;
}

static Status quotas_take(RowReader *reader, Err *err) {
    const Column *column = column_french(reader, "quotas");
    const Json *counts = value_of(reader, "quotas"), *release = value_of(reader, "quotas libérés");
    if (!cell_of(reader, column)) return OK;
    for (const Json *count = counts ? counts->first : NULL; count; count = count->next)
        quota_draft(reader, count->name, count->integer, release);
    StoredRecord *there = NULL;
    size_t there_count = 0;
    if (reader->existed) TRY(records_of_field(reader, K_quota, "event", &there, &there_count, err));
    for (size_t i = 0; i < there_count; i++)
        if (!has_draft(reader->candidate, K_quota, there[i].id))
            draft_add(reader, K_quota, there[i].id, there[i].scope, NULL)->remove = true;
    return OK;
}

/* DATA: the rating is in the scope of its event, and moves with it; seats follow by the rules. */
static Status rating_move(RowReader *reader, Err *err) {
    Records *records = &reader->plan->overlay.records;
    StoredRecord stored;
    Json *doc;
    if (!reader->existed || str_equal(reader->old_scope, reader->scope)) return OK;
    Status status = records->verbs->get(records, K_rating, reader->id, reader->plan->arena, &stored, err);
    if (status == E_NOTFOUND) return OK;
    TRY(status);
    TRY(json_parse(reader->plan->arena, stored.doc, &doc, err));
    draft_add(reader, K_rating, reader->id, reader->scope, doc);
    return OK;
}

static void order_check(RowReader *reader, const char *first, const char *second) {
    const Json *a = value_of(reader, first), *b = value_of(reader, second);
    const Column *column = column_french(reader, second);
    if (a && b && b->integer < a->integer)
        row_issue(reader, column, cell_or_row(reader, column), "order", "“%s” is before “%s”", second, first);
}

static Status event_finish(RowReader *reader, Err *err) {
    const Column *alt = column_french(reader, "description de l’image");
    order_check(reader, "début", "fin");
    order_check(reader, "ouverture", "clôture");
    if (json_get(reader->doc, "image") && !json_get(reader->doc, "image_alt"))
        row_issue(reader, alt, cell_or_row(reader, alt), "missing",
                  "an image needs a description for who cannot see it");
    TRY(rating_move(reader, err));
    return quotas_take(reader, err);
}

/* ---- path and steps ---- */
static bool step_is_kept(const RowReader *reader, Str id) {
    const SeenId *seen = seen_find(reader->plan, K_step, id);
    return seen && seen->file == reader->file;
}

static Status steps_left_out(RowReader *reader, Err *err) {
    StoredRecord *there;
    size_t count;
    if (!reader->existed || reader->file->issues.total) return OK;
    TRY(records_of_field(reader, K_step, "path", &there, &count, err));
    for (size_t i = 0; i < count; i++)
        if (!step_is_kept(reader, there[i].id))
            draft_add(reader, K_step, there[i].id, there[i].scope, NULL)->remove = true;
    return OK;
}

static Status path_finish(RowReader *reader, Err *err) {
    Table steps;
    const Cell *body = cell_of(reader, column_french(reader, "body"));
    if (!body || !reader->scope.at || !steps_read(&reader->file->issues, reader->plan->arena, *body, &steps))
        return OK;
    if (steps.row_count)
        TRY(table_take(reader->plan, reader->file, file_type_of_steps(), &steps, reader, err));
    return steps_left_out(reader, err);
}

static void step_finish(RowReader *reader) {
    Arena *arena = reader->plan->arena;
    const Json *number = value_of(reader, "n°");
    json_put_text(arena, reader->doc, "path", reader->path->id);
    if (!value_of(reader, "ordre") && number) json_put_int(arena, reader->doc, "order", number->integer);
    reader->scope = reader->path->scope;
    refer(reader, &reader->type->columns[0], K_path, reader->path->id, reader->candidate->key);
}

/* ---- run ---- */
static Status ticks_take(RowReader *reader, Err *err) {
    Arena *arena = reader->plan->arena;
    const Column *column = column_french(reader, "étapes faites");
    const Json *numbers = value_of(reader, "étapes faites");
    Str path = json_get_text(reader->doc, "path");
    int64_t day = 0;
    Millis at = 0;
    bool ignored;
    (void)err;
    if (!numbers || !day_read(json_get_text(reader->doc, "start"), 0, &ignored, &day)) return OK;
    (void)moment_in_zone(arena, reader->zone, day, 0, &at);
    for (const Json *number = numbers->first; number; number = number->next) {
        Str text = str_print(arena, "%lld", (long long)number->integer), step = id_join(arena, path, text);
        Json *doc = json_new_map(arena);
        json_put_text(arena, doc, "run", reader->id);
        json_put_text(arena, doc, "step", step);
        json_put_bool(arena, doc, "done", true);
        json_put_int(arena, doc, "at", at);
        refer(reader, column, K_step, step, cell_or_row(reader, column));
        draft_add(reader, K_tick, id_join(arena, reader->id, text), reader->scope, doc)->once = true;
    }
    return OK;
}

static Status run_finish(RowReader *reader, Err *err) {
    Arena *arena = reader->plan->arena;
    const Json *person = value_of(reader, "matricule"), *path = value_of(reader, "parcours");
    json_put_text(arena, reader->doc, "person", person ? person->text : (Str){0});
    json_put_text(arena, reader->doc, "path", path ? path->text : (Str){0});
    return ticks_take(reader, err);
}

/* ---- the others ---- */
static void registration_finish(RowReader *reader) {
    const Json *event = value_of(reader, "événement"), *person = value_of(reader, "matricule");
    const Json *at = value_of(reader, "faite le");
    if (!event || !person || !at) return;
    RegisterLine *line = ARENA_NEW(reader->plan->arena, RegisterLine);
    *line = (RegisterLine){event->text, person->text, reader->id, at->integer};
    reader->candidate->registration = line;
}

static void time_eater_finish(RowReader *reader) {
    int64_t sum = 0;
    const Json *counts = json_get(reader->doc, "by_org");
    if (reader->existed && json_get(reader->doc, "count")) return;
    for (const Json *count = counts ? counts->first : NULL; count; count = count->next) sum += count->integer;
    json_put_int(reader->plan->arena, reader->doc, "count", sum);
}

/* Scopes that no cell says. */
static void scope_finish(RowReader *reader) {
    KindScope rule = kind_info(reader->type->kind)->scope;
    if (rule == SCOPE_PUBLIC) reader->scope = STR("public");
    if ((rule == SCOPE_PERSON || rule == SCOPE_ORG) && reader->org.at)
        reader->scope = scope_join(reader->plan->arena, "org", reader->org);
    if (rule == SCOPE_MODERATED && str_is(json_get_text(reader->doc, "state"), "new"))
        reader->scope = STR("hub");
}

static Status kind_finish(RowReader *reader, Err *err) {
    Kind kind = reader->type->kind;
    if (kind == K_person) return person_finish(reader, err);
    if (kind == K_event) return event_finish(reader, err);
    if (kind == K_path) return path_finish(reader, err);
    if (kind == K_run) return run_finish(reader, err);
    if (kind == K_time_eater) time_eater_finish(reader);
    if (kind == K_notice) order_check(reader, "du", "au");
    return OK;
}

Status row_finish(RowReader *reader, Err *err) {
    if (reader->type->kind == K_registration) {
        registration_finish(reader);
        return OK;
    }
    if (reader->type->kind == K_step) step_finish(reader);
    scope_finish(reader);
    Draft *draft = draft_add(reader, reader->type->kind, reader->id, reader->scope, reader->doc);
    draft->once = reader->type->kind == K_rise; /* operations move it */
    return kind_finish(reader, err);
}

/* ---- checks that all drafts share ---- */
static void draft_issue(RowReader *reader, const char *code, const Err *why) {
    const Column *column = why->field[0] ? column_of_field(reader->type, why->field) : NULL;
    const Cell *cell = column ? cell_of(reader, column) : NULL;
    row_issue(reader, column,
              cell ? *cell : (Cell){{0}, reader->candidate->key.line, reader->candidate->key.column}, code,
              "%s", why->text);
}

/* Whose a line is: its own record says so, else its column; a quota names the org it is for, not whose it is.
 */
static Str owner_of(const RowReader *reader, const Draft *draft, const Json *doc) {
    if (draft->kind == K_org) return draft->id;
    Str org = draft->kind == reader->type->kind ? json_get_text(doc, "org") : (Str){0};
    return org.at ? org : reader->org;
}

/* Both as it shall be and as it is: what belongs to others is not taken over either. */
static Status draft_may_be_written(RowReader *reader, const Draft *draft, Err *err) {
    ContentHub *hub = reader->plan->hub;
    Records *records = &reader->plan->overlay.records;
    StoredRecord stored;
    Json *old;
    if (!hub->may_write) return OK;
    TRY(hub->may_write(hub, draft->kind, draft->scope, owner_of(reader, draft, draft->doc), err));
    Status status = records->verbs->get(records, draft->kind, draft->id, reader->plan->arena, &stored, err);
    if (status == E_NOTFOUND) return OK;
    TRY(status);
    TRY(json_parse(reader->plan->arena, stored.doc, &old, err));
    return hub->may_write(hub, draft->kind, stored.scope, owner_of(reader, draft, old), err);
}

static Status draft_check(RowReader *reader, Draft *draft, Err *err) {
    AUTO(buf_free) Buf out = buf_new(DOC_MAX);
    Err why = {0};
    if (!draft->remove) {
        if (schema_validate(draft->kind, draft->id, draft->scope, draft->doc, &why) != OK) {
            draft_issue(reader, "invalid", &why);
            return OK;
        }
        json_write(&out, draft->doc);
        draft->bytes = str_copy(reader->plan->arena, buf_str(&out));
    }
    Status status = draft_may_be_written(reader, draft, &why);
    if (status == E_DENIED) {
        draft_issue(reader, "denied", &why);
        return OK;
    }
    return status == OK ? OK : err_set(err, status, "%s", why.text);
}

/* A registration has no draft: it is judged, but for people of one's own org only. */
static Status registration_check(RowReader *reader, Err *err) {
    ContentHub *hub = reader->plan->hub;
    Err why = {0};
    if (!reader->candidate->registration || !hub->may_write) return OK;
    Str scope = scope_join(reader->plan->arena, "org", reader->org);
    Status status = hub->may_write(hub, K_registration, scope, reader->org, &why);
    if (status == E_DENIED) draft_issue(reader, "denied", &why);
    return status == OK || status == E_DENIED ? OK : err_set(err, status, "%s", why.text);
}

Status drafts_check(RowReader *reader, Err *err) {
    TRY(registration_check(reader, err));
    for (size_t i = 0; i < reader->candidate->draft_count; i++)
        TRY(draft_check(reader, &reader->candidate->drafts[i], err));
    return OK;
}
