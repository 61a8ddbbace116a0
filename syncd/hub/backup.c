/* Backups (PROTOCOL 4, 7): a consistent copy while everything goes on, and `durable` raised once whoever
 * asked for it has verified it. How far each counter is, is written down before the copy begins: so the copy
 * holds at least that. */
#include "syncd/hub/inside.h"

#include "common/base/file.h"
#include "common/base/rng.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BACKUPS_TOLD = 8, RECEIPTS_AT_ONCE = 500, COPY_MAX_MS = HOUR_MS, LIST_MAX = 4096, PATH_BYTES = 512 };

/* The copy that is being made: by a thread of its own, so that no other request waits for it. */
struct Copying {
    Hub *hub;
    pthread_mutex_t mutex;
    pthread_t thread;
    bool started; /* there is a thread to be joined */
    bool running;
    HttpRequest *request; /* who waits for it; NULL = gone */
    char path[PATH_BYTES];
    int fd; /* of the copy, which has no name any more; -1 = none */
    size_t bytes;
    Err failed;
};

/* ---- the list of backups: meta `backups`, newest first ---- */

static Json *backups_read(StoreTx *tx, Arena *arena, Err *err) {
    Str text = {0};
    Json *list = NULL;
    if (tx->verbs->meta_get(tx, "backups", arena, &text, err) != OK) return NULL;
    if (text.len && json_parse(arena, text, &list, NULL) == OK && list->type == JSON_LIST_T) return list;
    return json_new_list(arena);
}

static Status backups_write(StoreTx *tx, const Json *list, Err *err) {
    AUTO(buf_free) Buf text = buf_new(LIST_MAX);
    json_write(&text, list);
    if (text.over) return err_set(err, E_INTERNAL, "the list of backups is too long");
    return tx->verbs->meta_put(tx, "backups", buf_str(&text), err);
}

static Json *backup_row(Arena *arena, Json *list, Str id, Millis at, int64_t confirmed) {
    Json *row = json_add_map(arena, list);
    json_put_text(arena, row, "id", id);
    json_put_int(arena, row, "at", at);
    if (confirmed) json_put_int(arena, row, "confirmed", confirmed);
    return row;
}

/* `set` is put in front where it is new; otherwise its row is confirmed. */
static Json *backups_with(Arena *arena, const Json *before, Str id, Millis at, int64_t confirmed) {
    Json *after = json_new_list(arena);
    bool known = false;
    size_t count = 0;
    for (const Json *row = before->first; row; row = row->next)
        known = known || str_equal(json_get_text(row, "id"), id);
    if (!known) backup_row(arena, after, id, at, 0), count++;
    for (const Json *row = before->first; row && count < BACKUPS_TOLD; row = row->next, count++) {
        bool this_one = known && str_equal(json_get_text(row, "id"), id);
        backup_row(arena, after, json_get_text(row, "id"), json_get_int(row, "at", 0),
                   this_one ? confirmed : json_get_int(row, "confirmed", 0));
    }
    return after;
}

Status backup_last(StoreTx *tx, Arena *arena, const Json **out, Err *err) {
    const Json *list = backups_read(tx, arena, err);
    if (!list) return err->status;
    *out = list->first;
    return OK;
}

/* The newest that was confirmed: what `durable` rests on. */
Status backup_tell(StoreTx *tx, Arena *arena, Json *answer, Err *err) {
    const Json *list = backups_read(tx, arena, err);
    if (!list) return err->status;
    for (const Json *row = list->first; row; row = row->next) {
        if (!json_get(row, "confirmed")) continue;
        Json *told = json_put_map(arena, answer, "backup");
        json_put_int(arena, told, "at", json_get_int(row, "at", 0));
        json_put_int(arena, told, "confirmed", json_get_int(row, "confirmed", 0));
        return OK;
    }
    return OK;
}

static bool is_listed(const Json *list, Str id) {
    for (const Json *row = list->first; row; row = row->next)
        if (str_equal(json_get_text(row, "id"), id)) return true;
    return false;
}

/* ---- begin, confirm ---- */

