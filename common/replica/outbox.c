/* outbox.db: what people did, until the hub has it for good. Written by the kiosk alone. */
#include "common/base/file.h"
#include "common/replica/files.h"
#include "common/replica/tables.h"
#include "common/replica/view_inside.h"
#include "common/replica/wake.h"
#include "common/wire/wire.h"

#include <stdio.h>
#include <sys/stat.h>

/* A backup up to 8 days old must heal from the outboxes (PROTOCOL 4). */
#define OPS_KEPT_MS (8 * DAY_MS)
enum { PRUNE_EVERY_MS = HOUR_MS };

void outbox_tell(View *view, const Err *err) {
    view->outbox_status = err ? err->status : OK;
    snprintf(view->outbox_text, sizeof(view->outbox_text), "%s", err ? err->text : "");
}

static Status open_writing(View *view, Err *err) {
    DbOptions options = {.mode = DB_WRITE, .sync = DB_SYNC_FULL};
    TRY(db_open(&view->outbox, view->outbox_path, &options, err));
    TRY(db_check_quick(view->outbox,
                       err)); /* it is small: what is damaged shows now, not at the next finger */
    TRY(outbox_tables_make(view->outbox, err));
    return outbox_rescue(view, err);
}

static void close_outbox(View *view) {
    db_close(view->outbox);
    view->outbox = NULL;
    view->outbox_writes = false;
}

static void note_inode(View *view) {
    struct stat info = {0};
    view->outbox_inode = stat(view->outbox_path, &info) == 0 ? info.st_ino : 0;
}

/* A damaged one is replaced; the new one holds what could still be read of it. */
static Status open_or_replace(View *view, Err *err) {
    Status status = open_writing(view, err);
    if (status != E_CORRUPT) return status;
    close_outbox(view);
    TRY(outbox_set_aside(view, err));
    return open_writing(view, err);
}

/* What cannot be written may still be read: drafts of a kiosk whose disk became read-only go on being shown.
 */
void outbox_open(View *view) {
    Err err = {0}, second = {0};
    close_outbox(view);
    if (open_or_replace(view, &err) == OK) {
        view->outbox_writes = true;
        outbox_tell(view, NULL);
    } else {
        close_outbox(view);
        outbox_tell(view, &err);
        DbOptions options = {.mode = db_has_wal(view->outbox_path) ? DB_READ : DB_IMMUTABLE};
        if (err.status != E_CORRUPT && db_open(&view->outbox, view->outbox_path, &options, &second) != OK)
            view->outbox = NULL;
    }
    note_inode(view);
}

static bool was_replaced(const View *view) {
    struct stat info = {0};
    return stat(view->outbox_path, &info) != 0 || info.st_ino != view->outbox_inode;
}

static Status try_writing(View *view, Err *err) {
    AUTO(stmt_close_auto) Stmt *put = NULL;
    TRY(stmt_open(&put, view->outbox, "INSERT OR REPLACE INTO health(key, value) VALUES('tried', ?1)", err));
    char text[32];
    snprintf(text, sizeof(text), "%lld", (long long)clock_wall(view->clock));
    stmt_bind_text(put, 1, str_of(text));
    return stmt_run(put, err);
}

void outbox_mend(View *view) {
    Err err = {0};
    if (was_replaced(view) || !view->outbox_writes || view->outbox_status == E_CORRUPT) {
        outbox_open(view);
        view->reader.data_version = -1; /* other operations, other drafts */
    } else if (view->outbox_status != OK)
        outbox_tell(view, try_writing(view, &err) == OK ? NULL : &err);
}

static Status append(View *view, Str id, Str body, Err *err) {
    AUTO(stmt_close_auto) Stmt *insert = NULL;
    if (!view->outbox_writes)
        return err_set(err, view->outbox_status == OK ? E_IO : view->outbox_status, "%s", view->outbox_text);
    TRY(stmt_open(&insert, view->outbox, "INSERT INTO op(id, body) VALUES(?1, ?2)", err));
    stmt_bind_text(insert, 1, id);
    stmt_bind_text(insert, 2, body);
    return stmt_run(insert, err);
}

