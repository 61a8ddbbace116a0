/* Incarnation and numbers of ops (PROTOCOL 4): they belong to syncd, the outbox only has positions and ids.
 */
#include "common/replica/inside.h"

#include "common/base/file.h"

#include <string.h>
#include <sys/stat.h>

/* ---- the outbox, read only ---- */
static void outbox_close(Replica *replica) {
    db_close(replica->outbox);
    replica->outbox = NULL;
}

/* The kiosk may have made it since, or somebody put another file there. */
Status outbox_look(Replica *replica, Db **out, Err *err) {
    struct stat info;
    *out = NULL;
    bool there = stat(replica->outbox_path, &info) == 0;
    if (replica->outbox && (!there || info.st_ino != replica->outbox_inode)) outbox_close(replica);
    if (!there) return OK;
    if (!replica->outbox) {
        DbOptions options = {.mode = DB_READ};
        Status status = db_open(&replica->outbox, replica->outbox_path, &options, err);
        if (status == E_NOTFOUND) return OK;
        if (status != OK) return err_wrap(err, status == E_CORRUPT ? E_IO : status, "outbox.db");
        replica->outbox_inode = info.st_ino;
    }
    int64_t tables = 0;
    Status status =
        db_ask_int(replica->outbox, "SELECT count(*) FROM sqlite_schema WHERE name = 'op'", &tables, err);
    if (status != OK) return err_wrap(err, status == E_CORRUPT ? E_IO : status, "outbox.db");
    if (tables) *out = replica->outbox;
    return OK;
}

/* ---- a new incarnation ---- */
Status rekey_here(Replica *replica, const char *why, Err *err) {
    Uuid incarnation = uuid_secret(clock_wall(replica->clock));
    TRY(stmt_run(statement(replica, STMT_op_unnumber), err));
    TRY(meta_set_text(replica, META_INCARNATION, str_of(incarnation.text), err));
    TRY(meta_set_int(replica, META_LAST_N, 0, err));
    TRY(meta_set_text(replica, META_LAST_ID, (Str){0}, err));
    TRY(meta_set_int(replica, META_LAST_POS, 0, err));
    TRY(meta_set_text(replica, META_LAST_POS_ID, (Str){0}, err));
    TRY(meta_set_int(replica, META_DECIDED, 0, err));
    TRY(meta_set_int(replica, META_DURABLE, 0, err));
    if (!why[0]) return OK;
    return meta_set_text(replica, META_REKEYED_WHY, str_of(why), err);
}

/* ---- numbering ---- */
typedef struct Numbering {
    Replica *replica;
    Arena *arena;
    Str incarnation, last_id, last_pos_id;
    int64_t last_n, last_pos;
    bool whole; /* the whole outbox is gone through, not only what is new */
} Numbering;

static Status numbering_read(Numbering *numbering, Err *err) {
    Replica *replica = numbering->replica;
    TRY(meta_text(replica, META_INCARNATION, numbering->arena, &numbering->incarnation, err));
    TRY(meta_text(replica, META_LAST_ID, numbering->arena, &numbering->last_id, err));
    TRY(meta_text(replica, META_LAST_POS_ID, numbering->arena, &numbering->last_pos_id, err));
    TRY(meta_int(replica, META_LAST_POS, 0, &numbering->last_pos, err));
    return meta_int(replica, META_LAST_N, 0, &numbering->last_n, err);
}

static Status numbering_write(const Numbering *numbering, Err *err) {
    Replica *replica = numbering->replica;
    TRY(meta_set_text(replica, META_LAST_ID, numbering->last_id, err));
    TRY(meta_set_int(replica, META_LAST_N, numbering->last_n, err));
    TRY(meta_set_text(replica, META_LAST_POS_ID, numbering->last_pos_id, err));
    return meta_set_int(replica, META_LAST_POS, numbering->last_pos, err);
}

static const char *fault_of(Arena *arena, Str id, Str body) {
    Json *map = NULL;
    if (!id_is_valid(id)) return "its id is no id";
    if (body.len > OP_BODY_MAX) return "it is too long to be sent";
    if (!str_starts(body, STR("{")) || str_has(body, '\n') || json_parse(arena, body, &map, NULL) != OK)
        return "its body cannot be read";
    return json_get_text(map, "op").at ? NULL : "its body names no op";
}