Status hub_backup_begin(Hub *hub, Arena *arena, Str *id, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Uuid name = uuid_secret(hub_now(hub));
    *id = str_copy(arena, str_of(name.text));
    TRY(acks_flush(hub, INT64_MAX, arena, err)); /* whom a restored hub has to hear */
    TRY(store_begin(hub->store, STORE_WRITE, &tx, err));
    const Json *list = backups_read(tx, arena, err);
    if (!list) return err->status;
    TRY(tx->verbs->counter_mark(tx, *id, err));
    TRY(backups_write(tx, backups_with(arena, list, *id, hub_now(hub), 0), err));
    return hub_tx_commit(hub, tx, arena, err);
}

Status hub_backup_make(Hub *hub, const char *to_path, Arena *arena, Str *id, Err *err) {
    TRY(hub_backup_begin(hub, arena, id, err));
    return hub->store->verbs->copy(hub->store, to_path, err);
}

/* Only a counter with news is written, and its device woken. */
static Status counter_raise(StoreTx *tx, const StoreMarked *marked, Arena *arena, Err *err) {
    StoreCounter counter;
    StoreKept kept = {.device = marked->device, .incarnation = marked->incarnation};
    TRY(tx->verbs->counter_get(tx, marked->device, marked->incarnation, arena, &counter, err));
    counter.durable = marked->held;
    TRY(tx->verbs->counter_put(tx, marked->device, marked->incarnation, &counter, err));
    return receipt_put(tx, &kept, &counter, arena, err);
}

/* A part of it, so that operations are judged in between. */
static Status raise_some(Hub *hub, Str id, size_t *count, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(store_end_auto) StoreTx *tx = NULL;
    StoreMarked *marked = NULL;
    TRY(store_begin(hub->store, STORE_WRITE, &tx, err));
    TRY(tx->verbs->counter_marked(tx, id, RECEIPTS_AT_ONCE, arena, &marked, count, err));
    for (size_t i = 0; i < *count; i++) TRY(counter_raise(tx, &marked[i], arena, err));
    return *count ? hub_tx_commit(hub, tx, arena, err) : OK;
}

static Status note_confirmed(Hub *hub, Str id, Arena *arena, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    TRY(store_begin(hub->store, STORE_WRITE, &tx, err));
    const Json *list = backups_read(tx, arena, err);
    if (!list) return err->status;
    if (!is_listed(list, id)) return err_set(err, E_NOTFOUND, "this hub knows no such backup");
    TRY(backups_write(tx, backups_with(arena, list, id, 0, hub_now(hub)), err));
    return hub_tx_commit(hub, tx, arena, err);
}

Status hub_backup_confirm(Hub *hub, Str id, Arena *arena, int64_t *raised, Err *err) {
    *raised = 0;
    TRY(note_confirmed(hub, id, arena, err));
    for (size_t count = 1; count;) {
        TRY(raise_some(hub, id, &count, err));
        *raised += (int64_t)count;
    }
    return OK;
}

/* ---- the thread ---- */

/* The name goes at once: whatever becomes of the request, nothing is left behind. */
static Status copy_make(Copying *copying, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str id = {0};
    struct stat info;
    TRY(dir_make(copying->hub->options.blobs_dir, 0755, err));
    TRY(hub_backup_make(copying->hub, copying->path, arena, &id, err));
    copying->fd = open(copying->path, O_RDONLY | O_CLOEXEC);
    if (copying->fd < 0 || unlink(copying->path) != 0 || fstat(copying->fd, &info) != 0)
        return err_from_errno(err, errno, "the copy %s", copying->path);
    copying->bytes = (size_t)info.st_size;
    return OK;
}

static void copy_forget(Copying *copying) {
    if (copying->fd >= 0) close(copying->fd);
    copying->fd = -1;
}

static void *copy_run(void *of) {
    Copying *copying = of;
    Err err = {0};
    Status status = copy_make(copying, &err);
    pthread_mutex_lock(&copying->mutex);
    copying->failed = err;
    copying->failed.status = status;
    copying->running = false;
    if (copying->request)
        http_wake(copying->request);
    else
        copy_forget(copying);
    pthread_mutex_unlock(&copying->mutex);
    return NULL;
}