Status outbox_append(View *view, Str id, Str body, Err *err) {
    Err local = {0};
    outbox_mend(view);
    Status status = append(view, id, body, &local);
    outbox_tell(view, status == OK ? NULL : &local);
    return status == OK ? OK : err_set(err, status, "%s", local.text);
}

/* ---- pruning ---- */
static Status run_with_id(View *view, const char *sql, Str id, int64_t number, Err *err) {
    AUTO(stmt_close_auto) Stmt *stmt = NULL;
    TRY(stmt_open(&stmt, view->outbox, sql, err));
    if (id.at)
        stmt_bind_text(stmt, 1, id);
    else
        stmt_bind_int(stmt, 1, number);
    return stmt_run(stmt, err);
}

/* By the hub's time alone: neither the kiosk's clock nor the moment in an id, which comes from it, throws
 * anything away. */
static Status prune_ops(View *view, Err *err) {
    AUTO(stmt_reset_auto) Stmt *durable = reader_statement(view, STMT_durable_ops);
    if (view->hub_time == INT_ABSENT) return OK;
    stmt_bind_int(durable, 1, view->hub_time - OPS_KEPT_MS);
    for (bool row = true;;) {
        TRY(stmt_step(durable, &row, err));
        if (!row) return OK;
        TRY(run_with_id(view, "DELETE FROM op WHERE id = ?1", stmt_text(durable, 0), 0, err));
    }
}

/* Votes, ratings and declarations do not stay longer than they must (PROTOCOL 4). */
static Status prune_votes(View *view, Err *err) {
    AUTO(stmt_reset_auto) Stmt *durable = reader_statement(view, STMT_durable_young);
    stmt_bind_int(durable, 1, view->hub_time == INT_ABSENT ? INT64_MAX : view->hub_time - OPS_KEPT_MS);
    for (bool row = true;;) {
        TRY(stmt_step(durable, &row, err));
        if (!row) return OK;
        TRY(run_with_id(
            view,
            "DELETE FROM op WHERE id = ?1 AND json_valid(body) AND (body ->> 'op' IN ('vote', 'rate', "
            "'declare') OR body ->> 'op' LIKE 'vote.%' OR body ->> 'op' LIKE 'rate.%' OR "
            "body ->> 'op' LIKE 'declare.%')",
            stmt_text(durable, 0), 0, err));
    }
}

static Status prune_requests(View *view, Err *err) {
    AUTO(stmt_close_auto) Stmt *requests = NULL;
    TRY(stmt_open(&requests, view->outbox, "SELECT id FROM request ORDER BY id", err));
    for (bool row = true, answered = false;;) {
        TRY(stmt_step(requests, &row, err));
        if (!row) return OK;
        AUTO(stmt_reset_auto) Stmt *answer = reader_statement(view, STMT_answered);
        stmt_bind_int(answer, 1, stmt_int(requests, 0));
        TRY(stmt_step(answer, &answered, err));
        if (answered)
            TRY(run_with_id(view, "DELETE FROM request WHERE id = ?1", (Str){0}, stmt_int(requests, 0), err));
    }
}

void outbox_prune(View *view) {
    Err err = {0};
    Millis now = clock_steady(view->clock);
    if (!view->outbox_writes || now - view->pruned_at_steady < PRUNE_EVERY_MS) return;
    view->pruned_at_steady = now;
    if (prune_ops(view, &err) != OK || prune_votes(view, &err) != OK || prune_requests(view, &err) != OK)
        outbox_tell(view, &err);
}

/* ---- doing ---- */
static Millis time_of_op(const View *view) {
    Millis now = clock_wall(view->clock);
    return view->hub_time != INT_ABSENT && view->hub_time > now ? view->hub_time : now;
}

static Status seal(View *view, const RuleOp *op, Arena *arena, const Json **args, Err *err) {
    Str key = {0};
    Json *sealed = NULL;
    *args = op->args;
    if (!rules_seal(op->name)) return OK;
    TRY(reader_meta_text(view, "hub_key", arena, &key, err));
    if (!key.at) return err_set(err, E_DENIED, "the hub's key is not known yet: nothing can be sealed to it");
    TRY(op_args_seal(arena, key, op->id, op->args, &sealed, err));
    *args = sealed;
    return OK;
}