static Status number_op(Numbering *numbering, Str id, int64_t pos, Err *err) {
    Stmt *number = statement(numbering->replica, STMT_op_number);
    stmt_bind_text(number, 1, id);
    stmt_bind_int(number, 2, pos);
    stmt_bind_text(number, 3, numbering->incarnation);
    stmt_bind_int(number, 4, numbering->last_n + 1);
    stmt_bind_text(number, 5, numbering->last_id);
    TRY(stmt_run(number, err));
    numbering->last_n++;
    numbering->last_id = id;
    return OK;
}

static Status note_fault(Numbering *numbering, Str id, int64_t pos, const char *fault, Err *err) {
    Stmt *stmt = statement(numbering->replica, STMT_op_fault);
    stmt_bind_text(stmt, 1, id);
    stmt_bind_int(stmt, 2, pos);
    stmt_bind_text(stmt, 3, str_of(fault));
    return stmt_run(stmt, err);
}

static Status is_numbered(Replica *replica, Str id, bool *out, Err *err) {
    AUTO(stmt_reset_auto) Stmt *get = statement(replica, STMT_op_get);
    stmt_bind_text(get, 1, id);
    TRY(stmt_step(get, out, err));
    if (*out) *out = !stmt_is_null(get, 0);
    return OK;
}

static Status take_op(Numbering *numbering, int64_t pos, Str id, Str body, Err *err) {
    bool numbered = false;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    TRY(is_numbered(numbering->replica, id, &numbered, err));
    Str kept_id = str_copy(numbering->arena, id);
    if (!numbered) {
        const char *fault = fault_of(arena, id, body);
        TRY(fault ? note_fault(numbering, id, pos, fault, err) : number_op(numbering, kept_id, pos, err));
    }
    numbering->last_pos = pos;
    numbering->last_pos_id = kept_id;
    return OK;
}

static Status take_ops(Numbering *numbering, Db *outbox, int64_t after, Err *err) {
    AUTO(stmt_close_auto) Stmt *ops = NULL;
    TRY(stmt_open(&ops, outbox, "SELECT pos, id, body FROM op WHERE pos > ?1 ORDER BY pos", err));
    stmt_bind_int(ops, 1, after);
    for (bool row = true;;) {
        TRY(stmt_step(ops, &row, err));
        if (!row) return OK;
        TRY(take_op(numbering, stmt_int(ops, 0), stmt_text(ops, 1), stmt_text(ops, 2), err));
    }
}

/* Does the op that was looked at last still stand where it stood? If not, ops were pruned, or this is another
 * outbox. */
static Status last_stands(const Numbering *numbering, Db *outbox, bool *out, Err *err) {
    AUTO(stmt_close_auto) Stmt *get = NULL;
    TRY(stmt_open(&get, outbox, "SELECT id FROM op WHERE pos = ?1", err));
    stmt_bind_int(get, 1, numbering->last_pos);
    TRY(stmt_step(get, out, err));
    if (*out) *out = str_equal(stmt_text(get, 0), numbering->last_pos_id);
    return OK;
}

static Status count_after(Db *outbox, int64_t pos, int64_t *out, Err *err) {
    AUTO(stmt_close_auto) Stmt *count = NULL;
    bool row = false;
    TRY(stmt_open(&count, outbox, "SELECT count(*) FROM op WHERE pos > ?1", err));
    stmt_bind_int(count, 1, pos);
    TRY(stmt_step(count, &row, err));
    *out = row ? stmt_int(count, 0) : 0;
    return OK;
}

/* ---- ops that are gone from the outbox ---- */
static Status is_kept(Stmt *find, Str id, bool *out, Err *err) {
    stmt_reset(find);
    stmt_bind_text(find, 1, id);
    return stmt_step(find, out, err);
}

typedef struct Gone {
    Str *ids;
    size_t count, room;
    bool undecided; /* one of them still waited for its verdict */
} Gone;

static void gone_add(Gone *gone, Arena *arena, Str id) {
    if (gone->count == gone->room) {
        size_t room = gone->room ? 2 * gone->room : 64;
        Str *wider = ARENA_ARRAY(arena, Str, room);
        if (gone->count) memcpy(wider, gone->ids, gone->count * sizeof(*wider));
        gone->ids = wider;
        gone->room = room;
    }
    gone->ids[gone->count++] = str_copy(arena, id);
}

static Status find_gone(Replica *replica, Db *outbox, Arena *arena, Gone *out, Err *err) {
    AUTO(stmt_close_auto) Stmt *find = NULL;
    AUTO(stmt_reset_auto) Stmt *states = statement(replica, STMT_op_states);
    TRY(stmt_open(&find, outbox, "SELECT 1 FROM op WHERE id = ?1", err));
    for (bool row = true, kept = false;;) {
        TRY(stmt_step(states, &row, err));
        if (!row) return OK;
        TRY(is_kept(find, stmt_text(states, 0), &kept, err));
        if (kept) continue;
        gone_add(out, arena, stmt_text(states, 0));
        if (stmt_int(states, 1)) out->undecided = true;
    }
}

