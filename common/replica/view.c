#include "common/replica/view_inside.h"

#include "common/base/file.h"
#include "common/replica/files.h"
#include "common/replica/identity.h"
#include "common/replica/replica.h"
#include "common/wire/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what may not be there ---- */
static void tell_replica(View *view, ReplicaState state, const Err *err) {
    view->state = state;
    view->replica_status = err ? err->status : OK;
    snprintf(view->replica_text, sizeof(view->replica_text), "%s", err ? err->text : "");
}

/* A failure of reading: the file is damaged, or nothing can be read at the moment. What is open stays open.
 */
static void note_broken(View *view, const Err *err) {
    if (view->state == REPLICA_BROKEN && view->replica_status == err->status) return;
    tell_replica(view, REPLICA_BROKEN, err);
    if (err->status == E_CORRUPT && !view->checked)
        view->checked = view_request(view, "check", NULL, NULL) == OK;
}

Status view_read_failed(View *view, Status status, Err *err, const Err *cause) {
    if (status == E_CORRUPT || status == E_IO) note_broken(view, cause);
    return err_set(err, status, "%s", cause->text);
}

/* ---- a new state of the replica ---- */
static Status read_granted(View *view, Err *err) {
    AUTO(stmt_reset_auto) Stmt *scopes = reader_statement(view, STMT_scopes);
    size_t room = 2048;
    view->granted = ARENA_ARRAY(view->identity_arena, Str, room);
    view->granted_count = 0;
    for (bool row = true; view->granted_count < room;) {
        TRY(stmt_step(scopes, &row, err));
        if (!row) return OK;
        view->granted[view->granted_count++] = str_copy(view->identity_arena, stmt_text(scopes, 0));
    }
    return OK;
}

static Status read_identity(View *view, Err *err) {
    Device device;
    arena_reset(view->identity_arena);
    view->identity = (ViewIdentity){0};
    TRY(reader_meta_text(view, "device", view->identity_arena, &view->identity.device, err));
    TRY(reader_meta_int(view, "hub_time", INT_ABSENT, &view->hub_time, err));
    TRY(read_granted(view, err));
    if (!view->identity.device.at) return OK;
    Err local = {0};
    Status status = records_get(&view->reading.records, K_device, view->identity.device, &device,
                                view->identity_arena, &local);
    if (status == E_CORRUPT || status == E_IO) return err_set(err, status, "%s", local.text);
    if (status != OK) return OK;
    view->identity.site = device.site;
    view->identity.org = device.org;
    return OK;
}

static Status note_counts(View *view, KindSet *changed, Err *err) {
    AUTO(stmt_reset_auto) Stmt *count = reader_statement(view, STMT_count);
    for (bool row = true;;) {
        TRY(stmt_step(count, &row, err));
        if (!row) return OK;
        Kind kind = kind_from_name(stmt_text(count, 0));
        if (kind == K_unknown || view->reader.counts[kind] == stmt_int(count, 1)) continue;
        view->reader.counts[kind] = stmt_int(count, 1);
        *changed |= KIND_BIT(kind);
    }
}

/* While a pairing is under way there is a file already, and nothing in it. One that was just set aside is
 * followed by a file that does not know yet that it is paired. */
static Status is_paired(View *view, bool *out, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    int64_t standing = 0;
    TRY(reader_meta_int(view, "standing", STANDING_UNPAIRED, &standing, err));
    Identity identity = {0};
    *out = standing != STANDING_UNPAIRED ||
           (identity_read(view->dir, arena, &identity, NULL) == OK && identity.token.len > 0);
    return OK;
}

static Status note_state(View *view, Err *err) {
    int64_t loaded = 0;
    bool paired = false;
    TRY(reader_meta_int(view, "loaded", 0, &loaded, err));
    if (!loaded) TRY(is_paired(view, &paired, err));
    ReplicaState empty = paired ? REPLICA_EMPTY : REPLICA_MISSING;
    if (!view->reader.stands_in) tell_replica(view, loaded ? REPLICA_READY : empty, NULL);
    return OK;
}

static Status take_state(View *view, KindSet *changed, Err *err) {
    TRY(note_state(view, err));
    TRY(read_identity(view, err));
    TRY(note_counts(view, changed, err));
    *changed |= view->reader.drafted;
    TRY(replay_drafts(view, err));
    *changed |= view->reader.drafted;
    outbox_prune(view);
    return OK;
}

static Status refresh(View *view, KindSet *changed, Err *err) {
    bool moved = false, differs = false;
    Err local = {0};
    Status status = reader_follow_link(view, &moved, &local);
    if (status == E_NOTFOUND && view->reader.stands_in)
        tell_replica(view, REPLICA_MISSING, &local);
    else if (status != OK)
        note_broken(view, &local);
    TRY(reader_look(view, &differs, err));
    if (moved) *changed = KIND_SET_ALL;
    if (moved) view->checked = false;
    return moved || differs ? take_state(view, changed, err) : OK;
}

Status view_refresh(View *view, KindSet *changed, Err *err) {
    Err local = {0};
    *changed = 0;
    outbox_mend(view);
    Status status = refresh(view, changed, &local);
    if (status == OK) return OK;
    if (status == E_CORRUPT || status == E_IO) {
        note_broken(view, &local);
        return OK; /* told by view_health; what was last shown stays */
    }
    return err_set(err, status, "%s", local.text);
}