Copying *copying_open(Hub *hub) {
    Copying *copying = ARENA_NEW(hub->arena, Copying);
    copying->hub = hub;
    copying->fd = -1;
    pthread_mutex_init(&copying->mutex, NULL);
    return copying;
}

void copying_close(Copying *copying) {
    if (copying->started) pthread_join(copying->thread, NULL);
    copy_forget(copying);
    pthread_mutex_destroy(&copying->mutex);
}

void copying_leave(Copying *copying, HttpRequest *request) {
    pthread_mutex_lock(&copying->mutex);
    if (copying->request == request) {
        copying->request = NULL;
        if (!copying->running) copy_forget(copying);
    }
    pthread_mutex_unlock(&copying->mutex);
}

/* ---- GET /v1/backup ---- */

static Status copy_start(Copying *copying, HttpRequest *request, Err *err) {
    if (copying->request || copying->running)
        return err_set(err, E_BUSY, "a backup is being made: try again later");
    if (copying->started) pthread_join(copying->thread, NULL);
    copying->started = false;
    copying->failed = (Err){0};
    snprintf(copying->path, sizeof(copying->path), "%s/backup-%ld-%" PRId64 ".part",
             copying->hub->options.blobs_dir, (long)getpid(), hub_now(copying->hub));
    unlink(copying->path); /* of a process of the same number that was killed */
    copying->request = request;
    copying->running = copying->started = pthread_create(&copying->thread, NULL, copy_run, copying) == 0;
    if (copying->started) return OK;
    copying->request = NULL;
    return err_set(err, E_BUSY, "no thread for a backup");
}

static Status copy_answer(Copying *copying, HttpRequest *request, Err *err) {
    copying->request = NULL;
    if (copying->failed.status != OK)
        return err_set_code(err, copying->failed.status, copying->failed.code, "%s", copying->failed.text);
    http_set_header(request, "Cache-Control", STR("no-store"));
    http_reply_file(request, 200, "application/vnd.sqlite3", copying->fd, 0, copying->bytes);
    copying->fd = -1;
    return OK;
}

static Status copy_go_on(Copying *copying, HttpRequest *request, Err *err) {
    Visit *visit = visit_of(request);
    if (!visit->hold_until) {
        visit->hold_until = http_steady(request) + COPY_MAX_MS;
        TRY(copy_start(copying, request, err));
    }
    if (!copying->running) return copy_answer(copying, request, err);
    if (http_steady(request) < visit->hold_until && http_hold(request, visit->hold_until)) return OK;
    copying->request = NULL;
    return err_set(err, E_BUSY, "the backup is not ready");
}

Status handle_backup(HttpRequest *request, Err *err) {
    Copying *copying = hub_of(request)->copying;
    pthread_mutex_lock(&copying->mutex);
    Status status = copy_go_on(copying, request, err);
    pthread_mutex_unlock(&copying->mutex);
    return status;
}

/* ---- POST /v1/backup/begin, POST /v1/backup/confirm ---- */

Status handle_backup_begin(HttpRequest *request, Err *err) {
    Str id = {0};
    TRY(hub_backup_begin(hub_of(request), http_arena(request), &id, err));
    Json *answer = json_new_map(http_arena(request));
    json_put_text(http_arena(request), answer, "backup", id);
    hub_reply_json(request, 200, answer);
    return OK;
}

static Status confirm_audit(HttpRequest *request, Str id, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    TRY(hub_write(request, &tx, err));
    TRY(hub_audit(request, tx, "backup confirmed", id, err));
    return hub_commit(request, tx, err);
}

Status handle_backup_confirm(HttpRequest *request, Err *err) {
    Arena *arena = http_arena(request);
    Json *body = NULL;
    int64_t raised = 0;
    TRY(hub_body_json(request, &body, err));
    Str id = json_get_text(body, "backup");
    if (!id.at) return err_set_field(err, "backup", "which backup was verified?");
    TRY(hub_backup_confirm(hub_of(request), id, arena, &raised, err));
    TRY(confirm_audit(request, id, err));
    Json *answer = json_new_map(arena);
    json_put_int(arena, answer, "raised", raised);
    hub_reply_json(request, 200, answer);
    return OK;
}