/* What the kiosk pruned is forgotten. An undecided op that is gone (another outbox was put there) leaves a
 * hole that the hub would wait for: what is left is numbered anew. */
static Status forget_gone(Numbering *numbering, Db *outbox, bool *rekeyed, Err *err) {
    Gone gone = {0};
    TRY(find_gone(numbering->replica, outbox, numbering->arena, &gone, err));
    for (size_t i = 0; i < gone.count; i++) {
        Stmt *forget = statement(numbering->replica, STMT_op_forget);
        stmt_bind_text(forget, 1, gone.ids[i]);
        TRY(stmt_run(forget, err));
    }
    *rekeyed = gone.undecided;
    return gone.undecided
               ? rekey_here(numbering->replica, "ops that waited for a verdict are gone from the outbox", err)
               : OK;
}

static Status go_through_whole(Numbering *numbering, Db *outbox, Err *err) {
    bool rekeyed = false;
    TRY(forget_gone(numbering, outbox, &rekeyed, err));
    if (rekeyed) TRY(numbering_read(numbering, err));
    return take_ops(numbering, outbox, -1, err);
}

static Status number_ops(Numbering *numbering, Db *outbox, Err *err) {
    bool whole = numbering->whole;
    bool stands = false;
    int64_t fresh = 0;
    AUTO(tx_end) Tx *tx = NULL;
    TRY(numbering_read(numbering, err));
    TRY(last_stands(numbering, outbox, &stands, err));
    TRY(count_after(outbox, numbering->last_pos, &fresh, err));
    if (stands && fresh == 0 && !whole) return OK;
    TRY(change_begin(numbering->replica, &tx, err));
    if (stands && !whole)
        TRY(take_ops(numbering, outbox, numbering->last_pos, err));
    else
        TRY(go_through_whole(numbering, outbox, err));
    TRY(numbering_write(numbering, err));
    return tx_commit(tx, err); /* FULL, before anything is sent */
}

static Status number_all(Replica *replica, bool whole, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Db *outbox = NULL;
    TRY(outbox_look(replica, &outbox, err));
    if (!outbox) return OK;
    AUTO(tx_end) Tx *snapshot = NULL;
    TRY(tx_begin_read(&snapshot, outbox, err));
    Numbering numbering = {.replica = replica, .arena = arena, .whole = whole};
    return number_ops(&numbering, outbox, err);
}

Status replica_number_ops(Replica *replica, Err *err) {
    return number_all(replica, false, err);
}

/* ---- what the hub says about this incarnation ---- */
static Status text_by_n(Replica *replica, int which, int64_t n, Arena *arena, Str *out, Err *err) {
    bool row = false;
    AUTO(stmt_reset_auto) Stmt *get = statement(replica, which);
    stmt_bind_int(get, 1, n);
    TRY(stmt_step(get, &row, err));
    *out = row && !stmt_is_null(get, 0) ? str_copy(arena, stmt_text(get, 0)) : (Str){0};
    return OK;
}

/* The id of our op n; absent where it was pruned and nothing tells. */
static Status id_of_n(Replica *replica, Arena *arena, int64_t n, Str *out, Err *err) {
    int64_t last_n = 0;
    TRY(meta_int(replica, META_LAST_N, 0, &last_n, err));
    if (n == last_n) return meta_text(replica, META_LAST_ID, arena, out, err);
    TRY(text_by_n(replica, STMT_op_by_n, n, arena, out, err));
    return out->at ? OK : text_by_n(replica, STMT_op_prev_by_n, n + 1, arena, out, err);
}

static Status first_kept(Replica *replica, int64_t *out, Err *err) {
    bool row = false;
    AUTO(stmt_reset_auto) Stmt *first = statement(replica, STMT_op_first);
    TRY(stmt_step(first, &row, err));
    if (row && !stmt_is_null(first, 0)) {
        *out = stmt_int(first, 0);
        return OK;
    }
    stmt_reset(first);
    int64_t last_n = 0;
    TRY(meta_int(replica, META_LAST_N, 0, &last_n, err));
    *out = last_n + 1;
    return OK;
}

