/* The body of a push (PROTOCOL 4): header, and the ops of the outbox under their numbers. */
#include "common/replica/inside.h"

/* A header and LF beside the ops. */
enum { PUSH_HEADER_MAX = 1024, PUSH_OPS_BYTES_MAX = PUSH_BYTES_MAX - PUSH_HEADER_MAX };

typedef struct Push {
    Replica *replica;
    Arena *arena;
    Stmt *body; /* by id, of the outbox */
    Str epoch;
    PushBody *out;
    size_t max_ops;
} Push;

static Status write_header(Push *push, Buf *text, Err *err) {
    OpsHeader header = {.time = clock_wall(push->replica->clock)};
    TRY(meta_text(push->replica, META_DEVICE, push->arena, &header.device, err));
    TRY(meta_text(push->replica, META_INCARNATION, push->arena, &header.incarnation, err));
    TRY(meta_int(push->replica, META_DECIDED, 0, &header.seen, err));
    ops_header_write(text, &header);
    return OK;
}

/* An op that another life of the hub had decided says so: the fleet heals the hub (PROTOCOL 5). */
static void write_was(const Push *push, Buf *line, Stmt *state) {
    Str code = stmt_text(state, 4), epoch = stmt_text(state, 5);
    if (!code.at || !epoch.at || !push->epoch.at || str_equal(epoch, push->epoch) || line->len < 2) return;
    line->len -= 2; /* "}\n" */
    buf_add_cstr(line, ",\"was\":{\"epoch\":");
    json_write_text(line, epoch);
    buf_add_cstr(line, ",\"code\":");
    json_write_text(line, code);
    buf_add_cstr(line, "}}\n");
}

/* *row false: the op is gone from the outbox; what is behind it cannot be sent either. */
static Status write_op(Push *push, Stmt *state, Buf *line, bool *row, Err *err) {
    stmt_reset(push->body);
    stmt_bind_text(push->body, 1, stmt_text(state, 1));
    TRY(stmt_step(push->body, row, err));
    if (!*row) return OK;
    op_line_write(line, stmt_int(state, 0), stmt_text(state, 1), stmt_text(state, 2),
                  stmt_text(push->body, 0));
    write_was(push, line, state);
    return OK;
}

static Status write_ops(Push *push, int64_t from, Buf *text, Err *err) {
    AUTO(buf_free) Buf line = buf_new(OP_LINE_MAX);
    AUTO(stmt_reset_auto) Stmt *states = statement(push->replica, STMT_op_from);
    stmt_bind_int(states, 1, from);
    stmt_bind_int(states, 2, (int64_t)push->max_ops);
    for (bool row = true;;) {
        TRY(stmt_step(states, &row, err));
        if (!row || stmt_int(states, 0) != from + (int64_t)push->out->count) return OK;
        buf_clear(&line);
        TRY(write_op(push, states, &line, &row, err));
        if (!row || line.over || text->len + line.len > PUSH_OPS_BYTES_MAX) return OK;
        buf_add(text, buf_str(&line));
        push->out->count++;
        push->out->last_n = stmt_int(states, 0);
    }
}

static Status push_from(Push *push, Db *outbox, int64_t from, Err *err) {
    AUTO(stmt_close_auto) Stmt *body = NULL;
    AUTO(buf_free) Buf text = buf_new(PUSH_BYTES_MAX);
    TRY(stmt_open(&body, outbox, "SELECT body FROM op WHERE id = ?1", err));
    push->body = body;
    if (!push->epoch.len) TRY(meta_text(push->replica, META_EPOCH, push->arena, &push->epoch, err));
    TRY(write_header(push, &text, err));
    TRY(write_ops(push, from, &text, err));
    push->out->text = str_copy(push->arena, buf_str(&text));
    return OK;
}

Status replica_push_body(Replica *replica, Str epoch, int64_t from, size_t max_ops, Arena *arena,
                         PushBody *out, Err *err) {
    Db *outbox = NULL;
    *out = (PushBody){.first_n = from};
    TRY(outbox_look(replica, &outbox, err));
    if (!outbox) return OK;
    Push push = {.replica = replica,
                 .arena = arena,
                 .epoch = epoch,
                 .out = out,
                 .max_ops = max_ops < PUSH_OPS_MAX ? max_ops : PUSH_OPS_MAX};
    return push_from(&push, outbox, from, err);
}
