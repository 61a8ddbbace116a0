/* Refusals that a person has not been told yet: they left before the hub decided. */
#include "common/replica/view_inside.h"

#define UNTOLD                                                                                               \
    "SELECT id, body->>'op', body->'args'->>'event' FROM op WHERE body->>'by' = ?1 AND id NOT IN (SELECT "   \
    "id "                                                                                                    \
    "FROM told) ORDER BY pos"

static Status take_refusal(View *view, Stmt *op, Arena *arena, Refusal *out, size_t *count, Err *err) {
    OpStatus status;
    Str id = str_copy(arena, stmt_text(op, 0));
    TRY(view_op_status(view, id, &status, err));
    if (!status.decided || !verdict_is_rejection(status.verdict)) return OK;
    out[(*count)++] =
        (Refusal){id, str_copy(arena, stmt_text(op, 1)), str_copy(arena, stmt_text(op, 2)), status.verdict};
    return OK;
}

Status view_refusals(View *view, Str person, Arena *arena, Refusal **out, size_t *count, Err *err) {
    AUTO(stmt_close_auto) Stmt *op = NULL;
    *out = ARENA_ARRAY(arena, Refusal, REFUSALS_MAX);
    *count = 0;
    if (!view->outbox || !view->outbox_writes) return OK;
    TRY(stmt_open(&op, view->outbox, UNTOLD, err));
    stmt_bind_text(op, 1, person);
    for (bool row = true; *count < REFUSALS_MAX;) {
        TRY(stmt_step(op, &row, err));
        if (!row) return OK;
        TRY(take_refusal(view, op, arena, *out, count, err));
    }
    return OK;
}

Status view_mark_told(View *view, Str op_id, Err *err) {
    AUTO(stmt_close_auto) Stmt *insert = NULL;
    if (!view->outbox_writes) return err_set(err, E_READONLY, "%s", view->outbox_text);
    TRY(stmt_open(&insert, view->outbox, "INSERT OR IGNORE INTO told(id) SELECT id FROM op WHERE id = ?1",
                  err));
    stmt_bind_text(insert, 1, op_id);
    return stmt_run(insert, err);
}
