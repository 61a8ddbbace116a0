/* What only the technician looks at: scopes and their sums, the hours of the link, what syncd answered. */
#include "common/replica/view_inside.h"

enum { SCOPES_SHOWN_MAX = 2048 };

Status view_scopes(View *view, Arena *arena, ViewScope **out, size_t *count, Err *err) {
    AUTO(stmt_reset_auto) Stmt *scopes = reader_statement(view, STMT_scope_sums);
    *out = ARENA_ARRAY(arena, ViewScope, SCOPES_SHOWN_MAX);
    *count = 0;
    for (bool row = true; *count < SCOPES_SHOWN_MAX;) {
        TRY(stmt_step(scopes, &row, err));
        if (!row) return OK;
        (*out)[(*count)++] = (ViewScope){.scope = str_copy(arena, stmt_text(scopes, 0)),
                                         .count = stmt_int(scopes, 1),
                                         .sum = str_copy(arena, stmt_text(scopes, 2)),
                                         .loading = stmt_int(scopes, 3) != 0,
                                         .fault = str_copy(arena, stmt_text(scopes, 4))};
    }
    return OK;
}

Status view_links(View *view, Arena *arena, ViewLink **out, size_t *count, Err *err) {
    AUTO(stmt_reset_auto) Stmt *links = reader_statement(view, STMT_link);
    stmt_bind_int(links, 1, VIEW_LINKS_MAX);
    *out = ARENA_ARRAY(arena, ViewLink, VIEW_LINKS_MAX);
    *count = 0;
    for (bool row = true; *count < VIEW_LINKS_MAX;) {
        TRY(stmt_step(links, &row, err));
        if (!row) return OK;
        Str text = str_copy(arena, stmt_text(links, 1));
        (*out)[(*count)++] = (ViewLink){.at = stmt_int(links, 0), .text = text.len ? text : (Str){0}};
    }
    return OK;
}

Status view_last_answer(View *view, Arena *arena, ViewAnswer *out, Err *err) {
    AUTO(stmt_close_auto) Stmt *last = NULL;
    bool row = false;
    *out = (ViewAnswer){0};
    if (!view->outbox) return OK;
    TRY(stmt_open(&last, view->outbox, "SELECT id, verb FROM request ORDER BY id DESC LIMIT 1", err));
    TRY(stmt_step(last, &row, err));
    if (!row) return OK;
    out->verb = str_copy(arena, stmt_text(last, 1));
    AUTO(stmt_reset_auto) Stmt *answer = reader_statement(view, STMT_answer);
    stmt_bind_int(answer, 1, stmt_int(last, 0));
    TRY(stmt_step(answer, &row, err));
    if (!row) return OK;
    out->state = str_copy(arena, stmt_text(answer, 0));
    out->text = str_copy(arena, stmt_text(answer, 1));
    return OK;
}