/* NULL: the hub speaks of the ops that are here. */
static Status why_not_ours(Replica *replica, Arena *arena, const OpsPosition *position, const char **why,
                           Err *err) {
    int64_t last_n = 0, first = 0;
    Str id = {0};
    *why = NULL;
    TRY(meta_int(replica, META_LAST_N, 0, &last_n, err));
    TRY(first_kept(replica, &first, err));
    TRY(id_of_n(replica, arena, position->decided, &id, err));
    if (position->decided > last_n || (id.at && position->last.at && !str_equal(id, position->last)))
        *why = "the hub decided other ops under this incarnation: this replica or another one is a copy";
    else if (position->decided + 1 < first)
        *why = "the hub was restored from before ops that are no longer kept";
    return OK;
}

static Status note_durable(Replica *replica, int64_t durable, Err *err) {
    Stmt *stmt = statement(replica, STMT_op_durable);
    stmt_bind_int(stmt, 1, durable);
    TRY(stmt_run(stmt, err));
    return meta_set_int(replica, META_DURABLE, durable, err);
}

/* The hub tells each verdict until somebody says to have seen it. One that is decided and not told was seen
 * by another replica under this incarnation, a copy with the same ops; under a new one it is told again. */
static Status why_not_told(Replica *replica, const OpsPosition *position, const char **why, Err *err) {
    bool row = false;
    AUTO(stmt_reset_auto) Stmt *silent = statement(replica, STMT_op_silent);
    stmt_bind_int(silent, 1, position->decided);
    TRY(stmt_step(silent, &row, err));
    if (row && stmt_int(silent, 0) > 0)
        *why =
            "verdicts under this incarnation were told to another replica: this one or the other is a copy";
    return OK;
}

Status position_take_here(Replica *replica, Arena *arena, const OpsPosition *position, bool *rekeyed,
                          Err *err) {
    const char *why = NULL;
    TRY(why_not_ours(replica, arena, position, &why, err));
    if (!why) TRY(why_not_told(replica, position, &why, err));
    *rekeyed = why != NULL;
    if (why) return rekey_here(replica, why, err);
    TRY(meta_set_int(replica, META_DECIDED, position->decided, err));
    return note_durable(replica, position->durable, err);
}

/* The first state of a new life of the hub: what the old one had decided and kept counts no more, until the
 * receipt in this very state says so. */
Status epoch_applied_here(Replica *replica, Err *err) {
    int64_t is_new = 0;
    TRY(meta_int(replica, META_EPOCH_NEW, 0, &is_new, err));
    if (!is_new) return OK;
    TRY(stmt_run(statement(replica, STMT_op_new_epoch), err));
    TRY(meta_set_int(replica, META_DECIDED, 0, err));
    TRY(meta_set_int(replica, META_DURABLE, 0, err));
    return meta_set_int(replica, META_EPOCH_NEW, 0, err);
}

/* For the status: so many had a verdict, and are sent again. */
static Status note_again(Replica *replica, int64_t decided, Err *err) {
    AUTO(stmt_reset_auto) Stmt *count = statement(replica, STMT_op_again);
    bool row = false;
    stmt_bind_int(count, 1, decided);
    TRY(stmt_step(count, &row, err));
    int64_t again = stmt_int(count, 0);
    return again ? meta_set_int(replica, META_AGAIN, again, err) : OK;
}

/* Takes a new incarnation and numbers everything under it. */
Status replica_rekey(Replica *replica, const char *why, Err *err) {
    AUTO(tx_end) Tx *tx = NULL;
    TRY(change_begin(replica, &tx, err));
    TRY(rekey_here(replica, why, err));
    TRY(tx_commit(tx, err));
    return replica_number_ops(replica, err);
}

/* Another life of it, or less decided than before: then it matters what is really still kept. */
static Status hub_went_back(Replica *replica, const OpsPosition *position, bool *out, Err *err) {
    int64_t decided = 0, look = 0;
    TRY(meta_int(replica, META_DECIDED, 0, &decided, err));
    TRY(meta_int(replica, META_EPOCH_LOOK, 0, &look, err));
    *out = look || position->decided < decided;
    return look ? meta_set_int(replica, META_EPOCH_LOOK, 0, err) : OK;
}

Status replica_take_position(Replica *replica, const OpsPosition *position, bool *rekeyed, int64_t *push_from,
                             Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    const char *why = NULL;
    bool went_back = false;
    TRY(hub_went_back(replica, position, &went_back, err));
    TRY(number_all(replica, went_back, err));
    if (went_back) TRY(note_again(replica, position->decided, err));
    TRY(why_not_ours(replica, arena, position, &why, err));
    *rekeyed = why != NULL;
    *push_from = why ? 1 : position->decided + 1;
    return why ? replica_rekey(replica, why, err) : OK;
}