/* ---- opening ---- */
static View *view_new(const char *dir, const Clock *clock) {
    View *view = calloc(1, sizeof(*view));
    if (!view) abort();
    view->arena = arena_open();
    view->identity_arena = arena_open();
    view->clear_arena = arena_open();
    view->secret = token_new(view->arena);
    view->clock = clock;
    view->dir = str_cstr(view->arena, str_of(dir));
    view->link_path = path_join(view->arena, dir, REPLICA_LINK);
    view->outbox_path = path_join(view->arena, dir, OUTBOX_FILE);
    view->state = REPLICA_MISSING;
    view->hub_time = INT_ABSENT;
    view->pruned_at_steady = clock_steady(clock) - HOUR_MS;
    overlay_init(view);
    return view;
}

/* A stand-in is needed only where there is no replica to read. */
static Status open_reading(View *view, Err *err) {
    bool moved = false;
    Err local = {0};
    Status status = reader_follow_link(view, &moved, &local);
    if (status == OK) return OK;
    if (status == E_NOTFOUND)
        tell_replica(view, REPLICA_MISSING, &local);
    else
        note_broken(view, &local);
    return reader_open_stand_in(view, err);
}

static Status open_all(View *view, Err *err) {
    KindSet changed = 0;
    bool differs = false;
    outbox_open(view);
    TRY(open_reading(view, err));
    Err local = {0};
    Status status = reader_look(view, &differs, &local);
    if (status == OK) status = take_state(view, &changed, &local);
    if (status != OK) note_broken(view, &local);
    return OK;
}

Status view_open(View **out, const char *dir, const Clock *clock, Err *err) {
    TRY(secret_init(err));
    if (!path_is_dir(dir)) return err_set(err, E_NOTFOUND, "%s is no folder", dir);
    View *view = view_new(dir, clock);
    Status status = open_all(view, err);
    if (status != OK) {
        view_close(view);
        return status;
    }
    *out = view;
    return OK;
}

void view_close(View *view) {
    if (!view) return;
    reader_close(&view->reader);
    db_close(view->outbox);
    arena_wipe(view->clear_arena);
    arena_close(view->clear_arena);
    arena_close(view->identity_arena);
    arena_close(view->arena);
    free(view);
}

void view_close_auto(View **view) {
    view_close(*view);
}

/* ---- forgetting ---- */
Status view_forget(View *view, Err *err) {
    if (!view->clear) return OK;
    arena_wipe(view->clear_arena);
    arena_close(view->clear_arena);
    view->clear_arena = arena_open();
    view->clear = NULL;
    Err local = {0};
    Status status = replay_drafts(view, &local);
    return status == OK ? OK : view_read_failed(view, status, err, &local);
}

/* ---- telling ---- */
static void copy_text(char *to, size_t size, Str text) {
    snprintf(to, size, "%.*s", STR_FORMAT(text));
}

static Status read_pairing(View *view, ViewHealth *out, Err *err) {
    bool row = false;
    AUTO(stmt_reset_auto) Stmt *pairing = reader_statement(view, STMT_pairing);
    TRY(stmt_step(pairing, &row, err));
    if (!row) return OK;
    copy_text(out->pairing_code, sizeof(out->pairing_code), stmt_text(pairing, 0));
    copy_text(out->pairing_uri, sizeof(out->pairing_uri), stmt_text(pairing, 1));
    copy_text(out->pairing_state, sizeof(out->pairing_state), stmt_text(pairing, 2));
    if (!stmt_is_null(pairing, 3)) out->pairing_expires = stmt_int(pairing, 3);
    return OK;
}

static Status read_health(View *view, ViewHealth *out, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str last_error = {0}, hubs = {0};
    TRY(reader_meta_int(view, "last_contact", INT_ABSENT, &out->last_contact, err));
    TRY(reader_meta_text(view, "last_error", arena, &last_error, err));
    copy_text(out->last_error, sizeof(out->last_error), last_error);
    TRY(reader_meta_text(view, "hubs", arena, &hubs, err));
    copy_text(out->hubs, sizeof(out->hubs), hubs);
    TRY(reader_meta_int(view, "clock_offset_ms", 0, &out->clock_offset_ms, err));
    TRY(reader_meta_int(view, "standing", 0, &out->standing, err));
    out->online = out->last_contact != INT_ABSENT && last_error.len == 0;
    return read_pairing(view, out, err);
}

void view_health(View *view, ViewHealth *out) {
    Err err = {0};
    *out = (ViewHealth){.last_contact = INT_ABSENT, .pairing_expires = INT_ABSENT};
    Status status = read_health(view, out, &err);
    if (status == E_CORRUPT || status == E_IO) note_broken(view, &err);
    out->replica = view->state;
    out->replica_status = view->replica_status;
    out->outbox_status = view->outbox_status;
    out->pending_ops = view->pending;
    out->aside = view->aside;
    copy_text(out->replica_text, sizeof(out->replica_text), str_of(view->replica_text));
    copy_text(out->outbox_text, sizeof(out->outbox_text), str_of(view->outbox_text));
}

ViewIdentity view_identity(const View *view) {
    return view->identity;
}