static Status keep(View *view, const RuleOp *op, Arena *arena, Err *err) {
    const Json *args = NULL;
    TRY(seal(view, op, arena, &args, err));
    Str body = op_body_write(arena, op->name, op->at, op->by, op->auth, args);
    if (!body.at) return err_set(err, E_TOOBIG, "this is too long to be sent");
    TRY(outbox_append(view, op->id, body, err));
    if (rules_seal(op->name)) replay_keep_clear(view, op);
    return OK;
}

/* The drafts of a prediction that is not kept go with the savepoint. */
static Status predict_and_keep(View *view, const RuleOp *op, bool even_if_refused, Arena *arena, bool *kept,
                               Verdict *out, Err *err) {
    AUTO(tx_end) Tx *tx = NULL;
    TRY(tx_savepoint(&tx, view->reader.db, err));
    TRY(replay_judge(view, op, arena, out, err));
    *kept = even_if_refused || !verdict_is_rejection(*out);
    if (!*kept) return OK;
    TRY(keep(view, op, arena, err));
    return tx_commit(tx, err);
}

Status view_perform(View *view, const char *op, Str by, Str auth, const Json *args, bool even_if_refused,
                    Performed *out, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    bool kept = false;
    Performed done = {.op = uuid_secret(time_of_op(view))};
    RuleOp rule = {.id = str_of(done.op.text),
                   .name = str_of(op),
                   .at = time_of_op(view),
                   .by = by,
                   .auth = auth,
                   .args = args ? args : json_new_map(arena)};
    TRY(predict_and_keep(view, &rule, even_if_refused, arena, &kept, &done.predicted, err));
    if (kept) {
        view->pending++;
        wake_poke(view->dir, SYNCD_SOCKET);
    }
    *out = done;
    return kept ? replay_note_drafted(view, err) : OK;
}

static Status is_in_outbox(View *view, Str id, bool *out, Err *err) {
    AUTO(stmt_close_auto) Stmt *find = NULL;
    *out = false;
    if (!view->outbox) return OK;
    TRY(stmt_open(&find, view->outbox, "SELECT 1 FROM op WHERE id = ?1", err));
    stmt_bind_text(find, 1, id);
    return stmt_step(find, out, err);
}

Status view_op_status(View *view, Str op_id, OpStatus *out, Err *err) {
    bool row = false;
    *out = (OpStatus){0};
    TRY(is_in_outbox(view, op_id, &out->known, err));
    AUTO(stmt_reset_auto) Stmt *state = reader_statement(view, STMT_op_state);
    stmt_bind_text(state, 1, op_id);
    TRY(stmt_step(state, &row, err));
    if (!row) return OK;
    out->known = true;
    out->decided = !stmt_is_null(state, 0);
    out->verdict = verdict_from_name(stmt_text(state, 0));
    out->durable = stmt_int(state, 1) != 0;
    return OK;
}

static Status insert_request(View *view, const char *verb, Str args, Err *err) {
    AUTO(stmt_close_auto) Stmt *insert = NULL;
    if (!view->outbox_writes)
        return err_set(err, view->outbox_status == OK ? E_IO : view->outbox_status, "%s", view->outbox_text);
    TRY(stmt_open(&insert, view->outbox, "INSERT INTO request(verb, args) VALUES(?1, ?2)", err));
    stmt_bind_text(insert, 1, str_of(verb));
    stmt_bind_text(insert, 2, args);
    return stmt_run(insert, err);
}

Status view_request(View *view, const char *verb, const Json *args, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf text = buf_new(OP_LINE_MAX);
    json_write(&text, args ? args : json_new_map(arena));
    if (text.over) return err_set(err, E_TOOBIG, "this is too long to be asked");
    outbox_mend(view);
    TRY(insert_request(view, verb, buf_str(&text), err));
    wake_poke(view->dir, SYNCD_SOCKET);
    return OK;
}
