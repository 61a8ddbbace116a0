/* Drafts are not stored: after each change of the replica they are made anew, by replaying what the hub has
 * not decided, in the order of the outbox. So nothing old can mask what the hub decided. */
#include "common/replica/view_inside.h"

#include "common/wire/secret.h"
#include "common/wire/wire.h"

static Status is_decided(View *view, Str id, bool *out, Err *err) {
    AUTO(stmt_reset_auto) Stmt *state = reader_statement(view, STMT_op_state);
    stmt_bind_text(state, 1, id);
    TRY(stmt_step(state, out, err));
    if (*out) *out = !stmt_is_null(state, 0);
    return OK;
}

Status replay_judge(View *view, const RuleOp *op, Arena *arena, Verdict *out, Err *err) {
    RuleContext context = {.now = clock_wall(view->clock),
                           .device = view->identity.device,
                           .granted = view->granted,
                           .granted_count = view->granted_count,
                           .keyed_hash = keyed_hash_hex,
                           .secret = view->secret};
    AUTO(tx_end) Tx *tx = NULL;
    TRY(tx_savepoint(&tx, view->reader.db, err));
    TRY(rules_judge(&view->writing.records, &context, op, arena, out, err));
    return tx_commit(tx, err);
}

/* ---- what sealed ops say ---- */
void replay_keep_clear(View *view, const RuleOp *op) {
    AUTO(buf_free) Buf text = buf_new(OP_BODY_MAX);
    Arena *arena = view->clear_arena;
    ClearArgs *clear = ARENA_NEW(arena, ClearArgs);
    json_write(&text, op->args);
    *clear = (ClearArgs){view->clear, str_copy(arena, op->id), str_copy(arena, buf_str(&text))};
    view->clear = clear;
    secret_wipe(text.at, text.len);
}

static const Json *clear_args(View *view, Str id, Arena *arena) {
    Json *args = NULL;
    for (const ClearArgs *clear = view->clear; clear; clear = clear->next)
        if (str_equal(clear->op, id) && json_parse(arena, clear->args, &args, NULL) == OK) return args;
    return NULL;
}

/* ---- replaying ---- */
static bool read_op(Arena *arena, Str id, Str body, RuleOp *out) {
    Json *map = NULL;
    if (json_parse(arena, body, &map, NULL) != OK || map->type != JSON_MAP_T) return false;
    const Json *args = json_get(map, "args");
    *out = (RuleOp){.id = id,
                    .name = json_get_text(map, "op"),
                    .at = json_get_int(map, "at", 0),
                    .by = json_get_text(map, "by"),
                    .auth = json_get_text(map, "auth"),
                    .args = args && args->type == JSON_MAP_T ? args : json_new_map(arena)};
    return out->name.at != NULL;
}

/* An op that cannot be predicted waits all the same; only what the file itself says against it stops the
 * replay. */
static Status replay_op(View *view, Arena *arena, Str id, Str body, Err *err) {
    RuleOp op = {0};
    Verdict verdict = VERDICT_none;
    if (!read_op(arena, id, body, &op)) return OK;
    if (rules_seal(op.name)) op.args = clear_args(view, id, arena);
    if (!op.args) return OK; /* of somebody who has left */
    Status status = replay_judge(view, &op, arena, &verdict, err);
    return status == E_CORRUPT || status == E_IO ? status : OK;
}

/* An outbox that cannot be read on says nothing against the replica. */
static Status replay_rows(View *view, Stmt *ops, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Err unreadable = {0};
    for (bool row = true, decided = false;;) {
        if (stmt_step(ops, &row, &unreadable) != OK) {
            outbox_tell(view, &unreadable);
            return OK;
        }
        if (!row) return OK;
        arena_reset(arena);
        Str id = str_copy(arena, stmt_text(ops, 0));
        TRY(is_decided(view, id, &decided, err));
        if (decided) continue;
        view->pending++;
        TRY(replay_op(view, arena, id, stmt_text(ops, 1), err));
    }
}

Status replay_note_drafted(View *view, Err *err) {
    AUTO(stmt_reset_auto) Stmt *kinds = reader_statement(view, STMT_draft_kinds);
    view->reader.drafted = 0;
    for (bool row = true;;) {
        TRY(stmt_step(kinds, &row, err));
        if (!row) return OK;
        Kind kind = kind_from_name(stmt_text(kinds, 0));
        if (kind != K_unknown) view->reader.drafted |= KIND_BIT(kind);
    }
}

Status replay_drafts(View *view, Err *err) {
    TRY(stmt_run(reader_statement(view, STMT_drafts_clear), err));
    TRY(stmt_run(reader_statement(view, STMT_facts_clear), err));
    view->pending = 0;
    view->reader.drafted = 0;
    if (!view->outbox) return OK;
    Err local = {0};
    AUTO(stmt_close_auto) Stmt *ops = NULL;
    Status status = stmt_open(&ops, view->outbox, "SELECT id, body FROM op ORDER BY pos", &local);
    if (status != OK) {
        outbox_tell(view, &local);
        return OK;
    }
    TRY(replay_rows(view, ops, err));
    return replay_note_drafted(view, err);
}
